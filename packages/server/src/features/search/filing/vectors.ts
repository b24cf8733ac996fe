/** How words are filed in PostgreSQL: as the text of a tsvector. */
import type { AnalysedDocument } from '../analysis/analyse.ts';
import { gap } from '../analysis/sequence.ts';
import type { WordField } from '../query/index-query.ts';

/** A word is filed under each field that holds it, so that the index alone can tell fields apart. */
export const vectorMarks: Record<WordField | 'stem', string> = { name: 'n:', head: 'h:', any: '', stem: 's:' };

const lastPosition = 16_383;
const fieldGap = 20;

const special = /['\\]/;

/** A word in the language of tsvector and tsquery. */
export const quotedWord = (word: string): string => `'${special.test(word) ? word.replaceAll(/['\\]/g, '') : word}'`;

/** The words of a document as the text of a tsvector. */
export function vectorOf({ names, head, prose, stems, keys }: AnalysedDocument): string {
  const positions = new Map<string, number[]>();
  const unplaced = new Set<string>();
  let position = 1;
  const fields: [words: string[], marks: string[]][] = [
    [names, [vectorMarks.name, vectorMarks.head]],
    [head, [vectorMarks.head]],
    [prose, []],
  ];
  for (const [words, fieldMarks] of fields) {
    for (const word of words) {
      if (word === gap) {
        position = Math.min(position + 1, lastPosition);
        continue;
      }
      const known = positions.get(word);
      if (known) known.push(position);
      else positions.set(word, [position]);
      for (const mark of fieldMarks) unplaced.add(mark + word);
      position = Math.min(position + 1, lastPosition);
    }
    position = Math.min(position + fieldGap, lastPosition);
  }
  for (const stem of stems) unplaced.add(vectorMarks.stem + stem);
  for (const key of keys) unplaced.add(key);
  // 256 places of one word are all that PostgreSQL keeps.
  const placed = [...positions].map(([word, at]) => `${quotedWord(word)}:${at.slice(0, 255).join(',')}`);
  return [...placed, ...[...unplaced].map(quotedWord)].join(' ');
}
