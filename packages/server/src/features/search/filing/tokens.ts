/** How words are filed in FTS5: as tokens without places, and in their order beside them. */
import type { AnalysedDocument } from '../analysis/analyse.ts';
import { gap } from '../analysis/sequence.ts';
import type { WordField } from '../query/index-query.ts';

/**
 * A word is filed under each field that holds it, with a letter before it that folding takes out of every word. Keys and stems have letters
 * of their own, so that they are no words. Letters of Latin-1: texts of these are half as long as others on their way between threads.
 */
export const tokenMarks: Record<WordField | 'stem' | 'key', string> = {
  name: 'þ',
  head: 'ð',
  any: 'ø',
  stem: 'æ',
  key: 'ß',
};

const plain = /^[a-z0-9]*$/;
// What every version of the tokenizer takes for letters: it is older than many scripts, and would divide their words, which are no phrases.
const foreign =
  /[^\u{30}-\u{39}a-z\u{DF}-\u{F6}\u{F8}-\u{17F}\u{3B1}-\u{3C9}\u{430}-\u{45F}\u{5D0}-\u{5EA}\u{3041}-\u{3096}\u{30A1}-\u{30FA}\u{4E00}-\u{9FA5}\u{AC00}-\u{D7A3}]/gu;

/** A word as the tokenizer keeps it whole: a letter that it may not know becomes its number between two signs. */
export const filedWord = (word: string): string =>
  plain.test(word) ? word : word.replace(foreign, (letter) => `\u{E005}${letter.codePointAt(0)!.toString(36)}\u{E006}`);

/** Everything that a document is filed under, each once. */
export function tokensOf({ names, head, prose, stems, keys }: AnalysedDocument): string {
  const named = new Set(names);
  named.delete(gap);
  const known = new Set([gap, ...named]);
  let tokens = '';
  const add = (word: string, marks: readonly string[]) => {
    const filed = filedWord(word);
    for (const mark of marks) tokens += `${mark}${filed} `;
  };
  for (const word of named) add(word, [tokenMarks.name, tokenMarks.head, tokenMarks.any]);
  for (const [words, marks] of [
    [head, [tokenMarks.head, tokenMarks.any]],
    [prose, [tokenMarks.any]],
  ] as const)
    for (const word of words) {
      if (known.has(word)) continue;
      known.add(word);
      add(word, marks);
    }
  for (const stem of stems) add(stem, [tokenMarks.stem]);
  for (const key of keys) add(key, [tokenMarks.key]);
  return tokens;
}

/** The words in their order, a line for each field; a gap is one space more. */
export const orderOf = ({ names, head, prose }: AnalysedDocument): string =>
  [names, head, prose].map((words) => ` ${words.join(' ')} `).join('\n');
