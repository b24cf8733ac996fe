/** How many edits a word of this length may be away from what was meant. */
export const allowedEdits = (length: number): number => (length < 3 ? 0 : length <= 5 ? 1 : 2);

/**
 * Edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
 *
 * @param most - nobody asks beyond this; the answer is then `most + 1`
 */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  return editsBetween(a, b, most, false).at(-1)!;
}

/** Edits that turn a word into some stretch of a text; beyond `most` as `distance`. */
export const distanceInside = (word: string, text: string, most: number): number =>
  Math.min(...editsBetween(word, text, most, true));

/** Edits between `a` and what ends at each place of `b`, which begins with it or, where it may, anywhere. */
function editsBetween(a: string, b: string, most: number, anywhere: boolean): number[] {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => (anywhere ? 0 : index));
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    let least = row;
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let value = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + cost);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        value = Math.min(value, before[column - 2]! + 1);
      next.push(value);
      if (value < least) least = value;
    }
    if (least > most) return [most + 1];
    before = last;
    last = next;
  }
  return last.map((edits) => Math.min(edits, most + 1));
}

const alphabet = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');
const longest = 24;

/** Every word that is one edit away, so that they can be looked up instead of compared. Latin letters and digits only. */
export function oneEditAway(word: string): string[] {
  if (word.length > longest || !/^[a-z0-9]+$/.test(word)) return [];
  const found = new Set<string>();
  for (let index = 0; index <= word.length; index += 1) {
    const head = word.slice(0, index);
    const tail = word.slice(index);
    for (const letter of alphabet) {
      found.add(head + letter + tail);
      if (tail) found.add(head + letter + tail.slice(1));
    }
    if (tail) found.add(head + tail.slice(1));
    if (tail.length > 1) found.add(head + tail[1] + tail[0] + tail.slice(2));
  }
  found.delete(word);
  return [...found];
}
