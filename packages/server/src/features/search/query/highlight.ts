import { englishStem, germanStem, stemBeginning, stemsOf } from '../analysis/stems.ts';
import { compounds } from '../analysis/words.ts';
import type { ParsedQuery } from './parse.ts';
import { type Expansions, shortestInName } from './plan.ts';

export type Marks = { preTag: string; postTag: string };

const snippetLength = 220;
const mostMarks = 40;

export type Matcher = {
  /** whether a word of a text is one that was searched */
  matches(word: string): boolean;
  /** what may be several words of a title, typed as one */
  wholes: readonly string[];
};

/** Decides what of a text was searched, and remembers it: texts repeat their words. */
export function matcherOf(query: ParsedQuery, expansions: Expansions): Matcher {
  const words = [
    ...new Set([
      ...query.units.flatMap((unit) => [...unit.parts, unit.whole ?? '']),
      ...query.phrases.flatMap(({ parts, wholes }) => [...parts, ...wholes]),
    ]),
  ].filter(Boolean);
  const others = new Set([...expansions.values()].flat());
  const stems = new Set(words.flatMap(stemsOf));
  const beginnings = new Set([...stems].map((stem) => stem.slice(0, stemBeginning)));
  // To make stems is dear.
  const mayHaveStem = (word: string) =>
    beginnings.has(word.slice(0, stemBeginning)) || beginnings.has(word.slice(0, 1));
  const known = new Map<string, boolean>();
  const decide = (word: string) =>
    others.has(word) ||
    words.some((each) => word.startsWith(each) || (each.length >= 3 && word.includes(each))) ||
    (mayHaveStem(word) && (stems.has(englishStem(word)) || stems.has(germanStem(word))));
  return {
    matches(word) {
      let match = known.get(word);
      if (match === undefined) known.set(word, (match = decide(word)));
      return match;
    },
    wholes: [...words, ...others].filter((word) => word.length >= shortestInName),
  };
}

type Span = { start: number; end: number };

function spansOf(text: string, matches: (word: string) => boolean): Span[] {
  const spans: Span[] = [];
  for (const { parts, whole } of compounds(text, 3_000, matches)) {
    if (spans.length >= mostMarks) break;
    const all = whole !== undefined && !parts.some((part) => matches(part.text)) && matches(whole);
    for (const part of parts) if (all || matches(part.text)) spans.push({ start: part.start, end: part.end });
  }
  return spans;
}

/** Words side by side that hold what was typed as one. */
function spansOfWhole(text: string, wholes: readonly string[]): Span[] {
  const parts = [...compounds(text, 60)].flatMap((each) => each.parts);
  const joined = parts.map((part) => part.text).join('');
  const whole = wholes.find((each) => joined.includes(each));
  if (whole === undefined) return [];
  const from = joined.indexOf(whole);
  let at = 0;
  return parts.filter((part) => {
    const start = at;
    at += part.text.length;
    return start < from + whole.length && at > from;
  });
}

function mark(text: string, spans: readonly Span[], offset: number, { preTag, postTag }: Marks): string {
  let result = '';
  let at = 0;
  for (const { start, end } of spans) {
    result += text.slice(at, start - offset) + preTag + text.slice(start - offset, end - offset) + postTag;
    at = end - offset;
  }
  return result + text.slice(at);
}

/** A title with what was searched marked in it; undefined where nothing was. */
export function highlight(text: string, { matches, wholes }: Matcher, marks: Marks): string | undefined {
  const words = spansOf(text, matches);
  const spans = words.length > 0 ? words : spansOfWhole(text, wholes);
  return spans.length === 0 ? undefined : mark(text, spans, 0, marks);
}

/** The stretch of a longer text with most of what was searched, marked. */
export function snippet(text: string, { matches }: Matcher, marks: Marks): string | undefined {
  const spans = spansOf(text, matches);
  if (spans.length === 0) return undefined;
  if (text.length <= snippetLength) return mark(text, spans, 0, marks);
  let best = { first: 0, count: 0 };
  for (let first = 0, last = 0; first < spans.length; first += 1) {
    while (last < spans.length && spans[last]!.end - spans[first]!.start <= snippetLength - 40) last += 1;
    if (last - first > best.count) best = { first, count: last - first };
  }
  const from = Math.max(0, spans[best.first]!.start - 40);
  // Begin and end between words.
  const start = from === 0 ? 0 : text.indexOf(' ', from) + 1 || from;
  const begin = start > spans[best.first]!.start ? spans[best.first]!.start : start;
  const rawEnd = Math.min(text.length, begin + snippetLength);
  const space = rawEnd === text.length ? rawEnd : text.lastIndexOf(' ', rawEnd);
  const end = Math.max(space > begin ? space : rawEnd, spans[best.first]!.end);
  const inside = spans.filter((span) => span.start >= begin && span.end <= end);
  return `${begin > 0 ? '…' : ''}${mark(text.slice(begin, end).toWellFormed(), inside, begin, marks)}${end < text.length ? '…' : ''}`;
}
