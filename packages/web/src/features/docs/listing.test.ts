import type { DocsSummary } from '@callboard/model/http';
import { expect, test } from 'vitest';
import { chooseSites, valuesOf } from './listing.ts';
import { readListing, writeListing } from './question.ts';

const site = (name: string, more: Partial<DocsSummary> = {}): DocsSummary => ({
  entityRef: `component:default/${name}`,
  title: name,
  kind: 'Component',
  tags: [],
  problems: 0,
  ...more,
});
const sites = [
  site('bosun', { type: 'cli', tags: ['go'], problems: 2, owner: { ref: 'group:default/platform', name: 'Platform' } }),
  site('café', { type: 'service', changedAt: '2026-01-02T00:00:00.000Z' }),
  site('ledger', { type: 'service', kind: 'System', changedAt: '2026-03-02T00:00:00.000Z', description: 'Money' }),
];
const personal = {
  owned: new Set(['component:default/ledger']),
  starred: new Set(['component:default/bosun']),
  recent: ['component:default/ledger', 'component:default/bosun'],
};
const names = (search: Record<string, string>) =>
  chooseSites(sites, readListing(search), personal).map(({ title }) => title);

test('the address holds what is asked, and nothing else', () => {
  const search = { q: 'a', show: 'owned', sort: 'changed', owner: 'group:default/a', kind: 'system', type: 'x' };
  expect(writeListing(readListing(search))).toEqual(search);
  expect(writeListing(readListing({ show: 'nonsense', sort: 'title', q: ' ' }))).toEqual({});
});

test('sites are chosen by words, values and person', () => {
  expect(names({})).toEqual(['bosun', 'café', 'ledger']);
  expect(names({ q: 'CAFE' })).toEqual(['café']);
  expect(names({ q: 'plat go' })).toEqual(['bosun']);
  expect(names({ type: 'service', kind: 'system' })).toEqual(['ledger']);
  expect(names({ owner: 'group:default/platform' })).toEqual(['bosun']);
  expect(names({ show: 'owned' })).toEqual(['ledger']);
  expect(names({ show: 'starred' })).toEqual(['bosun']);
  expect(names({ show: 'recent' })).toEqual(['ledger', 'bosun']);
  expect(names({ sort: 'changed' })).toEqual(['ledger', 'café', 'bosun']);
  expect(names({ sort: 'problems' })).toEqual(['bosun', 'café', 'ledger']);
});

test('values are counted', () => {
  expect(valuesOf(sites, ({ type }) => (type ? { value: type, label: type } : undefined))).toEqual([
    { value: 'cli', label: 'cli', count: 1 },
    { value: 'service', label: 'service', count: 2 },
  ]);
});
