import type { Database } from '../../../core/db/index.ts';
import { collectGarbageLater } from '../../../core/memory/index.ts';
import type { Events, StoredEvent } from '../../../core/events/index.ts';
import type { Logger } from '../../../core/log/index.ts';
import type { Analyser } from '../analysis/analyser.ts';
import { type AnalysedDocument, analysisVersion } from '../analysis/analyse.ts';
import type { SearchEngine } from '../store/engine.ts';
import type { IndexStore, SubjectDocuments } from '../store/index-store.ts';
import { otherSlot, type SearchTables, type Slot } from '../store/tables.ts';
import type { SearchSource } from '../types.ts';

const batch = 200;
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

/** How a rebuild is told how far it is. */
export type RebuildContext = { signal: AbortSignal; progress(value: { type: string; documents: number }): void };

/**
 * Keeps the index as the sources are. Changes are written into the index that answers and, while one is being built, into that one as
 * well. Documents carry the version of the event log at which they were read, so that neither of the two writers undoes the other.
 */
export function createIndexer({ db, events, engine, store, analyser, sources }: Options) {
  const fingerprint = [analysisVersion, ...sources.map(({ type, version }) => `${type}@${version}`)].join(' ');

  const read = async (source: SearchSource, subjects: readonly string[]): Promise<SubjectDocuments[]> => {
    // First the version, then the documents: what they say is at least as new.
    const version = await events.latest();
    const documents = await source.toDocuments(subjects);
    const lists = subjects.map((subject) => documents.get(subject) ?? []);
    const all = lists.flat();
    const analysed: AnalysedDocument[] = [];
    for (let start = 0; start < all.length; start += portion)
      analysed.push(...(await analyser.documents(source.type, all.slice(start, start + portion))));
    let start = 0;
    return subjects.map((subject, index) => {
      const from = start;
      start += lists[index]!.length;
      return { subject, version, documents: analysed.slice(from, start) };
    });
  };

  /** Documents written since the start; a transaction that runs twice only makes it a little more. */
  const written: Record<Slot, number> = { a: 0, b: 0 };

  const write = (source: SearchSource, entries: readonly SubjectDocuments[]) =>
    db.transaction<SearchTables, void>(async (tx) => {
      const { active, building } = await store.state(tx);
      for (const slot of building ? [active, building] : [active]) {
        await store.hold(tx, slot);
        written[slot] += await store.replace(tx, slot, source.type, entries);
        await engine.grown(tx, slot, written[slot]);
      }
    });

  /** Subjects whose events the index has not seen yet. */
  const unseen = async (source: SearchSource, happened: readonly StoredEvent[]): Promise<string[]> => {
    const last = new Map(happened.map((event) => [event.subject, event.id]));
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
      await write(source, await read(source, part));
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

  const next = async (source: SearchSource, after: string | undefined) => {
    const subjects = await source.subjects(after, batch);
    return { subjects, entries: subjects.length > 0 ? await read(source, subjects) : [] };
  };

  const fill = async (slot: Slot, source: SearchSource, { signal, progress }: RebuildContext) => {
    const state = await store.state(db.reader());
    let { documents } = state;
    let reading = next(source, state.source === source.type ? (state.after ?? undefined) : undefined);
    for (;;) {
      signal.throwIfAborted();
      const { subjects, entries } = await reading;
      if (subjects.length === 0) return;
      const after = subjects.at(-1)!;
      // The next ones are read while these are written.
      reading = next(source, after);
      reading.catch(() => undefined);
      documents = await db.transaction<SearchTables, number>(async (tx) => {
        await store.hold(tx, slot);
        const now = documents + (await store.replace(tx, slot, source.type, entries));
        await engine.grown(tx, slot, now);
        await store.setState(tx, { source: source.type, after, documents: now });
        return now;
      });
      worked(entries.length);
      progress({ type: source.type, documents });
    }
  };

  return {
    fingerprint,

    /** Takes events in: each source hears those it asked for. */
    async consume(happened: readonly StoredEvent[]): Promise<void> {
      for (const source of sources) {
        const heard = happened.filter((event) => source.events.includes(event.type));
        const subjects = await unseen(source, heard);
        if (subjects.length === 0) continue;
        await update(source, subjects);
        const others = (await source.affected?.(subjects)) ?? [];
        const known = new Set(subjects);
        await update(
          source,
          others.filter((subject) => !known.has(subject)),
        );
      }
    },

    /** Builds the index anew beside the one that answers, then switches. */
    async rebuild(context: RebuildContext): Promise<void> {
      const slot = await begin();
      const { source: reached } = await store.state(db.reader());
      const first = Math.max(
        0,
        sources.findIndex(({ type }) => type === reached),
      );
      for (const source of sources.slice(first)) await fill(slot, source, context);
      await db.transaction((tx) => engine.complete(tx, slot));
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
