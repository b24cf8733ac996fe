import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal } from '../../../testing/portal.ts';
import type { TestPortal } from '../../../testing/portal.ts';

const entity = (kind: string, name: string, spec: string, more = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name}${more} }\nspec: { ${spec} }\n`;
const component = (name: string, type: string, owner: string, more = '') =>
  entity('Component', name, `type: ${type}, lifecycle: production, owner: ${owner}`, more);

const descriptors = [
  entity('Group', 'all', 'type: organization, children: []'),
  entity('Group', 'trade', 'type: department, parent: all, children: []'),
  entity('Group', 'shop', 'type: team, parent: trade, children: []'),
  entity('Group', 'ring-a', 'type: team, parent: ring-b, children: []'),
  entity('Group', 'ring-b', 'type: team, parent: ring-a, children: []'),
  entity('User', 'ada', 'memberOf: [shop]'),
  component('cart', 'service', 'shop', ', description: Holds what is bought, tags: [go]'),
  component('cart-lib', 'library', 'trade'),
  component('till', 'service', 'ring-a', ', tags: [go]'),
  component('notes', 'service', 'user:ada', ', description: About the CART'),
  component('old', 'service', 'nobody'),
].join('---\n');

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await place(), files: { 'catalog-info.yaml': descriptors } });
  });
  afterAll(async () => portal.stop());

  const facets = async (body: object) => {
    const { status, body: answer } = await portal.send('POST', '/api/catalog/entity-facets', body);
    expect(status, JSON.stringify(answer)).toBe(200);
    return Object.fromEntries(
      Object.entries(answer.facets).map(([path, values]: [string, any]) => [
        path,
        Object.fromEntries(values.map(({ value, count }: any) => [value, count])),
      ]),
    );
  };

  test('facets count what a text filter leaves', async () => {
    const fields = ['metadata.name', 'metadata.description', 'metadata.tags'];
    const ask = { facets: ['spec.type', 'metadata.tags', 'relations.ownedBy'], query: { kind: 'component' } };
    expect(await facets({ ...ask, fullTextFilter: { term: ' Cart ', fields } })).toEqual({
      'spec.type': { service: 2, library: 1 },
      'metadata.tags': { go: 1 },
      'relations.ownedBy': { 'group:default/shop': 1, 'group:default/trade': 1, 'user:default/ada': 1 },
    });
    expect(await facets({ facets: ['kind'], fullTextFilter: { term: 'all', fields: ['metadata.name'] } })).toEqual({
      kind: { Group: 1 },
    });
    expect(await facets({ facets: ['kind'], fullTextFilter: { term: ' ', fields } })).toEqual({
      kind: { Component: 5, Group: 5, Location: 1, User: 1 },
    });
    expect(await facets({ ...ask, facets: ['kind'], fullTextFilter: { term: 'zzz', fields } })).toEqual({ kind: {} });
    const refused = await portal.send('POST', '/api/catalog/entity-facets', {
      facets: ['kind'],
      fullTextFilter: { term: 'a', words: [] },
    });
    expect(refused.status).toBe(400);
  });

  test('a facet within counts each group with the groups below it, each entity once', async () => {
    const path = 'relations.ownedBy.within';
    const counts = (await facets({ facets: [path], query: { kind: 'component' } }))[path];
    expect(counts).toEqual({
      'group:default/all': 2,
      'group:default/trade': 2,
      'group:default/shop': 1,
      'group:default/ring-a': 1,
      'group:default/ring-b': 1,
      'group:default/nobody': 1,
      'user:default/ada': 1,
    });
    for (const [owner, count] of Object.entries(counts ?? {}).filter(([ref]) => ref.startsWith('group:'))) {
      const query = { kind: 'component', [path]: owner };
      const { body } = await portal.send('POST', '/api/catalog/entities/by-query', { query, limit: 0 });
      expect([owner, body.totalItems]).toEqual([owner, count]);
    }
    // Also where few entities are looked up first.
    expect(await facets({ facets: [path], query: { 'metadata.tags': 'go' } })).toEqual({
      [path]: {
        'group:default/all': 1,
        'group:default/trade': 1,
        'group:default/shop': 1,
        'group:default/ring-a': 1,
        'group:default/ring-b': 1,
      },
    });
  });
});
