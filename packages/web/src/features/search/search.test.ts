import { expect, test } from 'vitest';
import { parseSearch, type Search } from '../../core/router/index.ts';
import { isNarrowed, questionUrl, readQuestion, toggleFacet, toggleType, writeQuestion } from './address.ts';
import { pieces } from './parts/Marked.tsx';
import { readRemembered, withRemembered } from './remembered.ts';

const read = (text: string) => readQuestion(parseSearch(text));

test('the address says what is searched, and is written as it is read', () => {
  const question = read('query=booking+db&types[]=software-catalog&filters[kind]=resource&filters[kind]=api&other=x');
  expect(question).toEqual({
    term: 'booking db',
    types: ['software-catalog'],
    chosen: { kind: ['resource', 'api'], type: [], owner: [], lifecycle: [], tag: [], system: [] },
  });
  expect(readQuestion(writeQuestion(question) as Search)).toEqual(question);
  expect(writeQuestion(read(''))).toEqual({});
});

test('choices are taken and taken back', () => {
  const chosen = toggleFacet(toggleType(read('query=x'), 'api-operations'), 'tag', 'kafka');
  expect(isNarrowed(chosen)).toBe(true);
  expect(questionUrl(chosen, 'MQ==')).toBe(
    '/api/search/query?term=x&facets=true&types%5B%5D=api-operations&filters%5Btag%5D=kafka&pageCursor=MQ%3D%3D',
  );
  expect(isNarrowed(toggleFacet(toggleType(chosen, 'api-operations'), 'tag', 'kafka'))).toBe(false);
});

test('marks are text, never markup', () => {
  const tags = { preTag: '<1>', postTag: '</1>' };
  expect(pieces('a <1>booking</1> <b>and</b> <1>more</1>', tags)).toEqual([
    { text: 'a ', marked: false },
    { text: 'booking', marked: true },
    { text: ' <b>and</b> ', marked: false },
    { text: 'more', marked: true },
  ]);
});

test('remembers the newest first, each once, and reads only what it wrote', () => {
  const one = { term: 'one', href: '/search?query=one' };
  const two = { term: 'two', href: '/search?query=two' };
  expect(withRemembered([one, two], two, 5)).toEqual([two, one]);
  expect(withRemembered([one, two], { term: 'x', href: '/search?query=x' }, 2)).toHaveLength(2);
  expect(readRemembered(JSON.stringify([one, { term: 1 }, { term: 'x', href: 'https://elsewhere' }, null]))).toEqual([
    one,
  ]);
  expect(readRemembered('{')).toEqual([]);
});
