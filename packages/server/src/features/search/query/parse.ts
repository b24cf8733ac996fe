import { isSmallWord } from '../analysis/stems.ts';
import { longestPhrase } from '../analysis/sequence.ts';
import { compounds } from '../analysis/words.ts';

/** A word of a query, or several that were written as one. */
export type Unit = {
  parts: string[];
  whole?: string;
  /** a word such as "the", which need not match beside others */ small?: boolean;
};

/** Words that stand side by side: in parts, and with wholes in place of those that were written as one. */
export type Phrase = { parts: string[]; wholes: string[] };

/** What somebody typed, taken apart. */
export type ParsedQuery = {
  units: Unit[];
  phrases: Phrase[];
  /** alternatives by name of the value */
  filters: Map<string, string[]>;
  /** all words, also those of phrases, joined: what a whole name is compared with */
  joined: string;
  /** the ref of an entity, when the whole query is one */
  ref?: string;
  /** the words as they were typed, for counting and "did you mean" */
  text: string;
};

/** Longer queries are cut here: nobody types that, and every word costs time. */
const mostCharacters = 400;
const mostUnits = 12;
const mostPhrases = 4;
const mostFilters = 20;

/** What can be written as `name:value`; the values are those of documents. */
export const filterNames = ['kind', 'type', 'owner', 'tag', 'lifecycle', 'namespace', 'system', 'name', 'ref', 'api'];
const synonyms: Record<string, string> = { tags: 'tag', team: 'owner', is: 'kind' };

const fullRef = /^\s*([a-z]+):(?:([^\s/:"]+)\/)?([^\s/:"]+)\s*$/iu;
const piece = /([a-z]+):"([^"]*)"|([a-z]+):([^\s"]+)|"([^"]*)"?|[^\s"]+/giu;

function phraseOf(text: string): Phrase {
  const phrase: Phrase = { parts: [], wholes: [] };
  for (const { parts, whole } of compounds(text, longestPhrase)) {
    const words = parts.map((part) => part.text);
    phrase.parts.push(...words);
    phrase.wholes.push(...(whole ? [whole] : words));
  }
  return phrase;
}

/** Reads a query as it is typed: words, "phrases" and name:value filters, in any order. There is nothing that it refuses. */
export function parseQuery(typed: string): ParsedQuery {
  const input = typed.slice(0, mostCharacters).toWellFormed();
  const filters = new Map<string, string[]>();
  const phrases: Phrase[] = [];
  const units: Unit[] = [];
  const words: string[] = [];
  const shown: string[] = [];
  let filterCount = 0;

  const addWords = (text: string) => {
    for (const { parts, whole } of compounds(text, 40)) {
      if (units.length >= mostUnits) return;
      const small = parts.length === 1 && isSmallWord(parts[0]!.text);
      units.push({ parts: parts.map((part) => part.text), ...(whole && { whole }), ...(small && { small }) });
      for (const part of parts) words.push(part.text);
    }
  };

  for (const match of input.matchAll(piece)) {
    const name = (match[1] ?? match[3])?.toLowerCase();
    const value = match[2] ?? match[4];
    const known = name && (filterNames.includes(name) ? name : synonyms[name]);
    if (known && value !== undefined && value !== '') {
      if (filterCount < mostFilters)
        filters.set(known, [...(filters.get(known) ?? []), ...value.split(',').filter(Boolean)]);
      filterCount += 1;
      continue;
    }
    const phrase = match[5];
    shown.push(match[0]);
    if (phrase === undefined) {
      addWords(match[0]);
      continue;
    }
    const found = phraseOf(phrase);
    if (found.parts.length > 1 && phrases.length < mostPhrases) {
      phrases.push(found);
      words.push(...found.parts);
    } else addWords(phrase);
  }
  // The last word may be the start of a longer one.
  const last = units.at(-1);
  if (last && !/\s$/.test(input)) delete last.small;
  if (units.every((unit) => unit.small)) for (const unit of units) delete unit.small;
  const [, kind, namespace = 'default', name] = fullRef.exec(input) ?? [];
  const ref = kind && filters.size === 0 ? `${kind}:${namespace}/${name}`.toLowerCase() : undefined;
  return { units, phrases, filters, joined: words.join(''), ...(ref && { ref }), text: shown.join(' ').trim() };
}
