import type { Search } from '../../core/router/index.ts';

export const shows = ['all', 'owned', 'starred', 'recent'] as const;
export type Show = (typeof shows)[number];
export const orders = ['title', 'changed', 'problems'] as const;
export type Order = (typeof orders)[number];

/** What the list of documents is narrowed to; all of it lives in the address. */
export type Listing = { text: string; show: Show; order: Order; owner: string; kind: string; type: string };

const one = (value: string | string[] | undefined): string => [value ?? ''].flat()[0]!.trim();
const among = <Word extends string>(words: readonly Word[], said: string): Word =>
  words.find((word) => word === said) ?? words[0]!;

export const readListing = (search: Search): Listing => ({
  text: one(search['q']),
  show: among(shows, one(search['show'])),
  order: among(orders, one(search['sort'])),
  owner: one(search['owner']),
  kind: one(search['kind']).toLowerCase(),
  type: one(search['type']),
});

export function writeListing({ text, show, order, owner, kind, type }: Listing): Record<string, string> {
  const said = { q: text, show: show === 'all' ? '' : show, sort: order === 'title' ? '' : order, owner, kind, type };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''));
}
