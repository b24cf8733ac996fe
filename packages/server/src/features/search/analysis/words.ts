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
const longestChunk = 1_000;
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
 * @param isWanted - of words that stand alone only those are given for which it says yes
 */
export function* compounds(
  text: string,
  most = Number.POSITIVE_INFINITY,
  isWanted?: (word: string) => boolean,
): Generator<Compound> {
  let count = 0;
  for (const match of text.matchAll(chunk)) {
    if (count >= most) return;
    // Nearly all words are plain, and then there is nothing to split.
    const simple = plain.exec(match[0]);
    if (simple) {
      count += 1;
      const word = simple[2]!.toLowerCase().slice(0, longestWord);
      if (isWanted && !isWanted(word)) continue;
      const start = match.index + simple[1]!.length;
      yield { parts: [{ text: word, start, end: start + simple[2]!.length }] };
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

const codesOf = (signs: string) => new Set(Array.from(signs, (sign) => sign.charCodeAt(0)));
const openers = codesOf('(["\'<');
const closers = codesOf('.,;:!?)"\']>');
const space = /\s/;
const isSpace = (code: number) =>
  code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x80 && space.test(String.fromCharCode(code)));
const isPlainLetter = (code: number) => (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
const isCapital = (code: number) => code >= 0x41 && code <= 0x5a;

/** Words of a list that are written as one, from `at` on. */
export type Whole = { at: number; parts: number; text: string };

/** Adds the words of a text, and the wholes of those that are written as one: what `compounds` finds, without the places. Quick for long texts. */
export function addWords(text: string, most: number, words: string[], wholes: Whole[]): void {
  const end = words.length + most;
  const { length } = text;
  let at = 0;
  while (at < length && words.length < end) {
    let code = text.charCodeAt(at);
    if (isSpace(code)) {
      at += 1;
      continue;
    }
    // Nearly all words are plain, as `plain` has it: looked at letter by letter they take half the time.
    let start = at;
    while (openers.has(code)) code = text.charCodeAt((start += 1));
    const small = isCapital(code) ? start + 1 : start;
    let last = small;
    while (isPlainLetter((code = text.charCodeAt(last)))) last += 1;
    let after = last;
    while (closers.has(code)) code = text.charCodeAt((after += 1));
    if (last > small && after - at <= longestChunk && (after >= length || isSpace(code))) {
      const word = text.slice(start, Math.min(last, start + longestWord));
      words.push(small > start ? word.toLowerCase() : word);
      at = after;
      continue;
    }
    while (after < length && after - at < longestChunk && !isSpace(text.charCodeAt(after))) after += 1;
    for (const { parts, whole } of splitsOf(
      text.slice(at, Math.min(after, at + longestChunk)),
      Math.max(end - words.length, longestRemembered),
    )) {
      if (whole) wholes.push({ at: words.length, parts: parts.length, text: whole });
      for (const word of parts) words.push(word);
    }
    at = Math.min(after, at + longestChunk);
  }
}

/** A name in the form in which whole names are compared: `Booking database` and `booking-database` are the same. */
export const joined = (text: string): string => wordsOf(text, 40).join('');
