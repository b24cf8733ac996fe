import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from '../../../core/router/search.ts';
import { readGraphSearch, writeGraphSearch } from './settings.ts';

const clean = (address: string) => stringifySearch(writeGraphSearch(readGraphSearch(parseSearch(address))));

describe('the address of a graph', () => {
  it('is Backstage’s, with defaults left out', () => {
    expect(
      clean(
        '?rootEntityRefs%5B%5D=component%3Adefault%2Fwayback&maxDepth=2&selectedKinds%5B%5D=component&selectedKinds%5B%5D=api' +
          '&selectedRelations%5B%5D=dependsOn&unidirectional=true&mergeRelations=true&direction=TB&showFilters=true&curve=curveMonotoneX',
      ),
    ).toBe(
      '?rootEntityRefs[]=component:default/wayback&maxDepth=2&selectedKinds[]=component&selectedKinds[]=api&selectedRelations[]=dependsOn&unidirectional=true&direction=TB',
    );
  });

  it('takes refs in any case and numbered parameters, and leaves out what makes no sense', () => {
    expect(
      readGraphSearch(parseSearch('?rootEntityRefs[0]=API:Shop&rootEntityRefs[1]=:&maxDepth=-1&direction=up&follow=x')),
    ).toEqual({
      roots: ['api:default/shop'],
      depth: 1,
      follow: 'both',
      kinds: [],
      relations: [],
      outward: false,
      merge: true,
      layout: 'LR',
    });
  });

  it.each([
    ['∞', 4],
    ['Infinity', 4],
    ['9', 4],
    ['3', 3],
    ['none', 1],
  ])('bounds the depth %s', (text, depth) => {
    expect(readGraphSearch({ maxDepth: text }).depth).toBe(depth);
  });
});
