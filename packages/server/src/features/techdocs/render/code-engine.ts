import type { RegexEngine } from 'shiki/core';
import { isCaseless, requiredTexts } from './required-texts.ts';

/** A text, where other texts stand in it last, and which characters of ASCII it has, as bits. */
type Searched = { content: string; places: Map<string, number>; letters: Letters };
type Line = Searched & { isAscii: boolean; lower?: Searched };
type Letters = readonly [number, number, number, number];
type Search = { line: Line; from: number; index: number; indices: ([number, number] | undefined)[] };
type Pattern = {
  source: string;
  /** of each list one text is there */
  required: Required[][];
  isCaseless: boolean;
  /** made when a line has what the pattern needs; null where it cannot be */
  regex?: RegExp | null;
  last?: Search | undefined;
};

/** One of the texts that a pattern needs, and the characters of it. */
type Required = { text: string; letters: Letters };

const nowhere = 0xffff_ffff;

function lettersOf(text: string): Letters {
  const bits: [number, number, number, number] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128) bits[code >> 5]! |= 1 << (code & 31);
  }
  return bits;
}

/** Whether all characters that a text has can be in the line: quicker than to look for it. */
const canHave = ({ letters: [a, b, c, d] }: Searched, { letters }: Required) =>
  (letters[0] & a) === letters[0] &&
  (letters[1] & b) === letters[1] &&
  (letters[2] & c) === letters[2] &&
  (letters[3] & d) === letters[3];

/** Whether a search that begins at a place can be taken for one that begins later. */
const isSteady = (regex: RegExp) =>
  !regex.sticky && (regex as { rawOptions?: { strategy?: unknown } }).rawOptions?.strategy == null;

function hasAny(texts: readonly Required[], line: Searched, from: number): boolean {
  for (const each of texts) {
    if (!canHave(line, each)) continue;
    const { text } = each;
    let last = line.places.get(text);
    if (last === undefined) line.places.set(text, (last = line.content.lastIndexOf(text)));
    if (last >= from) return true;
  }
  return false;
}

const searched = (content: string): Searched => ({ content, places: new Map(), letters: lettersOf(content) });

/** Whether a pattern may match in a line from a place on, by what it needs. */
function canMatch({ required, isCaseless: isEither }: Pattern, line: Line, from: number): boolean {
  // Other letters have more than two forms.
  if (isEither && !line.isAscii) return true;
  const own = isEither ? (line.lower ??= searched(line.content.toLowerCase())) : line;
  for (const texts of required) if (!hasAny(texts, own, from)) return false;
  return true;
}

/**
 * Searches lines of code for the patterns of grammars. A grammar has hundreds of patterns, and a page of documents needs few of them: those
 * that cannot match, because the line lacks a text that they need, are neither translated nor tried.
 *
 * @param translate - makes a pattern of Oniguruma one of JavaScript; throws where there is none
 */
export function createCodeEngine(translate: (pattern: string) => RegExp): RegexEngine {
  const known = new Map<string, Pattern>();

  function patternOf(source: string): Pattern {
    let pattern = known.get(source);
    if (!pattern) {
      const isEither = isCaseless(source);
      const required = requiredTexts(source).map((texts) =>
        texts.map((each) => {
          const text = isEither ? each.toLowerCase() : each;
          return { text, letters: lettersOf(text) };
        }),
      );
      known.set(source, (pattern = { source, required, isCaseless: isEither }));
    }
    return pattern;
  }

  function regexOf(pattern: Pattern): RegExp | null {
    if (pattern.regex === undefined)
      try {
        pattern.regex = translate(pattern.source);
      } catch {
        // A pattern that JavaScript has no equal of is left out: the code loses some colour.
        pattern.regex = null;
      }
    return pattern.regex;
  }

  function search(pattern: Pattern, line: Line, from: number): Search | undefined {
    const { last } = pattern;
    if (last && last.line === line && last.from <= from && (last.index < 0 || last.index >= from)) return last;
    if (!canMatch(pattern, line, from)) return (pattern.last = { line, from, index: -1, indices: [] });
    const regex = regexOf(pattern);
    if (!regex) return undefined;
    regex.lastIndex = from;
    const match = regex.exec(line.content);
    const found = {
      line,
      from,
      index: match ? match.index : -1,
      indices: match ? (match.indices as Search['indices']) : [],
    };
    pattern.last = isSteady(regex) ? found : undefined;
    return found;
  }

  /** Searches for the pattern that matches first; of equals, the one that is named first. */
  function firstOf(
    patterns: readonly Pattern[],
    line: Line,
    from: number,
  ): { pattern: Pattern; best: Search } | undefined {
    let result: { pattern: Pattern; best: Search } | undefined;
    for (const pattern of patterns) {
      const found = search(pattern, line, from);
      if (!found || found.index < 0 || (result && found.index >= result.best.index)) continue;
      result = { pattern, best: found };
      if (found.index === from) break;
    }
    return result;
  }

  return {
    createString: (content): Line => ({ ...searched(content), isAscii: /^[\0-\x7f]*$/.test(content) }),
    createScanner(sources) {
      const patterns = sources.map((source) => patternOf(String(source)));
      // Most of them cannot be in a line at all, and a line is searched again and again.
      let possible: { line: Line; from: number; patterns: Pattern[] } | undefined;
      return {
        findNextMatchSync(text, from) {
          const line = text as Line;
          if (possible?.line !== line || possible.from > from)
            possible = {
              line,
              from,
              patterns: patterns.filter((pattern) => canMatch(pattern, line, from)),
            };
          const found = firstOf(possible.patterns, line, from);
          if (!found) return null;
          return {
            index: patterns.indexOf(found.pattern),
            captureIndices: found.best.indices.map((place) =>
              place
                ? { start: place[0], end: place[1], length: place[1] - place[0] }
                : { start: nowhere, end: nowhere, length: 0 },
            ),
          };
        },
      };
    },
  };
}
