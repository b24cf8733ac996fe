import { expect, test } from 'vitest';
import { excerpt, marked } from './excerpt.ts';

test('an excerpt begins a little before the first word that was searched', () => {
  const text = `${'word '.repeat(40)}<b>ferry</b> goes`;
  expect(excerpt(text, '<b>')).toBe(`… ${'word '.repeat(8)}<b>ferry</b> goes`);
  expect(excerpt('a <b>ferry</b>', '<b>')).toBe('a <b>ferry</b>');
});

test('marks are pieces, and markup stays text', () => {
  expect(marked('a <b>fer<i></b> b', { preTag: '<b>', postTag: '</b>' })).toEqual([
    { text: 'a ', marked: false },
    { text: 'fer<i>', marked: true },
    { text: ' b', marked: false },
  ]);
});
