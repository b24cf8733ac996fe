import type { RegexEngine } from 'shiki/core';
import { requiredTexts } from './required-texts.ts';

type Line = { content: string; places: Map<string, number> };
type Search = { line: Line; from: number; index: number; indices: ([number, number] | undefined)[] };
type Pattern = {
  source: string;
  required: string[] | undefined;
  /** made when a line has what the pattern needs; null where it cannot be */
  regex?: RegExp | null;
  last?: Search | undefined;
};

const nowhere = 0xffff_ffff;

/** Whether a search that begins at a place can be taken for one that begins later. */
const isSteady = (regex: RegExp) =>
  !regex.sticky && (regex as { rawOptions?: { strategy?: unknown } }).rawOptions?.strategy == null;

function hasAny(texts: readonly string[], line: Line, from: number): boolean {
  for (const text of texts) {
    let last = line.places.get(text);
    if (last === undefined) line.places.set(text, (last = line.content.lastIndexOf(text)));
    if (last >= from) return true;
  }
  return false;
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
    if (!pattern) known.set(source, (pattern = { source, required: requiredTexts(source) }));
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
    if (pattern.required && !hasAny(pattern.required, line, from))
      return (pattern.last = { line, from, index: -1, indices: [] });
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

  return {
    createString: (content): Line => ({ content, places: new Map() }),
    createScanner(sources) {
      const patterns = sources.map((source) => patternOf(String(source)));
      return {
        findNextMatchSync(text, from) {
          const line = text as Line;
          let best: Search | undefined;
          let number = -1;
          for (let index = 0; index < patterns.length; index += 1) {
            const found = search(patterns[index]!, line, from);
            if (!found || found.index < 0 || (best && found.index >= best.index)) continue;
            best = found;
            number = index;
            if (found.index === from) break;
          }
          return (
            (best && {
              index: number,
              captureIndices: best.indices.map((place) =>
                place
                  ? { start: place[0], end: place[1], length: place[1] - place[0] }
                  : { start: nowhere, end: nowhere, length: 0 },
              ),
            }) ??
            null
          );
        },
      };
    },
  };
}
