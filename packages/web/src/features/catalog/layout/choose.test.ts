import { defaultPages, type Entity } from '@callboard/model';
import { describe, expect, it } from 'vitest';
import { choosePage, holds } from './choose.ts';

const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'shop', annotations: { 'a.b/c': '' }, labels: { tier: '1' }, tags: ['go'] },
  spec: { type: 'Service', nested: { deep: false } },
  relations: [{ type: 'dependsOn', targetRef: 'resource:default/db' }],
};
const known = { tabs: ['relations', 'history', 'ci:runs'], cards: ['owner', 'links', 'ci:last'] };

describe('the layout of a page', () => {
  it('comes tab by tab from the first that fits', () => {
    const pages = [
      { kind: 'api', tabs: ['source'] },
      { type: 'service', when: { annotation: 'not/there' }, cards: ['links'] },
      {
        kind: 'COMPONENT',
        type: ['library', 'service'],
        cards: [{ card: 'owner', title: 'Who', width: 'half' as const }],
      },
      { tabs: ['overview', { tab: 'relations', label: 'Dependencies' }], cards: ['links'] },
    ];
    expect(choosePage(pages, entity, known)).toEqual([
      { id: 'overview', cards: [{ width: 'half', stacked: false, cards: [{ id: 'owner', title: 'Who' }] }] },
      { id: 'relations', label: 'Dependencies' },
    ]);
  });

  it('puts what nobody named where it says more', () => {
    const pages = [
      {
        tabs: ['history', 'more', { tab: 'own', label: 'Own', cards: ['links'] }],
        cards: ['owner', { width: 'full' as const, cards: ['more'] }],
      },
    ];
    expect(choosePage(pages, entity, known)).toEqual([
      { id: 'history' },
      { id: 'relations' },
      { id: 'ci:runs' },
      { id: 'own', label: 'Own', cards: [{ width: 'third', stacked: false, cards: [{ id: 'links' }] }] },
    ]);
    expect(choosePage([{ cards: ['owner', { cards: ['more'] }] }], entity, known)).toEqual([
      {
        id: 'overview',
        cards: [
          { width: 'third', stacked: false, cards: [{ id: 'owner' }] },
          { width: 'third', stacked: true, cards: [{ id: 'links' }, { id: 'ci:last' }] },
        ],
      },
    ]);
  });

  it('leaves out tabs and cards whose condition does not hold', () => {
    const when = { relation: 'providesApi' };
    const pages = [
      {
        tabs: ['overview', { tab: 'relations', when }],
        cards: [{ card: 'owner', when }, { cards: ['links'], when }, 'links'],
      },
    ];
    expect(choosePage(pages, entity, known)).toEqual([
      { id: 'overview', cards: [{ width: 'third', stacked: false, cards: [{ id: 'links' }] }] },
    ]);
  });

  it('has an overview for every entity by default, another one for groups', () => {
    const cardsOf = (kind: string) =>
      choosePage(defaultPages, { ...entity, kind }, known)[0]?.cards?.flatMap(({ cards }) => cards.map(({ id }) => id));
    expect(cardsOf('Widget')).toContain('owner');
    expect(cardsOf('Group')).toContain('team');
    expect(cardsOf('Group')).not.toContain('relations');
  });
});

describe('a condition', () => {
  it.each([
    [{ annotation: 'a.b/c' }, true],
    [{ annotation: 'a.b' }, false],
    [{ annotation: ['x', 'a.b/c'] }, true],
    [{ label: 'tier', tag: 'go' }, true],
    [{ label: 'tier', tag: 'java' }, false],
    [{ relation: 'dependsOn' }, true],
    [{ field: 'spec.nested.deep' }, true],
    [{ field: 'spec.nested.deeper' }, false],
    [{}, true],
  ])('%j: %s', (when, expected) => {
    expect(holds(when, entity)).toBe(expected);
  });
});
