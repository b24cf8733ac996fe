import { expect, it } from 'vitest';
import { noFilters } from '../filters.ts';
import { toPredicate } from '../queries.ts';
import { groupsOf, within } from './groups.ts';

const counts = [
  { value: 'component:default/cart', count: 1 },
  { value: 'domain:default/trade', count: 2 },
  { value: 'system:default/checkout', count: 3 },
  { value: 'system:default/archive', count: 4 },
  { value: 'system:default/lost', count: 1 },
];
const brief = (groups: ReturnType<typeof groupsOf>) => groups.map(({ key, count }) => [key, count]);

it('has a group for each owner, by name, and one for what has none', () => {
  const owners = [
    { value: 'group:default/b', count: 2 },
    { value: 'user:default/a', count: 1 },
  ];
  expect(brief(groupsOf('owner', 5, owners))).toEqual([
    ['user:default/a', 1],
    ['group:default/b', 2],
    ['', 2],
  ]);
  expect(brief(groupsOf('owner', 3, owners)).at(-1)).toEqual(['group:default/b', 2]);
});

it('takes only systems for systems', () => {
  expect(brief(groupsOf('system', 10, counts))).toEqual([
    ['system:default/archive', 4],
    ['system:default/checkout', 3],
    ['system:default/lost', 1],
    ['', 2],
  ]);
});

it('finds the domain of what is in a system', () => {
  const systems = [
    { entityRef: 'system:default/checkout', parent: 'domain:default/trade' },
    { entityRef: 'system:default/archive', parent: 'domain:default/records' },
    { entityRef: 'system:default/lost' },
  ];
  const groups = groupsOf('domain', 11, counts, { systems });
  expect(brief(groups)).toEqual([
    ['domain:default/records', 4],
    ['domain:default/trade', 5],
    ['', 2],
  ]);
  expect(groups[1].condition).toEqual({
    'relations.partOf': { $in: ['domain:default/trade', 'system:default/checkout'] },
  });
  expect(groups[2].condition).toEqual({
    $not: {
      'relations.partOf': { $in: ['domain:default/trade', 'system:default/checkout', 'system:default/archive'] },
    },
  });
});

it('asks for one group within the question', () => {
  const [group] = groupsOf('owner', 1, [{ value: 'group:default/b', count: 1 }]);
  expect(toPredicate(within({ ...noFilters(), kind: 'api', restriction: { a: 'b' } }, group))).toEqual({
    $all: [{ $all: [{ a: 'b' }, { 'relations.ownedBy': { $in: ['group:default/b'] } }] }, { kind: 'api' }],
  });
});
