import type { Whole } from './words.ts';

/** Words of a phrase at most. */
export const longestPhrase = 12;

/** Stands between words that are no neighbours. */
export const gap = '';

/**
 * The words of a text as they stand side by side; then, after a gap, each stretch that a phrase with a whole in it can touch, with wholes in
 * place of their parts: `GitHub Actions` is written `github actions`, too.
 */
export function sequenceOf({ words, wholes }: { words: readonly string[]; wholes: readonly Whole[] }): string[] {
  const sequence = [...words];
  const reach = longestPhrase - 1;
  /** the first word that has not been repeated */
  let next = 0;
  for (const [index, { at, parts, text }] of wholes.entries()) {
    const from = Math.max(next, at - reach);
    if (index === 0 || from > next) sequence.push(gap);
    for (let place = from; place < at; place += 1) sequence.push(words[place]!);
    sequence.push(text);
    const after = at + parts;
    next = Math.min(words.length, after + reach, wholes[index + 1]?.at ?? words.length);
    for (let place = after; place < next; place += 1) sequence.push(words[place]!);
  }
  return sequence;
}
