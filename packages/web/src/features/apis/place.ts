import type { ApiOverview } from '@callboard/model';

/** What of an API is shown; the part of the address behind # says it. */
export type Place =
  | { view: 'overview' }
  | { view: 'operation'; id: string }
  | { view: 'type'; id: string }
  | { view: 'text'; line: number | undefined }
  | { view: 'unknown'; id: string };

export const typeHash = (id: string) => `type/${id}`;
export const textHash = (line?: number) => (line === undefined ? 'text' : `text-L${line}`);

const decoded = (hash: string): string => {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
};

/** Operations are found by their id, and by verb and name, which is how others may link to them. */
export function readPlace(hash: string, overview: Pick<ApiOverview, 'lines' | 'typeLines'>): Place {
  const id = decoded(hash);
  if (id === '' || id === 'overview') return { view: 'overview' };
  const operation = overview.lines.find((line) => line.id === id || `${line.verb} ${line.name}` === id);
  if (operation) return { view: 'operation', id: operation.id };
  const [, text] = /^text(?:-L(\d+))?$/.exec(id) ?? [];
  if (id.startsWith('text') && (id === 'text' || text)) return { view: 'text', line: text ? Number(text) : undefined };
  const type = overview.typeLines.find((line) => typeHash(line.id) === id);
  return type ? { view: 'type', id: type.id } : { view: 'unknown', id };
}
