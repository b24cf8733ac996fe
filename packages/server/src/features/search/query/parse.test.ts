import fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuery } from './parse.ts';

test('words, wholes, phrases and filters', () => {
  const parsed = parseQuery('pet-store "command line" kind:Component owner:"team a" tag:java,go Plain');
  expect(parsed.units).toEqual([{ parts: ['pet', 'store'], whole: 'petstore' }, { parts: ['plain'] }]);
  expect(parsed.phrases).toEqual([{ parts: ['command', 'line'], wholes: ['command', 'line'] }]);
  expect(Object.fromEntries(parsed.filters)).toEqual({ kind: ['Component'], owner: ['team a'], tag: ['java', 'go'] });
  expect(parsed.joined).toBe('petstorecommandlineplain');
  expect(parsed.text).toBe('pet-store "command line" Plain');
});

test('a ref is one, and other names before a colon are words', () => {
  expect(parseQuery('Component:default/Gangway').ref).toBe('component:default/gangway');
  expect(parseQuery('component:gangway').ref).toBe('component:default/gangway');
  expect(parseQuery('kind:api').ref).toBeUndefined();
  expect(parseQuery('error:timeout').units).toEqual([{ parts: ['error', 'timeout'], whole: 'errortimeout' }]);
});

test('small words need not match beside others, but the last one may be unfinished', () => {
  expect(parseQuery('required by law').units.map((unit) => unit.small ?? false)).toEqual([false, true, false]);
  expect(parseQuery('bus to').units.map((unit) => unit.small ?? false)).toEqual([false, false]);
  expect(parseQuery('the').units).toEqual([{ parts: ['the'] }]);
});

test('there is nothing that it refuses, and it keeps its limits', () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      const { units, phrases, filters } = parseQuery(text);
      expect(units.length).toBeLessThanOrEqual(12);
      expect(phrases.length).toBeLessThanOrEqual(4);
      expect(filters.size).toBeLessThanOrEqual(20);
    }),
  );
  expect(parseQuery('"').units).toEqual([]);
  expect(parseQuery('"open GitHub').phrases).toEqual([{ parts: ['open', 'git', 'hub'], wholes: ['open', 'github'] }]);
});
