import { describe, expect, it } from 'vitest';
import { noFilters, readFilters } from './filters.ts';
import { facetBodies, listBody, toPredicate } from './queries.ts';

describe('the question that filters ask', () => {
  it('asks for everything without a predicate', () => {
    expect(toPredicate(noFilters())).toBeUndefined();
  });

  it('asks for one kind', () => {
    expect(toPredicate(readFilters({ kind: 'API' }))).toEqual({ kind: 'api' });
  });

  it('takes values of one facet as alternatives and several facets together', () => {
    expect(toPredicate(readFilters({ kind: 'component', type: ['service', 'a,b=c'], owner: 'payments' }))).toEqual({
      $all: [
        { kind: 'component' },
        { 'spec.type': { $in: ['service', 'a,b=c'] } },
        { 'relations.ownedBy.within': { $in: ['group:default/payments'] } },
      ],
    });
  });

  it('takes a group with all below it, and a person alone', () => {
    expect(toPredicate(readFilters({ owner: ['payments', 'user:ada'] }))).toEqual({
      $any: [
        { 'relations.ownedBy.within': { $in: ['group:default/payments'] } },
        { relations: { $contains: { type: 'ownedBy', targetRef: { $in: ['user:default/ada'] } } } },
      ],
    });
  });

  it('sorts by what a column shows, then by name', () => {
    expect(listBody(readFilters({ sort: '-lifecycle' }), 2)).toMatchObject({
      limit: 100,
      offset: 200,
      orderBy: [
        { field: 'spec.lifecycle', order: 'desc' },
        { field: 'metadata.name', order: 'asc' },
      ],
    });
    expect(listBody(readFilters({ sort: ['owner', '-name', 'tags'] }), 0).orderBy).toEqual([
      { field: 'spec.owner', order: 'asc' },
      { field: 'metadata.name', order: 'desc' },
      { field: 'metadata.tags', order: 'asc' },
    ]);
    expect(listBody(noFilters(), 0).orderBy).toEqual([{ field: 'metadata.name', order: 'asc' }]);
    expect(listBody(readFilters({ sort: 'spec.tier' }), 0).orderBy[0]).toEqual({ field: 'spec.tier', order: 'asc' });
  });

  it('asks for the fields of a kind’s own columns', () => {
    expect(
      listBody(noFilters(), 0, ['spec.tier', 'spec.type']).fields.filter((field) => field.startsWith('spec.t')),
    ).toEqual(['spec.type', 'spec.tier']);
  });
});

describe('counting facets', () => {
  it('counts what the text leaves', () => {
    const bodies = facetBodies(readFilters({ q: 'tide' }));
    expect(bodies.map(({ body }) => body.fullTextFilter?.term)).toEqual(['tide', 'tide']);
    expect(bodies[0].body.fullTextFilter).toEqual(listBody(readFilters({ q: 'tide' }), 0).fullTextFilter);
  });

  it('counts a facet without its own choice and shares a call among the others', () => {
    const bodies = facetBodies(readFilters({ kind: 'component', type: 'service' }));
    expect(bodies.map(({ ids, body }) => [ids, body.facets, body.query])).toEqual([
      [['kind'], ['kind'], undefined],
      [
        ['owner', 'lifecycle', 'tag', 'namespace'],
        ['relations.ownedBy.within', 'spec.lifecycle', 'metadata.tags', 'metadata.namespace'],
        { $all: [{ kind: 'component' }, { 'spec.type': { $in: ['service'] } }] },
      ],
      [['type'], ['spec.type'], { kind: 'component' }],
    ]);
  });
});
