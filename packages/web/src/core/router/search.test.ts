import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './search.ts';

describe('the query of a URL', () => {
  it('reads names with one value or several', () => {
    expect(parseSearch('?a=1&b=x&b=y%20z&c=')).toEqual({ a: '1', b: ['x', 'y z'], c: '' });
  });

  it('writes what people can read and nothing empty', () => {
    expect(
      stringifySearch({
        owner: 'group:default/payments',
        tag: ['a&b', 'c+d'],
        none: undefined,
        empty: '',
        q: 'two words',
      }),
    ).toBe('?owner=group:default/payments&tag=a%26b&tag=c%2Bd&q=two+words');
    expect(stringifySearch({})).toBe('');
  });

  it.each(['a b', 'a+b', '100%', 'ä/日本?', '[x]=1,2', '#hash'])('brings %j back', (text) => {
    expect(parseSearch(stringifySearch({ q: text }))).toEqual({ q: text });
  });
});
