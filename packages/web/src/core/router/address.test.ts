import { describe, expect, it } from 'vitest';
import { addressOf } from './address.ts';

describe('the address of a link', () => {
  it('fills in the words of a path, each encoded', () => {
    const to = '/catalog/$namespace/$kind/$name';
    expect(addressOf({ to, params: { namespace: 'default', kind: 'api', name: 'a/b c' } })).toBe(
      '/catalog/default/api/a%2Fb%20c',
    );
  });

  it('keeps the slashes of the rest of a path', () => {
    expect(addressOf({ to: '/docs/$name/$', params: { name: 'x', _splat: 'guide/first steps/' } })).toBe(
      '/docs/x/guide/first%20steps/',
    );
  });

  it('has the query as people read it, and the place', () => {
    expect(addressOf({ to: '/catalog', search: { kind: 'api', tag: ['a', 'b'], none: '' }, hash: 'top' })).toBe(
      '/catalog?kind=api&tag=a&tag=b#top',
    );
    expect(addressOf({ to: '/catalog?kind=api' })).toBe('/catalog?kind=api');
  });

  it('stays on the page with `.`, with another query or none', () => {
    expect(addressOf({ to: '.', search: { sort: 'name' } })).toBe('?sort=name');
    expect(addressOf({ to: '.' })).toBe('?');
  });
});
