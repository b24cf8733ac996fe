import type { Entity } from '@callboard/model';
import type { QueryEntitiesResponse } from '@callboard/model/http';
import { request } from '../../../core/api/index.ts';
import { refOf, valueAt } from '../entity.ts';
import { asTexts, pathsOf, type Column } from '../columns.tsx';
import { questionBody, type Question } from '../queries.ts';
import { csvLine } from './csv.ts';

const base = '/api/catalog/entities';
const atOnce = 1000;

type Wanted = { fields?: string[]; signal: AbortSignal; atOnce?: number };

/** Every entity of a list, page after page: what comes or goes meanwhile neither shifts nor repeats the others. */
export async function* readAll(question: Question, wanted: Wanted): AsyncGenerator<Entity[]> {
  const { fields, signal, atOnce: limit = atOnce } = wanted;
  let cursor: string | undefined;
  do {
    const body = cursor === undefined ? { ...questionBody(question), limit, fields } : { cursor, limit, fields };
    const page = await request<QueryEntitiesResponse>(`${base}/by-query`, { method: 'POST', body, signal });
    yield page.items;
    cursor = page.pageInfo.nextCursor;
  } while (cursor !== undefined);
}

/** Entities by their references, in that order; those that have gone are left out. */
export async function* readRefs(refs: string[], { fields, signal }: Wanted): AsyncGenerator<Entity[]> {
  for (let start = 0; start < refs.length; start += atOnce) {
    const body = { entityRefs: refs.slice(start, start + atOnce), fields };
    const { items } = await request<{ items: (Entity | null)[] }>(`${base}/by-refs`, { method: 'POST', body, signal });
    yield items.filter((item) => item !== null);
  }
}

/** The references of every entity of a list. */
export async function allRefs(question: Question, signal: AbortSignal): Promise<string[]> {
  const refs: string[] = [];
  const fields = ['kind', 'metadata.name', 'metadata.namespace'];
  for await (const page of readAll(question, { fields, signal, atOnce: 10_000 })) refs.push(...page.map(refOf));
  return refs;
}

export type Format = 'csv' | 'json';

/** What the columns show of an entity, as text, after its reference. */
export const csvRow = (entity: Entity, columns: Column[]): string =>
  csvLine([
    refOf(entity),
    ...pathsOf(columns).map((path) =>
      path === 'status'
        ? (entity.status?.items ?? []).map(({ message }) => message).join('; ')
        : asTexts(valueAt(entity, path)).join(', '),
    ),
  ]);

/** A file of pages of entities, made piece by piece. `tell` hears how many are in it. */
export async function toFile(
  pages: AsyncIterable<Entity[]>,
  format: Format,
  columns: Column[],
  tell: (count: number) => void,
): Promise<Blob> {
  // What plugins say stands nowhere in the catalog, and is asked for the rows of a screen only.
  const inCatalog = columns.filter(({ path }) => path !== undefined);
  // Spreadsheets take a file for UTF-8 only if it begins with this mark.
  const head = `\u{FEFF}${csvLine(['Reference', ...inCatalog.map(({ label }) => label)])}`;
  const pieces: BlobPart[] = [format === 'csv' ? head : '['];
  let count = 0;
  for await (const page of pages) {
    if (page.length > 0) {
      const lines =
        format === 'csv'
          ? page.map((entity) => csvRow(entity, inCatalog)).join('')
          : `${count === 0 ? '\n' : ',\n'}${page.map((entity) => JSON.stringify(entity)).join(',\n')}`;
      // A Blob of its own lets the browser move a large file out of memory.
      pieces.push(new Blob([lines]));
    }
    count += page.length;
    tell(count);
  }
  if (format === 'json') pieces.push(count === 0 ? ']\n' : '\n]\n');
  return new Blob(pieces, { type: format === 'csv' ? 'text/csv' : 'application/json' });
}

/** Hands a file to whoever sits there. */
export function offer(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
