import { sql } from 'kysely';
import { keyToken, ownKeys } from '../analysis/analyse.ts';
import type { Database, Executor } from '../../../core/db/index.ts';
import { quotedWord as quoted, vectorMarks as marks } from '../filing/vectors.ts';
import { hasPhrase, type IndexQuery, withoutPhrases } from '../query/index-query.ts';
import { dictionaryOf, likeliestFirst, lookingUp, type Matching, trigramsOf, wordsOfEach } from './common.ts';
import { mostPhrases, type SearchEngine } from './engine.ts';
import { createParts } from './postgres-parts.ts';
import type { Slot } from './tables.ts';
import { andSeen } from './visible.ts';

const everything = `'${keyToken(ownKeys.any, '')}'`;

/** Writes a query in the language of tsquery. */
export function queryText(query: IndexQuery): string {
  if ('word' in query) return `${quoted(marks[query.field] + query.word)}${query.prefix ? ':*' : ''}`;
  if ('stem' in query) return quoted(marks.stem + query.stem);
  if ('phrase' in query) return `(${query.phrase.map(quoted).join(' <-> ')})`;
  if ('key' in query) return quoted(query.key);
  if ('not' in query) return `(${everything} & !${queryText(query.not)})`;
  const parts = 'all' in query ? query.all : query.any;
  if (parts.length === 0) return 'all' in query ? everything : `(${everything} & !${everything})`;
  return `(${parts.map(queryText).join('all' in query ? ' & ' : ' | ')})`;
}

/** After so many documents what the indexes have put aside is filed. */
const pendingDocuments = 2_000;

/** The engine on PostgreSQL: a tsvector for words, pg_trgm for parts of words. */
export function createPostgresEngine(db: Database): SearchEngine {
  const text = (slot: Slot) => sql.table(`search_text_${slot}`);
  const words = (slot: Slot) => sql.table(`search_word_${slot}`);
  const documentsOf = (slot: Slot) => sql.table(`search_document_${slot}`);
  const containing = (part: string) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const trigrams = (slot: Slot) => sql.ref(`search_word_${slot}_trigrams`);
  const names = (slot: Slot) => sql.ref(`search_document_${slot}_names`);
  const parts = createParts(db);
  /** how many documents each slot had when this was last done; `before` are those that were there when this process began to write */
  const known = new Map<Slot, { before: number; analysed: number; cleaned: number }>();
  /** Ids of documents that match, always by the index. The order of words is only looked at where all of them are. */
  const matching: Matching = (slot, query, limit, { visible, when }) => {
    const find = sql.raw(`search_find_${slot}`);
    const findSeen = sql.raw(`search_find_seen_${slot}`);
    const findAll = sql.raw(`search_find_all_${slot}`);
    // A condition on nothing of its own is looked at once, before anything is found.
    const where = when ? sql`where ${when}` : sql``;
    // Who sees a part gets the first of that part, however late it comes. In a list of columns a function gives row by row, so that it ends there.
    const found = (asked: string, most: number) => {
      if (!visible) return sql`${find}(${asked}::tsquery, ${most})`;
      const { known: bytes } = visible;
      if (bytes && !bytes.unsure)
        return sql`${findSeen}(${asked}::tsquery, ${most}, ${bytes.first}, (select bytes from known))`;
      return sql`(select every.id from (select ${findAll}(${asked}::tsquery) as id) every
        where true${andSeen('postgres', slot, sql.ref('every.id'), visible)} limit ${most})`;
    };
    if (!hasPhrase(query)) return sql`select id from ${found(queryText(query), limit)} as found (id) ${where}`;
    // Text by text, so that only texts that are near are unpacked.
    return sql`select near.id from (select id from ${found(queryText(withoutPhrases(query)), mostPhrases)} as near (id) ${where}) near
      cross join lateral (select words from ${text(slot)} where document_id = near.id offset 0) t
      where t.words @@ ${queryText(query)}::tsquery limit ${limit}`;
  };

  const clean = async (tx: Executor, slot: Slot) => {
    await parts.clean(tx, slot);
    for (const index of [`search_word_${slot}_trigrams`, `search_document_${slot}_names`])
      await sql`select gin_clean_pending_list(oid) from pg_class where oid = to_regclass(${index})`.execute(tx);
  };

  return {
    form: 'vectors',
    ...lookingUp('postgres', matching),
    ...dictionaryOf(
      (given) => sql`unnest(${given}::text[]) as asked (value)`,
      // With some hundred words the planner would rather read all of the dictionary, which takes several times as long.
      (slot) => sql`cross join lateral (select word, head from ${words(slot)} where word = asked.value offset 0) w`,
    ),
    async insertWords(tx, slot, filed) {
      if (filed.length === 0) return;
      await parts.ensure(
        tx,
        slot,
        filed.map(({ id }) => id),
      );
      await db.insertMany(tx, {
        table: `search_text_${slot}`,
        columns: { document_id: 'integer', words: 'tsvector' },
        rows: filed.map((each) => [each.id, each.filed[0]]),
      });
    },
    async deleteWords(tx, slot, ids) {
      await db.deleteByKeys(tx, { table: `search_text_${slot}`, column: 'document_id', type: 'integer', values: ids });
    },
    async insertDictionary(tx, slot, given) {
      const table = words(slot);
      await sql`insert into ${table} as w (word, head)
        select * from unnest(${given.map((word) => word.text)}::text[], ${given.map((word) => word.head)}::bigint[])
        on conflict (word) do update set head = excluded.head where w.head < excluded.head`.execute(tx);
    },
    async clear(tx, slot) {
      known.delete(slot);
      const tables = ['subject', 'document', 'body', 'value', 'word'].map((name) =>
        sql.table(`search_${name}_${slot}`),
      );
      await sql`truncate ${sql.join(tables)}`.execute(tx);
      // One pass over what is full is several times faster than adding to an index document by document.
      await parts.clear(tx, slot);
      await sql`drop index if exists ${trigrams(slot)}, ${names(slot)}`.execute(tx);
    },
    async loading(tx) {
      // A transaction that a crash takes away is done again, with the state that stands in it.
      await sql`set local synchronous_commit = off`.execute(tx);
    },
    async grown(tx, slot, documents) {
      const { before, analysed, cleaned } = known.get(slot) ?? {
        before: await documentsKnown(tx, slot),
        analysed: 0,
        cleaned: 0,
      };
      const again = documents < analysed || before + documents >= 4 * Math.max(before, analysed);
      const full = documents < cleaned || documents >= cleaned + pendingDocuments;
      known.set(slot, { before, analysed: again ? documents : analysed, cleaned: full ? documents : cleaned });
      // Before it has figures, the planner takes the tables for small and reads them from end to end.
      if (again) await analyze(tx, slot);
      if (full) await clean(tx, slot);
    },
    filled: (slot) => parts.indexFull(slot),
    async complete(slot) {
      const rest = db.transaction(async (tx) => {
        await sql`set local statement_timeout = 0`.execute(tx);
        const grams = sql`${sql.id(await trigramSchema(tx))}.gin_trgm_ops`;
        for (const [index, on] of [
          [trigrams(slot), sql`${words(slot)} using gin (word ${grams})`],
          [names(slot), sql`${documentsOf(slot)} using gin (joined_names ${grams})`],
        ] as const)
          await sql`create index if not exists ${index} on ${on}`.execute(tx);
        await analyze(tx, slot);
      });
      await Promise.all([rest, parts.complete(slot)]);
      await db.transaction((tx) => clean(tx, slot));
    },
    isWorn: (reader, slot) => parts.areWorn(reader, slot),

    async wordsWith(reader, slot, held, limit) {
      const holding = held.map(
        (
          part,
        ) => sql`select word, head from (select word, head from ${words(slot)} where word like ${containing(part)} limit 1000) w
          ${likeliestFirst} limit ${limit}`,
      );
      return wordsOfEach(reader, holding);
    },
    async wordsLike(reader, slot, word, limit) {
      const grams = trigramsOf(word);
      if (grams.length === 0) return [];
      const shared = grams.map((part) => sql`(word like ${containing(part)})::int`);
      const { rows } = await sql<{
        word: string;
      }>`select word from ${words(slot)} where word like any(${grams.map(containing)}::text[])
        and length(word) between ${word.length - 2} and ${word.length + 2}
        order by ${sql.join(shared, sql` + `)} desc, head desc, word limit ${limit}`.execute(reader);
      return rows.map((row) => row.word);
    },
    async namesWith(reader, slot, held, limit) {
      const holding = held.map(
        (part) =>
          sql`select joined_names as word, weight as head from ${documentsOf(slot)} where joined_names like ${containing(part)} limit ${limit}`,
      );
      return wordsOfEach(reader, holding);
    },
    async namesLike(reader, slot, word, limit) {
      const { rows } = await sql<{
        names: string;
      }>`select names from ${sql.raw(`search_names_like_${slot}`)}(${word}, ${limit}) as alike (names)`.execute(reader);
      return rows.map((row) => row.names);
    },
  };
}

/** How many documents an index had when its figures were made, 0 when they never were. */
async function documentsKnown(tx: Executor, slot: Slot): Promise<number> {
  const { rows } = await sql<{
    rows: number;
  }>`select reltuples::bigint as rows from pg_class where oid = to_regclass(${`search_document_${slot}`})`.execute(tx);
  return Math.max(0, rows[0]!.rows);
}

async function analyze(tx: Executor, slot: Slot): Promise<void> {
  for (const table of ['document', 'body', 'value', 'word', 'subject'])
    await sql`analyze ${sql.table(`search_${table}_${slot}`)}`.execute(tx);
}

/** The schema that the extension is in. */
async function trigramSchema(tx: Executor): Promise<string> {
  const { rows } = await sql<{
    schema: string;
  }>`select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'`.execute(
    tx,
  );
  return rows[0]!.schema;
}
