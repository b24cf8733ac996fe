import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gap, longestPhrase, sequenceOf } from './sequence.ts';
import { addWords, type Whole } from './words.ts';

function sequence(text: string): string[] {
  const words: string[] = [];
  const wholes: Whole[] = [];
  addWords(text, 1_000, words, wholes);
  return sequenceOf({ words, wholes });
}

test('what is written as one stands in parts, and once more as a whole among its neighbours', () => {
  expect(sequence('plain words')).toEqual(['plain', 'words']);
  expect(sequence('for GitLab runners')).toEqual(['for', 'git', 'lab', 'runners', gap, 'for', 'gitlab', 'runners']);
  expect(sequence(`GitLab ${'x '.repeat(40)}JavaScript`).slice(42)).toEqual([
    'java',
    'script',
    gap,
    'gitlab',
    ...Array<string>(11).fill('x'),
    gap,
    ...Array<string>(11).fill('x'),
    'javascript',
  ]);
});

test('every phrase stands in it, in parts or with wholes, and nothing else does', () => {
  // Parts have two letters and wholes four, so that what stands side by side can be told apart.
  const part = fc.tuple(fc.integer({ min: 10, max: 99 }), fc.constantFrom('x', 'y')).map(([n, x]) => `${x}${n}`);
  const one = fc.oneof({ weight: 3, arbitrary: part.map((word) => [word]) }, fc.tuple(part, part));
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 60 }), (compounds) => {
      const found = `|${sequence(compounds.map((parts) => parts.join('-')).join(' ')).join('|')}|`;
      const parts = compounds.flat();
      const wholes = compounds.map((each) => each.join(''));
      for (const words of [parts, wholes])
        for (let from = 0; from < words.length; from += 1)
          expect(found).toContain(`|${words.slice(from, from + longestPhrase).join('|')}|`);
      const pairs = (words: string[]) => words.slice(1).map((word, index) => `${words[index]} ${word}`);
      const known = new Set([...pairs(parts), ...pairs(wholes)]);
      for (const stretch of found.slice(1, -1).split('||'))
        for (const pair of pairs(stretch.split('|'))) expect(known).toContain(pair);
    }),
  );
});
