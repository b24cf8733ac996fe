import type { Transaction } from 'kysely';
import type { Database, Executor } from '../../../core/db/index.ts';
import type { Events } from '../../../core/events/index.ts';
import type { FiledDocument } from '../filing/filing.ts';
import type { DictionaryWord, SearchEngine } from './engine.ts';
import { createKnownDocuments } from './known-documents.ts';
import type { IndexState, SearchTables, Slot, StateRow } from './tables.ts';

/**
 * What one subject has to say. `version` is a cursor of the event log: everything up to there is in the documents. Each has the ref of the
 * entity whose readers may find it, which is empty for everybody.
 */
export type SubjectDocuments = {
  subject: string;
  version: number;
  documents: (FiledDocument & { entityRef: string })[];
};

/** Values that are counted as facets; others can only be filtered by. */
export const facetNames = ['kind', 'type', 'lifecycle', 'owner', 'tag', 'namespace', 'system'] as const;

/** Search's name among those who follow the event log. */
export const consumer = 'search';

const insertSubjects = 5_000;
/** More rows at once would hold up the main thread while they are put together. */
const insertDocuments = 500;

/** Writes and reads what the index holds, apart from words. */
export function createIndexStore(db: Database, engine: SearchEngine, events: Pick<Events, 'newest' | 'cursorOf'>) {
  /** the index that answered when this was last asked */
  let lastActive: Slot | undefined;

  const subjectRows = async (executor: Executor, slot: Slot, source: string, subjects: readonly string[]) =>
    (
      await db.selectByKeys<{ source: string; subject: string; version: number }>(executor, {
        table: `search_subject_${slot}`,
        column: 'subject',
        type: 'text',
        values: subjects,
        select: ['source', 'subject', 'version'],
      })
    ).filter((row) => row.source === source);

  const removeDocuments = async (tx: Executor, slot: Slot, source: string, subjects: readonly string[]) => {
    const rows = await db.selectByKeys<{ id: number; source: string }>(tx, {
      table: `search_document_${slot}`,
      column: 'subject',
      type: 'text',
      values: subjects,
      select: ['id', 'source'],
    });
    const ids = rows.filter((row) => row.source === source).map((row) => row.id);
    if (ids.length === 0) return;
    const of = (table: string, column: string) =>
      db.deleteByKeys(tx, { table: `search_${table}_${slot}`, column, type: 'integer', values: ids });
    await engine.deleteWords(tx, slot, ids);
    await of('value', 'document_id');
    await of('body', 'document_id');
    await of('document', 'id');
  };

  type Pair = { subject: string; document: SubjectDocuments['documents'][number] };

  const addDocuments = async (
    tx: Executor,
    slot: Slot,
    source: string,
    pairs: readonly Pair[],
    ids: readonly number[],
  ) => {
    const documents = pairs.map(({ subject, document }, index) => ({ ...document, subject, id: ids[index]! }));
    await db.insertMany(tx, {
      table: `search_document_${slot}`,
      columns: {
        id: 'integer',
        source: 'text',
        subject: 'text',
        key: 'text',
        title: 'text',
        kind: 'text',
        owner: 'text',
        deprecated: 'integer',
        weight: 'integer',
        joined_names: 'text',
        profile: 'text',
        entity_ref: 'text',
      },
      rows: documents.map((each) => [
        each.id,
        source,
        each.subject,
        each.key,
        each.title,
        each.kind,
        each.owner,
        each.deprecated,
        each.weight,
        each.joinedNames,
        each.profile,
        each.entityRef,
      ]),
    });
    await db.insertMany(tx, {
      table: `search_body_${slot}`,
      columns: { document_id: 'integer', body: 'text' },
      rows: documents.map(({ id, body }) => [id, body]),
    });
    const counted = new Set<string>(facetNames);
    await db.insertMany(tx, {
      table: `search_value_${slot}`,
      columns: { document_id: 'integer', name: 'text', value: 'text' },
      rows: documents.flatMap(({ id, values }) =>
        values.filter(([name]) => counted.has(name)).map(([name, value]) => [id, name, value]),
      ),
    });
    await engine.insertWords(tx, slot, documents);
  };

  return {
    /** One writer of an index at a time, so that comparing versions and writing are one step. */
    hold: (tx: Executor, slot: Slot) => db.exclusive(tx, `search/${slot}`),

    async state(executor: Executor): Promise<IndexState> {
      const {
        last_a: a,
        last_b: b,
        at,
        ...state
      } = await (executor as Transaction<SearchTables>)
        .selectFrom('search_state')
        .selectAll()
        .select((build) => [
          build.selectFrom('search_document_a').select(build.fn.max('id').as('id')).as('last_a'),
          build.selectFrom('search_document_b').select(build.fn.max('id').as('id')).as('last_b'),
          events.newest.as('at'),
          events.cursorOf(consumer).as('heard'),
        ])
        .executeTakeFirstOrThrow();
      lastActive = state.active;
      return { ...state, last: Number((state.active === 'a' ? a : b) ?? 0), at: Number(at) };
    },
    /** The index that answered when its state was last read: most probably it still does. */
    lastActive: () => lastActive,
    /** What the asker may find; see `createKnownDocuments`. */
    visible: createKnownDocuments(db),
    async setState(tx: Executor, values: Partial<StateRow>): Promise<void> {
      await (tx as Transaction<SearchTables>).updateTable('search_state').set(values).execute();
    },
    /** How far each subject is known; those never heard of are missing. */
    async versions(executor: Executor, slot: Slot, source: string, subjects: readonly string[]) {
      return new Map((await subjectRows(executor, slot, source, subjects)).map((row) => [row.subject, row.version]));
    },
    /** Makes sure that the dictionary has these words. */
    addWords: (tx: Executor, slot: Slot, words: readonly DictionaryWord[]) =>
      words.length === 0
        ? Promise.resolve()
        : engine.insertDictionary(
            tx,
            slot,
            words.toSorted((a, b) => (a.text < b.text ? -1 : 1)),
          ),
    /** Replaces what subjects have in an index, except where it knows later things already. Returns how many documents were written. */
    async replace(tx: Executor, slot: Slot, source: string, entries: readonly SubjectDocuments[]): Promise<number> {
      const subjects = entries.map((entry) => entry.subject);
      const versions = await this.versions(tx, slot, source, subjects);
      const fresh = entries.filter((entry) => entry.version >= (versions.get(entry.subject) ?? 0));
      const known = fresh.filter((entry) => versions.has(entry.subject)).map((entry) => entry.subject);
      await removeDocuments(tx, slot, source, known);
      const pairs = fresh.flatMap(({ subject, documents }) => documents.map((document) => ({ subject, document })));
      // All at once: on SQLite this statement has everything filed that the transaction has filed so far, and in small parts that is dear.
      const ids = await db.allocateIds(tx, `search_document_${slot}`, pairs.length);
      for (let start = 0; start < pairs.length; start += insertDocuments) {
        const end = start + insertDocuments;
        await addDocuments(tx, slot, source, pairs.slice(start, end), ids.slice(start, end));
      }
      for (let start = 0; start < fresh.length; start += insertSubjects)
        await db.insertMany(tx, {
          table: `search_subject_${slot}`,
          columns: { source: 'text', subject: 'text', version: 'integer' },
          rows: fresh.slice(start, start + insertSubjects).map(({ subject, version }) => [source, subject, version]),
          conflict: { columns: ['subject', 'source'], action: { update: ['version'] } },
        });
      return fresh.reduce((sum, entry) => sum + entry.documents.length, 0);
    },
    /** Documents by type, for Admin. */
    async counts(executor: Executor, slot: Slot): Promise<Record<string, number>> {
      const rows = await (executor as Transaction<SearchTables>)
        .selectFrom(`search_document_${slot}`)
        .select((build) => ['source', build.fn.countAll<number>().as('count')])
        .groupBy('source')
        .execute();
      return Object.fromEntries(rows.map((row) => [row.source, Number(row.count)]));
    },
    /** JSON texts of documents, by id. */
    async bodies(executor: Executor, slot: Slot, ids: readonly number[]): Promise<Map<number, string>> {
      const rows = await db.selectByKeys<{ document_id: number; body: string }>(executor, {
        table: `search_body_${slot}`,
        column: 'document_id',
        type: 'integer',
        values: ids,
        select: ['document_id', 'body'],
      });
      return new Map(rows.map((row) => [row.document_id, row.body]));
    },
  };
}

export type IndexStore = ReturnType<typeof createIndexStore>;
