import { expect, test } from 'vitest';
import { levelOf, wordsOfDuration, wordsOfFigure } from './words.ts';

test.each([
  [0, '0 ms'],
  [350, '350 ms'],
  [12_400, '12 s'],
  [60_000, '1 min'],
  [3_900_000, '1 h 5 min'],
  [90_061_000, '1 d 1 h'],
  [-60_000, '−1 min'],
])('%d milliseconds: %s', (milliseconds, words) => {
  expect(wordsOfDuration(milliseconds)).toBe(words);
});

test.each([
  ['bad', 'anything', 'failing'],
  [undefined, 'Passed', 'ok'],
  [undefined, 'degraded', 'warning'],
  [undefined, 'FAILED', 'failing'],
  [undefined, 'somewhere else', 'unknown'],
] as const)('tone %s, “%s”: %s', (tone, text, level) => {
  expect(levelOf(tone, text)).toBe(level);
});

test('figures have their unit and grouped digits', () => {
  expect([wordsOfFigure(12345.6789, 'kB'), wordsOfFigure(null, 'kB'), wordsOfFigure('flood')]).toEqual([
    '12,345.679 kB',
    '—',
    'flood',
  ]);
});
