import type { Entity, JsonObject } from '@callboard/model';
import fc from 'fast-check';

/** A kind without rules, so that entities can have values of every sort. */
export const thingKind: JsonObject = {
  kind: 'Thing',
  plural: 'things',
  apiVersions: ['example.com/v1'],
  schema: { type: 'object' },
  relations: [
    { field: 'owner', type: 'ownedBy', inverse: 'ownerOf', defaultKind: 'Group' },
    { field: 'watches', type: 'watches', inverse: 'watchedBy', defaultKind: 'Thing' },
    { field: 'friends', type: 'friendOf', inverse: 'friendOf', defaultKind: 'Thing' },
  ],
};

const texts = [
  'Payments',
  'payments',
  'Ärger mit Ümläuten',
  'ärger MIT ümläuten',
  'rocket 🚀 launch',
  '100% sure',
  '100 percent',
  'snake_case',
  'snakeXcase',
  'back\\slash',
  'quote\'s "both"',
  '',
  'a=b,c',
  'zz',
  `${'long '.repeat(60)}end`,
  `${'LONG '.repeat(60)}other end`,
  'x'.repeat(2000),
  `${'x'.repeat(255)}y`,
  'x'.repeat(200),
] as const;

const names = ['Alpha', 'alpha', 'beta', 'Gamma.1', 'delta_x', 'e-f'] as const;
const tags = ['java', 'go', 'c++', 'a:b', 'rust', 'data-mesh'] as const;
const owners = [
  'team-a',
  'Team-A',
  'group:default/team-b',
  'Group:shops/Team-C',
  'user:default/nobody',
  'gone',
] as const;
const count = 220;
const ref = fc.nat({ max: count + 5 }).map((index) => `thing:default/alpha-${index}`);
const some = <T>(values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const thing = fc.record({
  name: some(names),
  namespace: maybe(some(['default', 'shops'])),
  title: maybe(some(texts.filter((text) => text !== ''))),
  description: maybe(some(texts)),
  labels: maybe(fc.record({ tier: some(['1', '2', '10']), 'example.com/x': some(['', 'y']) }, { requiredKeys: [] })),
  annotations: maybe(fc.record({ note: some(texts), 'example.com/a.b': some(texts) }, { requiredKeys: [] })),
  tags: maybe(fc.uniqueArray(some(tags), { maxLength: 4 })),
  type: maybe(some(['service', 'Service', 'library', 'SERVICE-desk'])),
  lifecycle: maybe(some(['production', 'Experimental'])),
  owner: maybe(some(owners)),
  rank: maybe(fc.oneof(fc.integer({ min: -3, max: 12 }), fc.boolean(), fc.constant(null), some(['', '7', 'True']))),
  nested: maybe(
    fc.record(
      {
        a: fc.oneof(some(texts), fc.constant(null), fc.constant({})),
        list: fc.array(fc.oneof(some(['x', 'Y', 'b.c', 'true', 'y']), fc.record({ deep: some(['1', 'Two', '']) })), {
          maxLength: 4,
        }),
      },
      { requiredKeys: [] },
    ),
  ),
  watches: maybe(fc.uniqueArray(ref, { maxLength: 3 })),
  friends: maybe(fc.uniqueArray(ref, { maxLength: 2 })),
});

const without = (fields: JsonObject | Record<string, unknown>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;

/** A few hundred entities with values of every sort, the same for the same seed. */
export function company(seed: number): Entity[] {
  const things = fc
    .sample(thing, { seed, numRuns: count })
    .map(({ name, namespace, title, description, labels, annotations, tags: tagged, ...spec }, index) => ({
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: without({ name: `${name}-${index}`, namespace, title, description, labels, annotations, tags: tagged }),
      spec: without(spec),
    }));
  const groups = ['team-a', 'Team-B', 'lonely'].map((name) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', children: [] },
  }));
  return [...things, ...groups] as unknown as Entity[];
}

/** Keys that questions ask for: of every sort, in any case, and some that nothing has. */
export const keys = [
  'kind',
  'KIND',
  'apiVersion',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.Title',
  'metadata.description',
  'metadata.labels',
  'metadata.labels.tier',
  'metadata.labels.example.com/x',
  'metadata.annotations.note',
  'metadata.annotations.example.com/a.b',
  'metadata.tags',
  'metadata.tags.java',
  'metadata.tags.c++',
  'metadata.tags.a:b',
  'metadata.uid',
  'spec.type',
  'SPEC.TYPE',
  'spec.lifecycle',
  'spec.owner',
  'spec.rank',
  'spec.nested',
  'spec.nested.a',
  'spec.nested.list',
  'spec.nested.list.b.c',
  'spec.nested.list.y',
  'spec.nested.list.deep',
  'relations.ownedBy',
  'relations.ownedby',
  'relations.ownerOf',
  'relations.watches',
  'relations.watchedBy',
  'relations.friendOf',
  'relations.nothing',
  'spec.nothing',
  'nothing.at.all',
] as const;

/** Values that questions ask for. */
export const values = [
  ...texts,
  ...tags,
  'thing',
  'Group',
  'alpha-1',
  'ALPHA-7',
  'default',
  'shops',
  '1',
  '10',
  '7',
  'true',
  'false',
  'True',
  'service',
  'Production',
  'team-a',
  'group:default/team-a',
  'Group:Default/Team-B',
  'group:shops/team-c',
  'thing:default/alpha-3',
  'thing:default/alpha-11',
  'two',
  'y',
  'nothing',
] as const;
