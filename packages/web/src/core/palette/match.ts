/** Where a name may be entered: its start, and the start of each word of a kebab-case or camelCase name. */
const wordStarts = (text: string): number[] =>
  text.split('').flatMap((letter, index) => {
    const before = text[index - 1];
    const isStart =
      before === undefined || /[\s\-_./:@]/.test(before) || (/[A-Z]/.test(letter) && /[a-z0-9]/.test(before));
    return isStart ? [index] : [];
  });

const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

/** Where one word stands in a text: at the start of a word if it can, else anywhere. */
function placeOf(text: string, word: string): { at: number; atWord: boolean } | undefined {
  const lower = text.toLowerCase();
  const start = wordStarts(text).find((index) => lower.startsWith(word, index));
  if (start !== undefined) return { at: start, atWord: true };
  const at = lower.indexOf(word);
  return at === -1 ? undefined : { at, atWord: false };
}

/** How well a name fits what was typed, from 0 (not at all) to 1 (the name itself). Every word must be found. */
export function scoreOf(name: string, query: string): number {
  const words = wordsOf(query);
  if (words.length === 0) return 0;
  const lower = name.toLowerCase();
  const whole = words.join(' ');
  if (lower === whole || lower === words.join('-')) return 1;
  let sum = 0;
  for (const word of words) {
    const place = placeOf(name, word);
    if (!place) return 0;
    sum += place.at === 0 ? 0.9 : place.atWord ? 0.7 : 0.4;
  }
  // Of two names that begin alike the shorter one is more likely meant.
  return (sum / words.length) * (0.9 + 0.1 * Math.min(1, whole.length / lower.length));
}

/** The parts of a text that were typed, in order and apart: `[start, end)`. */
export function marksOf(text: string, query: string): [start: number, end: number][] {
  const found = wordsOf(query).flatMap((word): [number, number][] => {
    const place = placeOf(text, word);
    return place ? [[place.at, place.at + word.length]] : [];
  });
  const marks: [number, number][] = [];
  for (const [start, end] of found.toSorted((a, b) => a[0] - b[0])) {
    const last = marks.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else marks.push([start, end]);
  }
  return marks;
}
