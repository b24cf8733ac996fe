import type { Database } from '../../../core/db/index.ts';
import { readProfile } from '../analysis/analyse.ts';
import type { Candidate, Facets, Look, SearchEngine } from '../store/engine.ts';
import { facetNames, type IndexStore } from '../store/index-store.ts';
import type { Slot } from '../store/tables.ts';
import type { SearchScope } from '../types.ts';
import { expandInside, expandTypos, merge, readBeginnings } from './expand.ts';
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
import { rank, type Reason, type Scored, scorerOf } from './score.ts';

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
  /** who asks, as the catalog was at this event, or later */
  asker(at: number): Promise<Asker>;
  /** what the asker may see of the catalog when it was at this event, or later; everything when there is none */
  scope?: (at: number) => Promise<SearchScope>;
};

/** How much matches, and of what kinds. */
export type Counts = Omit<Facets, 'total'> & {
  /** `atLeast` when counting ended before the end */
  total: { count: number; atLeast: boolean };
};

export type SearchOutcome = {
  query: ParsedQuery;
  expansions: Expansions;
  ranked: Scored[];
  /** nothing has all the words; these have some of them */
  partial: boolean;
  /** whether the index holds everything that has happened */
  isCurrent: boolean;
  bodies(ids: readonly number[]): Promise<Map<number, string>>;
  /** why a document stands where it does */
  reasons(document: Scored): Reason[];
  /** where it was asked for; nobody need wait for it before the results are written out */
  counts: Promise<Counts> | undefined;
  /** what was probably meant, when nothing has the words as they were typed */
  didYouMean?: string;
};

/** Documents that are ranked; more match only for words that say little. */
const ranking = { least: 150, most: 1_000 };
/** With fewer results words that hold the word are looked for, too. */
const enough = 40;
const counted = 2_000;

/** What fails ahead of its time is told to who asks for it. */
const ignore = () => undefined;

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}

type Tools = { db: Database; engine: SearchEngine; store: IndexStore };

/** Looks up, ranks and counts. Writes nothing. */
export async function search({ db, engine, store }: Tools, request: SearchRequest): Promise<SearchOutcome> {
  const frequent = db.frequent();
  const query = parseQuery(request.term);
  const hasWords = query.units.length + query.phrases.length > 0;
  const beginningsIn = (slot: Slot) => readBeginnings(query, { engine, reader: frequent, slot });

  // The index that answered last mostly answers still: its dictionary is asked while that is being found out.
  const likely = hasWords ? store.lastActive() : undefined;
  const guessed = likely && beginningsIn(likely);
  guessed?.catch(ignore);
  const state = await store.state(frequent);
  const { active: slot } = state;
  const dictionary = { engine, reader: frequent, slot };
  const [asker, visible, { short, starts, begun, inNames, unknown }] = await Promise.all([
    request.asker(state.at),
    request.scope?.(state.at).then((scope) => store.visible(state, scope)),
    (likely === slot && guessed) || beginningsIn(slot),
  ]);

  // What people may see has as many forms as there are roles; where it is known by ids it has one.
  const reader = visible && (!visible.known || visible.known.unsure) ? db.reader() : frequent;
  const conditions: IndexQuery[] = [
    ...(request.types ? [typeQuery(request.types)] : []),
    ...filterQueries(query.filters),
    ...filterQueries(request.filters ?? new Map()),
  ];
  const within = (part: IndexQuery) => allOf([part, ...conditions]);
  const limit = Math.min(Math.max(ranking.least, request.wanted * 2), ranking.most);
  const mine = [asker.ref, ...asker.groups];

  const found = new Map<number, Candidate>();
  const sequence = sequenceQuery(query);
  let isFirst = true;
  /** Whether everything that matches is among what was found. */
  let isAll = false;
  const look = async (queries: readonly IndexQuery[], more: Pick<Look, 'whenFew' | 'whenMany'> = {}) => {
    // On SQLite even to find nothing is to look at everything.
    const distinct = (list: readonly IndexQuery[] = []) => [
      ...new Map(list.filter((each) => !isNothing(each)).map((each) => [JSON.stringify(each), each])).values(),
    ];
    const wanted = distinct(queries).map(within);
    if (wanted.length === 0) return;
    const looked = await engine.candidates(reader, slot, {
      queries: wanted,
      whenFew: distinct(more.whenFew).map(within),
      whenMany: distinct(more.whenMany).map(within),
      // The order of words is the dearest to look at, and stays the same.
      ...(isFirst && sequence && { sequence: within(sequence) }),
      limit,
      term: query.joined,
      ...(visible && { visible }),
    });
    isFirst = false;
    isAll = looked.isAll;
    for (const candidate of looked.found) if (!found.has(candidate.id)) found.set(candidate.id, candidate);
  };

  let counting: Promise<Facets> | undefined;
  const count = (of: IndexQuery | readonly number[]) => {
    if (!request.count) return;
    if (Array.isArray(of) && !request.facets) {
      counting = Promise.resolve({ total: of.length, types: new Map(), values: [] });
      return;
    }
    counting = engine.facets(reader, slot, of, {
      names: request.facets ? facetNames : [],
      limit: counted,
      ...(visible && { visible }),
    });
    // It is waited for at the end; until then it must not count as unhandled.
    counting.catch(ignore);
  };

  let expansions: Expansions = short;
  let corrected = false;
  let partial = false;
  let close: Set<number> | undefined;
  if (!hasWords) {
    // Something was typed, and no word was in it: nothing can be found, unless a filter says what.
    const widest = query.text === '' || query.filters.size > 0 ? everything : nothing;
    count(within(widest));
    await look([widest, { all: [ownerQuery(mine), widest] }]);
  } else {
    const words = (field: WordField) => wordsQuery(query, field, { others: expansions, starts });
    const lookByField = (named: readonly IndexQuery[]) =>
      look([...named, words('name')], {
        whenFew: [words('head'), words('any')],
        // Words that say little: at least what is theirs should be among those that are ranked. A beginning is dear to look up, words are not.
        whenMany: [{ all: [ownerQuery(mine), words(starts.size > 0 ? 'head' : 'name')] }],
      });
    const insideOf = once(() => expandInside(query, inNames, dictionary));
    const typosOf = once(() => expandTypos(query, begun, dictionary));
    // What no word begins with is part of one or a mistake, and few things have several words: what they may stand for is asked for meanwhile.
    if (unknown)
      insideOf()
        .then((inside) => (inside.size === 0 ? typosOf() : undefined), ignore)
        .catch(ignore);
    else if (query.units.length > 1) insideOf().catch(ignore);
    // One word mostly has more than are ranked: they are counted meanwhile, too.
    const isOneWord = query.phrases.length === 0 && query.units.flatMap((unit) => unit.parts).length === 1;
    if (isOneWord && !unknown) count(within(words('any')));
    const lookWith = async (others: Expansions) => {
      if (others.size === 0) return;
      expansions = merge(expansions, others);
      counting = undefined;
      if (isOneWord) count(within(words('any')));
      await lookByField([]);
    };
    await lookByField([exactQuery(query), joinedQuery(query)]);
    const named = query.units.length > 0 && isNamed(found.values(), query.joined);
    if (found.size < (named ? 1 : enough)) {
      if (found.size === 0 && query.units.length > 1) typosOf().catch(ignore);
      await lookWith(await insideOf());
    }
    if (found.size === 0) {
      await lookWith(await typosOf());
      corrected = found.size > 0;
    }
    if (found.size === 0 && query.units.length + query.phrases.length > 1) {
      partial = true;
      const nearly = allButOneQueries(query, { others: expansions, starts });
      if (nearly.length > 0) await look(nearly);
      close = new Set(found.keys());
      const some = someWordQuery(query, { others: expansions, starts });
      count(within(some));
      await look([some]);
    } else if (isAll) count([...found.keys()]);
    else if (!counting) count(within(words('any')));
  }

  const candidates = [...found.values()];
  const facts = { asker: asker.ref, mine: new Set(mine), ...(close && { close }) };
  const score = scorerOf(query, expansions, facts);
  const ranked = rank(candidates.map((candidate) => score(candidate)));
  const didYouMean = corrected ? meant(query, expansions, ranked[0]) : undefined;
  return {
    query,
    expansions,
    ranked,
    partial,
    isCurrent: state.built_at !== null && state.heard !== null && state.heard >= state.at,
    bodies: (ids) => store.bodies(frequent, slot, ids),
    reasons(document) {
      const reasons: Reason[] = [];
      score(document, reasons);
      return reasons;
    },
    counts: counting?.then(({ total, types, values }) => ({
      total: { count: Math.max(total, found.size), atLeast: total >= counted },
      types,
      values,
    })),
    ...(didYouMean && { didYouMean }),
  };
}

/** Whether something of several words is called just so: then nobody means what holds these words inside others. */
const isNamed = (found: Iterable<Candidate>, joined: string): boolean =>
  [...found].some(({ profile }) => {
    // Taking a profile apart is dear, and few have the word in any way.
    if (!profile.includes(joined)) return false;
    const { joinedNames, names } = readProfile(profile);
    return names.split(' ').length > 2 && joinedNames.split(' ').includes(joined);
  });

/**
 * The query with the words that the best result has in place of those that nothing has. It says nothing that the result does not say,
 * so that nobody learns of words that they may not read.
 */
function meant(query: ParsedQuery, expansions: Expansions, best: Scored | undefined): string | undefined {
  if (!best) return undefined;
  let changed = false;
  const correctionOf = (word: string) => {
    const correction = expansions.get(word)?.find((other) => best.corrections.has(other));
    if (correction) changed = true;
    return correction;
  };
  const words = query.units.map(
    ({ parts, whole }) => (whole && correctionOf(whole)) ?? parts.map((part) => correctionOf(part) ?? part).join(' '),
  );
  return changed ? words.join(' ') : undefined;
}
