/** A word of a text in the form in which it is compared, and where it stands. */
export type Word = { text: string; start: number; end: number };

/** Words that people write as one: `petStore`, `pet-store`, `pet.store`. `whole` is all of it when it has several parts. */
export type Compound = { parts: Word[]; whole?: string };

export const longestWord = 64;

const letters: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const special = /[ßæœøłđðþı]/g;
const combining = /[\u0300-\u036F]+/g;
/** Some single signs stand for several words. */
const spaces = /\s+/g;

/** Lower case without accents. */
export function fold(text: string): string {
  // Most words are plain.
  if (/^[a-z0-9]*$/.test(text)) return text;
  return text
    .normalize('NFKD')
    .replace(combining, '')
    .toLowerCase()
    .replace(combining, '')
    .replace(spaces, '')
    .normalize('NFC')
    .replace(special, (letter) => letters[letter]!);
}

// In pieces of bounded length, so that no text takes time by the square of its length.
const chunk = /\S{1,1000}/g;
const plain = /^([("'[<]*)([A-Z]?[a-z0-9]+)[.,;:!?)"'\]>]*$/;
const compound =
  /[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}]|[-_.:/@#$+~'’{}=&?%\\](?=[-_.:/@#$+~{}=&?%\\]*[\p{L}\p{N}\p{M}]))*[+#]*/gu;
const part = /[\p{L}\p{N}\p{M}]+/gu;
const camel = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const named: Record<string, string> = { 'c++': 'cplusplus', 'c#': 'csharp', 'f#': 'fsharp' };
/** Scripts that put no spaces between words: pairs of characters stand for words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const apostrophe = /['’](?:s|S)?$/;

function* camelParts(text: string, start: number): Generator<Word> {
  if (unspaced.test(text)) {
    const characters = Array.from(text);
    let at = start;
    for (let index = 0; index < Math.max(1, characters.length - 1); index += 1) {
      const pair = characters.slice(index, index + 2).join('');
      const word = fold(pair);
      if (word) yield { text: word, start: at, end: at + pair.length };
      at += characters[index]!.length;
    }
    return;
  }
  let at = start;
  for (const piece of text.split(camel)) {
    const word = fold(piece).slice(0, longestWord);
    if (word) yield { text: word, start: at, end: at + piece.length };
    at += piece.length;
  }
}

/**
 * Takes a text apart.
 *
 * @param most - words at most; the rest of the text is not looked at
 */
export function* compounds(text: string, most = Number.POSITIVE_INFINITY): Generator<Compound> {
  let count = 0;
  for (const match of text.matchAll(chunk)) {
    if (count >= most) return;
    // Nearly all words are plain, and then there is nothing to split.
    const simple = plain.exec(match[0]);
    if (simple) {
      const start = match.index + simple[1]!.length;
      const end = start + simple[2]!.length;
      count += 1;
      yield { parts: [{ text: simple[2]!.toLowerCase().slice(0, longestWord), start, end }] };
      continue;
    }
    for (const found of compoundsOfChunk(match[0], match.index, most - count)) {
      count += found.parts.length;
      yield found;
    }
  }
}

function* compoundsOfChunk(text: string, offset: number, most: number): Generator<Compound> {
  let count = 0;
  for (const match of text.matchAll(compound)) {
    if (count >= most) return;
    const raw = match[0].replace(apostrophe, '');
    const start = offset + match.index;
    const name = named[raw.toLowerCase()];
    if (name) {
      count += 1;
      yield { parts: [{ text: name, start, end: start + raw.length }] };
      continue;
    }
    const parts: Word[] = [];
    for (const piece of raw.matchAll(part)) {
      for (const word of camelParts(piece[0], start + piece.index)) parts.push(word);
      if (count + parts.length >= most) break;
    }
    count += parts.length;
    if (parts.length === 0) continue;
    const whole = parts.length > 1 && !unspaced.test(raw) ? parts.map((word) => word.text).join('') : undefined;
    yield whole && whole.length <= longestWord ? { parts, whole } : { parts };
  }
}

/** The words of a text in order, without the wholes. */
export function wordsOf(text: string, most?: number): string[] {
  return [...compounds(text, most)].flatMap(({ parts }) => parts.map((word) => word.text));
}

type Split = { parts: string[]; whole?: string | undefined };

const rememberedSplits = 20_000;
/** Longer ones repeat less; and a part of a text that is as short does not keep the whole text in memory. */
const longestRemembered = 12;
const splits = new Map<string, readonly Split[]>();

function splitsOf(text: string, most: number): readonly Split[] {
  const known = splits.get(text);
  if (known) return known;
  const split = [...compounds(text, most)].map(({ parts, whole }) => ({
    parts: parts.map((word) => word.text),
    whole,
  }));
  if (text.length <= longestRemembered) {
    if (splits.size >= rememberedSplits) splits.clear();
    splits.set(text, split);
  }
  return split;
}

/** Adds the words of a text, and the wholes of those that are written as one: what `compounds` finds, without the places. Quick for long texts. */
export function addWords(text: string, most: number, words: string[], wholes: string[]): void {
  const end = words.length + most;
  for (const piece of text.match(chunk) ?? []) {
    if (words.length >= end) return;
    for (const { parts, whole } of splitsOf(piece, Math.max(end - words.length, longestRemembered))) {
      for (const word of parts) words.push(word);
      if (whole) wholes.push(whole);
    }
  }
}

/** A name in the form in which whole names are compared: `Booking database` and `booking-database` are the same. */
export const joined = (text: string): string => wordsOf(text, 40).join('');
