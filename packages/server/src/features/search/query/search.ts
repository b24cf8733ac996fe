import type { Database } from '../../../core/db/index.ts';
import type { Candidate, SearchEngine } from '../store/engine.ts';
import { facetNames, type IndexStore } from '../store/index-store.ts';
import { readProfile } from '../analysis/analyse.ts';
import { documentName, type Uses } from '../store/uses.ts';
import type { SearchScope } from '../types.ts';
import { expandInside, expandStarts, expandTypos, fewStarts, merge } from './expand.ts';
import { allOf, everything, type IndexQuery, isNothing, nothing, type WordField } from './index-query.ts';
import { type ParsedQuery, parseQuery } from './parse.ts';
import {
  allButOneQueries,
  exactQuery,
  type Expansions,
  filterQueries,
  joinedQuery,
  ownerQuery,
  sequenceQuery,
  someWordQuery,
  typeQuery,
  wordsQuery,
} from './plan.ts';
import { rank, score, type Scored } from './score.ts';

/** Who asks: their ref and the refs of their groups. */
export type Asker = { ref: string; groups: readonly string[] };

export type SearchRequest = {
  term: string;
  types?: readonly string[];
  filters?: ReadonlyMap<string, readonly string[]>;
  /** results wanted, from the first on */
  wanted: number;
  /** counts everything that matches */
  count: boolean;
  /** and how its values are distributed */
  facets?: boolean;
  asker(): Promise<Asker>;
  /** what the asker may see of the catalog when it was at this event, or later; everything when there is none */
  scope?: (at: number) => Promise<SearchScope>;
};

export type SearchOutcome = {
  query: ParsedQuery;
  expansions: Expansions;
  ranked: Scored[];
  /** nothing has all the words; these have some of them */
  partial: boolean;
  bodies(ids: readonly number[]): Promise<Map<number, string>>;
  /** `atLeast` when counting ended before the end */
  total?: { count: number; atLeast: boolean };
  types: Map<string, number>;
  facets: { name: string; value: string; count: number }[];
  /** what was probably meant, when nothing has the words as they were typed */
  didYouMean?: string;
};

/** Documents that are ranked; more match only for words that say little. */
const ranking = { least: 150, most: 1_000 };
const preferred = 100;
/** With fewer results words that hold the word are looked for, too. */
const enough = 40;
const counted = 2_000;

type Tools = { db: Database; engine: SearchEngine; store: IndexStore; uses: Uses };

/** Looks up, ranks and counts. Writes nothing. */
export async function search({ db, engine, store, uses }: Tools, request: SearchRequest): Promise<SearchOutcome> {
  const reader = db.reader();
  const query = parseQuery(request.term);
  const [state, asker] = await Promise.all([store.state(reader), request.asker()]);
  const { active: slot } = state;
  const visible = request.scope && (await store.visible(state, await request.scope(state.at)));
  const dictionary = { engine, reader, slot };
  const conditions: IndexQuery[] = [
    ...(request.types ? [typeQuery(request.types)] : []),
    ...filterQueries(query.filters),
    ...filterQueries(request.filters ?? new Map()),
  ];
  const within = (part: IndexQuery) => allOf([part, ...conditions]);
  const limit = Math.min(Math.max(ranking.least, request.wanted * 2), ranking.most);
  const mine = [asker.ref, ...asker.groups];
  const hasWords = query.units.length + query.phrases.length > 0;

  const found = new Map<number, Candidate>();
  const sequence = sequenceQuery(query);
  let isFirst = true;
  const look = async (queries: readonly IndexQuery[], most = limit) => {
    // On SQLite even to find nothing is to look at everything.
    const distinct = new Map(queries.filter((each) => !isNothing(each)).map((each) => [JSON.stringify(each), each]));
    if (distinct.size === 0) return;
    const asked = {
      queries: [...distinct.values()].map(within),
      // The order of words is the dearest to look at, and stays the same.
      ...(isFirst && sequence && { sequence: within(sequence) }),
      limit: most,
      ...(visible && { visible }),
    };
    isFirst = false;
    for (const candidate of await engine.candidates(reader, slot, asked))
      if (!found.has(candidate.id)) found.set(candidate.id, candidate);
  };

  let counting: ReturnType<SearchEngine['facets']> | undefined;
  const count = (part: IndexQuery) => {
    if (!request.count) return;
    counting = engine.facets(reader, slot, within(part), {
      names: request.facets ? facetNames : [],
      limit: counted,
      ...(visible && { visible }),
    });
    // It is waited for at the end; until then it must not count as unhandled.
    counting.catch(() => undefined);
  };

  let expansions: Expansions = new Map();
  let corrected = false;
  let partial = false;
  let close: Set<number> | undefined;
  if (!hasWords) {
    // Something was typed, and no word was in it: nothing can be found, unless a filter says what.
    const widest = query.text === '' || query.filters.size > 0 ? everything : nothing;
    count(widest);
    await look([widest, { all: [ownerQuery(mine), widest] }]);
  } else {
    const [short, starts] = await Promise.all([expandStarts(query, dictionary), fewStarts(query, dictionary)]);
    expansions = short;
    const words = (field: WordField) => wordsQuery(query, field, { others: expansions, starts });
    const byField = () => (['name', 'head', 'any'] as const).map(words);
    await look([exactQuery(query), joinedQuery(query), words('name')]);
    // With so many no other words are looked for: counting need not wait.
    if (found.size >= enough) count(words('any'));
    if (found.size < limit) await look(byField().slice(1));
    // Words that say little: at least what is theirs should be among those that are ranked.
    else await look([{ all: [ownerQuery(mine), words('name')] }], preferred);
    const named = query.units.length > 0 && isNamed(found.values(), query.joined);
    if (found.size < (named ? 1 : enough)) {
      const inside = await expandInside(query, dictionary);
      expansions = merge(expansions, inside);
      if (inside.size > 0) await look(byField());
    }
    if (found.size === 0) {
      const typos = await expandTypos(query, dictionary);
      expansions = merge(expansions, typos);
      if (typos.size > 0) await look(byField());
      corrected = found.size > 0;
    }
    if (found.size === 0 && query.units.length + query.phrases.length > 1) {
      partial = true;
      const nearly = allButOneQueries(query, { others: expansions, starts });
      if (nearly.length > 0) await look(nearly);
      close = new Set(found.keys());
      const some = someWordQuery(query, { others: expansions, starts });
      count(some);
      await look([some]);
    } else if (!counting) count(words('any'));
  }

  const candidates = [...found.values()];
  const opens = await uses.opensOf(
    candidates.map((candidate) => documentName(candidate.type, candidate.key)),
    query.joined,
  );
  const facts = {
    asker: asker.ref,
    mine: new Set(mine),
    opens,
    documentName: (candidate: Candidate) => documentName(candidate.type, candidate.key),
    ...(close && { close }),
  };
  const ranked = rank(candidates.map((candidate) => score(candidate, query, expansions, facts)));
  const facets = await counting;
  const didYouMean = corrected ? meant(query, expansions, ranked[0]) : undefined;
  return {
    query,
    expansions,
    ranked,
    partial,
    bodies: (ids) => store.bodies(reader, slot, ids),
    ...(facets && { total: { count: Math.max(facets.total, found.size), atLeast: facets.total >= counted } }),
    types: facets?.types ?? new Map(),
    facets: facets?.values ?? [],
    ...(didYouMean && { didYouMean }),
  };
}

/** Whether something of several words is called just so: then nobody means what holds these words inside others. */
const isNamed = (found: Iterable<Candidate>, joined: string): boolean =>
  [...found].some(({ profile }) => {
    // Taking a profile apart is dear, and few have the word in any way.
    if (!profile.includes(joined)) return false;
    const { joinedNames, names } = readProfile(profile);
    return names.length > 2 && joinedNames.includes(joined);
  });

/**
 * The query with the words that the best result has in place of those that nothing has. It says nothing that the result does not say,
 * so that nobody learns of words that they may not read.
 */
function meant(query: ParsedQuery, expansions: Expansions, best: Scored | undefined): string | undefined {
  if (!best) return undefined;
  let changed = false;
  const words = query.units.map(({ parts }) =>
    parts
      .map((part) => {
        const correction = expansions.get(part)?.find((other) => best.corrections.has(other));
        if (correction) changed = true;
        return correction ?? part;
      })
      .join(' '),
  );
  return changed ? words.join(' ') : undefined;
}
