import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from '../../core/router/search.ts';
import { chooseKind, cleanSearch, isNarrowed, noFilters, readFilters, toggleFacet, writeFilters } from './filters.ts';

const canonical = (query: string) => stringifySearch(writeFilters(readFilters(parseSearch(query))));

describe('filters in the URL', () => {
  it('keeps the clean form as it is', () => {
    const query =
      '?kind=component&type=service&type=library&owner=group:default/payments&lifecycle=production&tag=java&q=pay&sort=-owner';
    expect(canonical(query)).toBe(query);
  });

  it('writes no defaults', () => {
    expect(canonical('?kind=all&sort=name&q=&type=')).toBe('');
    expect(cleanSearch(writeFilters(noFilters()))).toEqual({});
  });

  it('reads the addresses that Backstage makes', () => {
    expect(
      canonical(
        '?filters%5Bkind%5D=Component&filters%5Buser%5D=all&filters%5Bowners%5D%5B0%5D=payments&filters%5Bowners%5D%5B1%5D=user%3Aada&filters%5Btags%5D=go&filters%5Blifecycles%5D%5B%5D=production&filters%5Btext%5D=led&limit=20',
      ),
    ).toBe('?kind=component&owner=group:default/payments&owner=user:default/ada&lifecycle=production&tag=go&q=led');
  });

  it('says every owner in one way', () => {
    expect(readFilters({ owner: ['Payments', 'group:default/payments', 'group:Team/a:b'] }).chosen.owner).toEqual([
      'group:default/payments',
      'group:team/a:b',
    ]);
  });

  it('drops values that are given twice or empty', () => {
    expect(readFilters({ tag: ['a', ' a ', '', 'b'] }).chosen.tag).toEqual(['a', 'b']);
  });
});

describe('changing filters', () => {
  it('adds a value and takes it away again, whatever its case', () => {
    const once = toggleFacet(noFilters(), 'type', 'service');
    expect(once.chosen.type).toEqual(['service']);
    expect(isNarrowed(once)).toBe(true);
    expect(toggleFacet(once, 'type', 'Service').chosen.type).toEqual([]);
  });

  it('drops the types of another kind and keeps the owner', () => {
    const before = readFilters({ kind: 'component', type: 'service', owner: 'payments' });
    const after = chooseKind(before, 'api');
    expect(after.kind).toBe('api');
    expect(after.chosen.type).toEqual([]);
    expect(after.chosen.owner).toEqual(['group:default/payments']);
  });

  it('does not call a kind alone narrowed', () => {
    expect(isNarrowed(readFilters({ kind: 'api' }))).toBe(false);
  });
});
