import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from '../../core/router/search.ts';
import {
  chooseKind,
  cleanSearch,
  defaultSort,
  isNarrowed,
  noFilters,
  readFilters,
  toggleFacet,
  toggleSort,
  writeFilters,
} from './filters.ts';

const canonical = (query: string) => stringifySearch(writeFilters(readFilters(parseSearch(query))));

describe('filters in the URL', () => {
  it('keeps the clean form as it is', () => {
    const query =
      '?kind=component&type=service&type=library&owner=group:default/payments&lifecycle=production&tag=java&q=pay&sort=-owner';
    expect(canonical(query)).toBe(query);
  });

  it('writes no defaults', () => {
    expect(canonical('?sort=name&q=&type=&show=all&group=&columns=')).toBe('');
    expect(canonical('?kind=all&tag=go')).toBe('?tag=go');
    expect(cleanSearch(writeFilters(noFilters()))).toEqual({ kind: 'all' });
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

describe('how the list is shown', () => {
  it('stays in the address: several columns to sort by, groups, columns', () => {
    const query = '?kind=api&show=owned&sort=owner&sort=-name&group=system&columns=owner,spec.tier,tags';
    expect(canonical(query)).toBe(query);
    expect(canonical('?kind=api&group=colour&show=mine&sort=-owner&sort=owner&columns=a,,a')).toBe(
      '?kind=api&sort=-owner&columns=a',
    );
  });

  it('leaves the kind to the page only where nothing is asked', () => {
    expect(readFilters({}).kind).toBeUndefined();
    expect(readFilters({ sort: '-name', group: 'owner' }).kind).toBeUndefined();
    expect(readFilters({ kind: 'all' }).kind).toBe('');
    expect(readFilters({ q: 'pay' }).kind).toBe('');
    expect(readFilters({ show: 'starred' }).kind).toBe('');
  });

  it('sorts by one column after another', () => {
    const byOwner = toggleSort([defaultSort], 'owner', false);
    expect(byOwner).toEqual([{ column: 'owner', descending: false }]);
    expect(toggleSort(byOwner, 'owner', false)).toEqual([{ column: 'owner', descending: true }]);
    const both = toggleSort(byOwner, 'type', true);
    expect(both).toEqual([...byOwner, { column: 'type', descending: false }]);
    expect(toggleSort(both, 'owner', true)).toEqual([{ column: 'owner', descending: true }, both[1]]);
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
