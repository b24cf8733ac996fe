import { expect, it } from 'vitest';
import { lastOfEach, sayChanges, withoutCrowd } from './changes.ts';

it('says what became what, and what a list has more and less', () => {
  const { sayings, more } = sayChanges([
    { path: 'spec.lifecycle', before: 'experimental', after: 'production' },
    {
      path: 'spec.dependsOn',
      before: ['resource:default/gauge'],
      after: ['resource:default/gauge', 'component:other/ledger'],
    },
    { path: 'metadata.tags', before: ['go'] },
  ]);
  expect(sayings).toEqual([
    { field: 'Lifecycle', before: 'experimental', after: 'production', added: [], removed: [] },
    { field: 'Depends on', added: ['other/ledger'], removed: [] },
  ]);
  expect(more).toBe(1);
});

it('only names what is too long to tell, and leaves out what the portal writes itself', () => {
  expect(
    sayChanges([
      { path: 'metadata.annotations.backstage.io/managed-by-location', before: 'a', after: 'b' },
      { path: 'metadata.description', before: 'x'.repeat(50), after: 'y' },
    ]),
  ).toEqual({ sayings: [{ field: 'Description', added: [], removed: [] }], more: 0 });
  expect(sayChanges([{ path: 'spec.owner', after: 'group:default/harbour' }]).sayings).toEqual([
    { field: 'Owner', added: [], removed: [] },
  ]);
});

it('tells only the last thing that happened to each', () => {
  const event = (id: number, subject: string) => ({ id, subject, at: '', type: 'catalog.entity.updated' });
  expect(lastOfEach([event(3, 'a'), event(2, 'b'), event(1, 'a')]).map(({ id }) => id)).toEqual([3, 2]);
});

it('tells a crowd of new things as one', () => {
  const event = (id: number, verb: string) => ({
    id,
    subject: `component:default/c${id}`,
    at: '',
    type: `catalog.entity.${verb}`,
  });
  const few = [event(1, 'created'), event(2, 'created'), event(3, 'created'), event(4, 'updated')];
  expect(withoutCrowd(few)).toEqual({ crowd: [], others: few });
  const many = [...few, event(5, 'created')];
  const { crowd, others } = withoutCrowd(many);
  expect([crowd.map(({ id }) => id), others.map(({ id }) => id)]).toEqual([[1, 2, 3, 5], [4]]);
});
