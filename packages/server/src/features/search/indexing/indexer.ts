import type { Database, Executor } from '../../../core/db/index.ts';
import { collectGarbageLater } from '../../../core/memory/index.ts';
import type { Events, StoredEvent } from '../../../core/events/index.ts';
import type { Logger } from '../../../core/log/index.ts';
import type { Analyser } from '../analysis/analyser.ts';
import { analysisVersion } from '../analysis/analyse.ts';
import type { DictionaryWord, SearchEngine } from '../store/engine.ts';
import type { IndexStore, SubjectDocuments } from '../store/index-store.ts';
import { otherSlot, type SearchTables, type Slot, type StateRow } from '../store/tables.ts';
import type { SearchDocument, SearchSource } from '../types.ts';

/** Subjects that are read at once, at most. */
const batch = 400;
/** A rebuild writes about so many documents in one transaction: fewer make the index slow to fill, more make other writers wait. */
const transaction = 1_000;
/** So many of these are on their way while one is written: reading and taking apart are quicker at times, slower at others. */
const batchesAhead = 3;
/** Words that a rebuild remembers to have written: most of a text has been there before. */
const rememberedWords = 200_000;
/** A rebuild begins with so few, as it does not know how many documents a subject has. */
const firstBatch = 20;
/** So many documents at once are taken apart and written: handing more to another thread would hold up this one. */
const portion = 100;
/** After so many documents there is garbage that is worth collecting once there is nothing to do. */
const largeWork = 200;

type Options = {
  db: Database;
  events: Events;
  log: Logger;
  engine: SearchEngine;
  store: IndexStore;
  analyser: Analyser;
  sources: readonly SearchSource[];
};

/** Words of documents, with `head` of `DictionaryWord`. */
type Words = Map<string, number>;
type Reading = { entries: SubjectDocuments[]; words: Words };
/** What subjects have to say, before its words are made. */
type Told = { subjects: readonly string[]; version: number; lists: readonly SearchDocument[][]; documents: number };

/** What a rebuild writes in one transaction; `last` is the last of its subjects. */
type Batch = { source: SearchSource; analyses: Promise<Reading>[]; documents: number; last: string | undefined };

/** The same in pieces of subjects that fit into a transaction: some have very many documents. */
function* pieces({ subjects, version, lists }: Told): Generator<Told> {
  let start = 0;
  let documents = 0;
  for (const [index, list] of lists.entries()) {
    documents += list.length;
    const after = lists[index + 1]?.length ?? Number.POSITIVE_INFINITY;
    if (documents + after <= transaction) continue;
    yield { subjects: subjects.slice(start, index + 1), version, lists: lists.slice(start, index + 1), documents };
    start = index + 1;
    documents = 0;
  }
}

const listOf = (words: Words): DictionaryWord[] => [...words].map(([text, head]) => ({ text, head }));

/** How a rebuild is told how far it is. */
export type RebuildContext = { signal: AbortSignal; progress(value: { type: string; documents: number }): void };

/**
 * Keeps the index as the sources are. Changes are written into the index that answers and, while one is being built, into that one as
 * well. Documents carry the version of the event log at which they were read, so that neither of the two writers undoes the other.
 */
export function createIndexer({ db, events, engine, store, analyser, sources }: Options) {
  const fingerprint = [analysisVersion, ...sources.map(({ type, version }) => `${type}@${version}`)].join(' ');

  const ask = async (source: SearchSource, subjects: readonly string[]): Promise<Told> => {
    // First the version, then the documents: what they say is at least as new.
    const version = await events.latest();
    const documents = await source.toDocuments(subjects);
    const lists = subjects.map((subject) => documents.get(subject) ?? []);
    return { subjects, version, lists, documents: lists.reduce((sum, list) => sum + list.length, 0) };
  };

  const analyse = async (source: SearchSource, { subjects, version, lists }: Told): Promise<Reading> => {
    const all = lists.flat();
    const portions = Array.from({ length: Math.ceil(all.length / portion) }, (_, index) =>
      analyser.documents(engine.form, source.type, all.slice(index * portion, (index + 1) * portion)),
    );
    const filings = await Promise.all(portions);
    const filed = filings.flatMap(({ documents: part }) => part);
    const words: Words = new Map();
    for (const filing of filings)
      for (const [head, list] of filing.words.entries())
        for (const word of list.split(' ')) if (word && (words.get(word) ?? -1) < head) words.set(word, head);
    let start = 0;
    const entries = subjects.map((subject, index) => {
      const from = start;
      start += lists[index]!.length;
      const documents = filed.slice(from, start).map((each, place) => ({
        ...each,
        // What is not said to be everybody's is for those who may read its subject.
        entityRef: lists[index]![place]!.resourceRef ?? (source.open ? '' : subject),
      }));
      return { subject, version, documents };
    });
    return { entries, words };
  };

  /** Documents written since the start; a transaction that runs twice only makes it a little more. */
  const written: Record<Slot, number> = { a: 0, b: 0 };

  const write = async (source: SearchSource, { entries, words }: Reading) => {
    const into = async (tx: Executor, slot: Slot) => {
      await store.hold(tx, slot);
      written[slot] += await store.replace(tx, slot, source.type, entries);
      await store.addWords(tx, slot, listOf(words));
      await engine.grown(tx, slot, written[slot]);
    };
    const building = await db.transaction<SearchTables, Slot | null>(async (tx) => {
      const state = await store.state(tx);
      await into(tx, state.active);
      return state.building;
    });
    // Apart, as it may have to wait for what is being made of that index; should it begin to answer in between, it is written even so.
    if (building) await db.transaction((tx) => into(tx, building));
  };

  /** Subjects whose documents were read before the events that are given for them. */
  const unseen = async (source: SearchSource, last: ReadonlyMap<string, number>): Promise<string[]> => {
    if (last.size === 0) return [];
    const { active, building } = await store.state(db.reader());
    const subjects = [...last.keys()];
    const versions = await Promise.all(
      (building ? [active, building] : [active]).map((slot) =>
        store.versions(db.reader(), slot, source.type, subjects),
      ),
    );
    return subjects.filter((subject) => versions.some((known) => (known.get(subject) ?? 0) < last.get(subject)!));
  };

  let since = 0;
  const worked = (documents: number) => {
    since += documents;
    if (since < largeWork) return;
    since = 0;
    collectGarbageLater();
  };

  const update = async (source: SearchSource, subjects: readonly string[]) => {
    for (let start = 0; start < subjects.length; start += batch) {
      const part = subjects.slice(start, start + batch);
      for (const piece of pieces(await ask(source, part))) await write(source, await analyse(source, piece));
      worked(part.length);
    }
  };

  /** Prepares the index beside the one that answers, or goes on with one that an earlier run has left. */
  const begin = () =>
    db.transaction<SearchTables, Slot>(async (tx) => {
      const { active, building, build_fingerprint: built } = await store.state(tx);
      if (building && built === fingerprint) return building;
      const slot = otherSlot(active);
      await store.hold(tx, slot);
      await engine.clear(tx, slot);
      await store.setState(tx, {
        building: slot,
        build_fingerprint: fingerprint,
        source: null,
        after: null,
        documents: 0,
        started_at: Date.now(),
      });
      return slot;
    });

  /** Reads subjects in their order, as many at once as have about as many documents as fit into a transaction. */
  async function* readings(source: SearchSource, after: string | undefined): AsyncGenerator<Told> {
    let last = after;
    let size = firstBatch;
    for (;;) {
      const part = await source.subjects(last, size);
      if (part.length === 0) return;
      last = part.at(-1)!;
      const told = await ask(source, part);
      yield* pieces(told);
      const fitting = Math.round((part.length * transaction) / Math.max(told.documents, 1));
      size = Math.min(Math.max(Math.min(fitting, 4 * size), 1), batch);
    }
  }

  /** What fits into a transaction. Words are made meanwhile, and may not be ready yet when everything is read. */
  const next = async (source: SearchSource, told: AsyncGenerator<Told>): Promise<Batch> => {
    const analyses: Promise<Reading>[] = [];
    let last: string | undefined;
    let documents = 0;
    let subjects = 0;
    while (documents < transaction && subjects < transaction) {
      const { value, done } = await told.next();
      if (done) break;
      const analysis = analyse(source, value);
      // Whoever awaits it is told; until then it is not unheard of.
      analysis.catch(() => undefined);
      analyses.push(analysis);
      last = value.subjects.at(-1);
      documents += value.documents;
      subjects += value.subjects.length;
    }
    return { source, analyses, documents, last };
  };

  /** Everything that the sources have, from where an earlier run has come to. */
  async function* batches({ source: reached, after }: Pick<StateRow, 'source' | 'after'>): AsyncGenerator<Batch> {
    const first = Math.max(
      0,
      sources.findIndex(({ type }) => type === reached),
    );
    for (const source of sources.slice(first)) {
      const told = readings(source, reached === source.type ? (after ?? undefined) : undefined);
      for (;;) {
        const made = await next(source, told);
        if (made.analyses.length === 0) break;
        yield made;
      }
    }
  }

  const fill = async (slot: Slot, { signal, progress }: RebuildContext) => {
    const known: Words = new Map();
    /** Those words of readings that the dictionary may not have yet. */
    const fresh = (made: readonly Reading[]): Words => {
      const words: Words = new Map();
      for (const reading of made)
        for (const [word, head] of reading.words)
          if ((known.get(word) ?? -1) < head && (words.get(word) ?? -1) < head) words.set(word, head);
      return words;
    };
    const state = await store.state(db.reader());
    let { documents } = state;
    const read = batches(state);
    // The next ones are read, and their words made, while the words of these are written.
    const coming: Promise<IteratorResult<Batch>>[] = [];
    for (;;) {
      while (coming.length < batchesAhead) {
        const reading = read.next();
        reading.catch(() => undefined);
        coming.push(reading);
      }
      const { value: made, done } = await coming.shift()!;
      signal.throwIfAborted();
      if (done) return;
      const { type } = made.source;
      const ready = await Promise.all(made.analyses);
      signal.throwIfAborted();
      const words = fresh(ready);
      const entries = ready.flatMap((reading) => reading.entries);
      documents = await db.transaction<SearchTables, number>(async (tx) => {
        await store.hold(tx, slot);
        await engine.loading(tx);
        const now = documents + (await store.replace(tx, slot, type, entries));
        await store.addWords(tx, slot, listOf(words));
        await engine.grown(tx, slot, now);
        await store.setState(tx, { source: type, after: made.last!, documents: now });
        return now;
      });
      engine.filled(slot);
      if (known.size > rememberedWords) known.clear();
      for (const [word, head] of words) known.set(word, head);
      worked(made.documents);
      progress({ type, documents });
    }
  };

  return {
    fingerprint,

    /** Takes events in: each source hears those it asked for. */
    async consume(happened: readonly StoredEvent[]): Promise<void> {
      for (const source of sources) {
        const heard = happened.filter((event) => source.events.includes(event.type));
        const subjects = await unseen(source, new Map(heard.map((event) => [event.subject, event.id])));
        if (subjects.length === 0) continue;
        await update(source, subjects);
        const others = (await source.affected?.(subjects)) ?? [];
        const newest = heard.at(-1)!.id;
        // In a first reading most of them were read after these events, and say already what they changed.
        for (let start = 0; start < others.length; start += batch) {
          const part = others.slice(start, start + batch);
          await update(source, await unseen(source, new Map(part.map((subject) => [subject, newest]))));
        }
      }
    },

    /** Where there never was an index, and nothing to put into it, the empty one is complete: events bring the rest. */
    async beginEmpty(): Promise<boolean> {
      const { built_at: builtAt, building } = await store.state(db.reader());
      if (builtAt !== null || building !== null) return false;
      const first = await Promise.all(sources.map((source) => source.subjects(undefined, 1)));
      if (first.some((subjects) => subjects.length > 0)) return false;
      await db.transaction<SearchTables, void>((tx) => store.setState(tx, { fingerprint, built_at: Date.now() }));
      return true;
    },

    /** Builds the index anew beside the one that answers, then switches. */
    async rebuild(context: RebuildContext): Promise<void> {
      const slot = await begin();
      await fill(slot, context);
      await engine.complete(slot);
      await db.transaction<SearchTables, void>(async (tx) => {
        await store.hold(tx, slot);
        await store.setState(tx, {
          active: slot,
          building: null,
          build_fingerprint: null,
          source: null,
          after: null,
          fingerprint,
          built_at: Date.now(),
        });
      });
    },
  };
}

export type Indexer = ReturnType<typeof createIndexer>;
