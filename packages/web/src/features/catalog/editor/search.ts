import type { Search } from '../../../core/router/index.ts';

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

const positive = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;

/** What the address of the editor says: whose descriptor, and at which line it opens. */
export function readEditorSearch(search: Search): { entity?: string; problem?: number; line?: number } {
  const [entity, problem, line] = [
    one(search.entity)?.trim().toLowerCase(),
    positive(one(search.problem)),
    positive(one(search.line)),
  ];
  return {
    ...(entity && { entity }),
    ...(problem !== undefined && { problem }),
    ...(line !== undefined && { line }),
  };
}

/** The same as texts of an address. */
export const writeEditorSearch = (search: ReturnType<typeof readEditorSearch>): Record<string, string> =>
  Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));

/** "git:https://host/a/b/blob/main/x/y.yaml" → "x/y.yaml": the path as a patch names it, as far as the place tells. */
export function shortPath(location: string): string {
  const inRepository = /\/(?:blob|tree|raw|src|edit)\/(?:branch\/)?[^/]+\/([^?#]+)/.exec(location)?.[1];
  return (
    inRepository ??
    location
      .replace(/[?#].*$/, '')
      .split('/')
      .slice(-2)
      .join('/')
  );
}
