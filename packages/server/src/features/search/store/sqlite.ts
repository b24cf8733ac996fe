import { type RawBuilder, sql } from 'kysely';
import { keyToken, ownKeys } from '../analysis/analyse.ts';
import type { Database, Executor } from '../../../core/db/index.ts';
import { filedWord, tokenMarks as marks } from '../filing/tokens.ts';
import { hasPhrase, type IndexQuery, withoutPhrases } from '../query/index-query.ts';
import { dictionaryOf, likeliestFirst, lookingUp, type Matching, trigramsOf, wordsOfEach } from './common.ts';
import { mostPhrases, type SearchEngine } from './engine.ts';
import type { Slot } from './tables.ts';
import { andSeen } from './visible.ts';

/** While everything is taken in, nobody looks up, and putting segments together early is work for nothing. */
const mergesWhileFilled = 16;
const mergesAtRest = 4;
/** Pages of 4 kB that are put together in one transaction: others write in between. */
const pagesAtOnce = 250;

/** Words hold letters, digits and marks only, so that nothing in them can be an operator; the quotes make them words even so. */
const quoted = (word: string) => `"${word.replaceAll('"', '')}"`;
const filedAs = (mark: string, word: string) => quoted(mark + filedWord(word));
const everything = filedAs(marks.key, keyToken(ownKeys.any, ''));

/** Writes a query without phrases in the language of FTS5. */
export function matchText(query: IndexQuery): string {
  if ('word' in query) return `${filedAs(marks[query.field], query.word)}${query.prefix ? ' *' : ''}`;
  if ('stem' in query) return filedAs(marks.stem, query.stem);
  if ('phrase' in query) return matchText(withoutPhrases(query));
  if ('key' in query) return filedAs(marks.key, query.key);
  if ('not' in query) return `(${everything} NOT ${matchText(query.not)})`;
  if ('any' in query)
    return query.any.length === 0 ? `(${everything} NOT ${everything})` : `(${query.any.map(matchText).join(' OR ')})`;
  // NOT is a word between two parts here, so that what must not match comes last.
  const wanted = query.all.filter((part) => !('not' in part)).map(matchText);
  const unwanted = query.all.flatMap((part) => ('not' in part ? [matchText(part.not)] : []));
  const positive = wanted.length === 0 ? everything : wanted.join(' AND ');
  return unwanted.length === 0 ? `(${positive})` : `((${positive}) NOT (${unwanted.join(' OR ')}))`;
}

/** Longer words are looked for by quarters, which are as rare as the word is long; trigrams of all of it are in nearly every name. */
const longestByTrigrams = 11;

/** What names that look like a word have: some of its trigrams, or two of its quarters, as many as two mistakes leave. */
function likeness(word: string): string {
  const characters = Array.from(word);
  if (characters.length <= longestByTrigrams) return trigramsOf(word).map(quoted).join(' OR ');
  const place = (quarter: number) => Math.round((quarter * characters.length) / 4);
  const [first, second, third, last] = [0, 1, 2, 3].map((quarter) =>
    quoted(characters.slice(place(quarter), place(quarter + 1)).join('')),
  );
  return `(${first} AND (${second} OR ${third} OR ${last})) OR (${second} AND (${third} OR ${last})) OR (${third} AND ${last})`;
}

/** The engine on SQLite: FTS5 for words, FTS5 with trigrams for parts of words and of names. */
export function createSqliteEngine(db: Database): SearchEngine {
  const text = (slot: Slot) => sql.table(`search_text_${slot}`);
  const grams = (slot: Slot) => sql.table(`search_gram_${slot}`);
  const words = (slot: Slot) => sql.table(`search_word_${slot}`);
  const names = (slot: Slot) => sql.table(`search_name_${slot}`);
  const documentsOf = (slot: Slot) => sql.table(`search_document_${slot}`);
  const order = (slot: Slot) => sql.table(`search_order_${slot}`);
  const lookUp = (slot: Slot, query: IndexQuery) =>
    sql`select rowid as id from ${text(slot)} where ${text(slot)} match ${matchText(query)}`;
  /** Whether the words of a document, as `o.words`, stand in the order that the phrases of a query ask for. */
  const inOrder = (slot: Slot, query: IndexQuery): RawBuilder<unknown> => {
    if ('phrase' in query) return sql`instr(o.words, ${` ${query.phrase.join(' ')} `}) > 0`;
    if (!hasPhrase(query)) return sql`o.document_id in (${lookUp(slot, query)})`;
    if ('any' in query)
      return sql`(${sql.join(
        query.any.map((part) => inOrder(slot, part)),
        sql` or `,
      )})`;
    const parts = 'all' in query ? query.all.filter(hasPhrase) : [];
    return sql`(${sql.join(
      parts.map((part) => inOrder(slot, part)),
      sql` and `,
    )})`;
  };
  /** Ids of documents that match, always by the index. The order of words is only looked at where all of them are. */
  const matching: Matching = (slot, query, limit, { visible, when }) => {
    const seen = andSeen('sqlite', slot, sql.ref(`search_text_${slot}.rowid`), visible);
    // Nothing is looked at before the limit is known.
    const most = (count: number) => (when ? sql`case when ${when} then ${count} else 0 end` : sql`${count}`);
    if (!hasPhrase(query)) return sql`${lookUp(slot, query)}${seen} limit ${most(limit)}`;
    return sql`select o.document_id as id from (${lookUp(slot, withoutPhrases(query))}${seen} limit ${most(mostPhrases)}) near
      cross join ${order(slot)} o on o.document_id = near.id where ${inOrder(slot, query)} limit ${limit}`;
  };
  /** Has segments put together when there are so many of one size: the more there are, the longer a look-up takes. */
  const mergeAt = async (tx: Executor, slot: Slot, segments: number) => {
    await sql`insert into ${text(slot)} (${sql.ref(`search_text_${slot}`)}, rank) values ('automerge', ${sql.lit(segments)})`.execute(
      tx,
    );
  };
  /**
   * Puts a part of all segments together.
   *
   * @returns whether there is more to do: by SQLite's documentation of FTS5's `merge`, fewer than two changed rows say that there is not
   */
  const mergeOn = (slot: Slot, isFirst: boolean) =>
    db.transaction(async (tx) => {
      const changes = async () =>
        (await sql<{ changes: number }>`select total_changes() as changes`.execute(tx)).rows[0]!.changes;
      const before = await changes();
      // A negative number makes one level of all segments first.
      await sql`insert into ${text(slot)} (${sql.ref(`search_text_${slot}`)}, rank)
        values ('merge', ${sql.lit(isFirst ? -pagesAtOnce : pagesAtOnce)})`.execute(tx);
      return (await changes()) - before >= 2;
    });

  return {
    form: 'tokens',
    ...lookingUp('sqlite', matching),
    ...dictionaryOf(
      (given) => sql`json_each(${JSON.stringify(given)}) as asked`,
      (slot) => sql`join ${words(slot)} w on w.word = asked.value`,
    ),
    async insertWords(tx, slot, filed) {
      await db.insertMany(tx, {
        table: `search_text_${slot}`,
        columns: { rowid: 'integer', tokens: 'text' },
        rows: filed.map((each) => [each.id, each.filed[0]]),
      });
      await db.insertMany(tx, {
        table: `search_order_${slot}`,
        columns: { document_id: 'integer', words: 'text' },
        rows: filed.map((each) => [each.id, each.filed[1]]),
      });
      await db.insertMany(tx, {
        table: `search_name_${slot}`,
        columns: { rowid: 'integer', names: 'text' },
        rows: filed.filter((each) => each.joinedNames !== null).map((each) => [each.id, each.joinedNames]),
      });
    },
    async deleteWords(tx, slot, ids) {
      for (const table of [`search_text_${slot}`, `search_name_${slot}`])
        await db.deleteByKeys(tx, { table, column: 'rowid', type: 'integer', values: ids });
      await db.deleteByKeys(tx, {
        table: `search_order_${slot}`,
        column: 'document_id',
        type: 'integer',
        values: ids,
      });
    },
    async insertDictionary(tx, slot, given) {
      const table = `search_word_${slot}`;
      const known = await db.selectByKeys<{ id: number; word: string; head: number }>(tx, {
        table,
        column: 'word',
        type: 'text',
        values: given.map((word) => word.text),
        select: ['id', 'word', 'head'],
      });
      const heads = new Map(known.map((row) => [row.word, row.head]));
      const raised = given.filter(({ text: word, head }) => head > (heads.get(word) ?? head));
      if (raised.length > 0)
        await sql`update ${words(slot)} as w set head = given.value ->> 'head' from json_each(${JSON.stringify(raised)}) as given
          where w.word = given.value ->> 'text'`.execute(tx);
      const fresh = given.filter((word) => !heads.has(word.text));
      const ids = await db.allocateIds(tx, table, fresh.length);
      await db.insertMany(tx, {
        table,
        columns: { id: 'integer', word: 'text', head: 'integer' },
        rows: fresh.map(({ text: word, head }, index) => [ids[index], word, head]),
      });
      await db.insertMany(tx, {
        table: `search_gram_${slot}`,
        columns: { rowid: 'integer', word: 'text' },
        rows: fresh.map(({ text: word }, index) => [ids[index], word]),
      });
    },
    async clear(tx, slot) {
      for (const table of ['subject', 'document', 'body', 'value', 'word', 'order'])
        await sql`delete from ${sql.table(`search_${table}_${slot}`)}`.execute(tx);
      for (const table of [`search_text_${slot}`, `search_gram_${slot}`, `search_name_${slot}`])
        await sql`insert into ${sql.table(table)} (${sql.ref(table)}) values ('delete-all')`.execute(tx);
      await mergeAt(tx, slot, mergesWhileFilled);
    },
    loading: async () => undefined,
    grown: async () => undefined,
    filled: () => undefined,
    async complete(slot) {
      await db.transaction((tx) => mergeAt(tx, slot, mergesAtRest));
      // A look-up goes through every segment, and filling leaves many: in one, several words are found in half the time.
      let more = await mergeOn(slot, true);
      while (more) more = await mergeOn(slot, false);
    },
    isWorn: async () => false,

    async wordsWith(reader, slot, parts, limit) {
      const holding = parts.map(
        (
          part,
        ) => sql`select w.word, w.head from (select rowid as id from ${grams(slot)} where ${grams(slot)} match ${quoted(part)} limit 1000) g
          join ${words(slot)} w on w.id = g.id ${likeliestFirst} limit ${limit}`,
      );
      return wordsOfEach(reader, holding);
    },
    async wordsLike(reader, slot, word, limit) {
      const parts = trigramsOf(word).map(quoted).join(' OR ');
      if (!parts) return [];
      const { rows } = await sql<{
        word: string;
      }>`select w.word from (select rowid as id, rank from ${grams(slot)} where ${grams(slot)} match ${parts} order by rank limit 400) g
        join ${words(slot)} w on w.id = g.id where abs(length(w.word) - ${word.length}) <= 2 order by g.rank limit ${limit}`.execute(
        reader,
      );
      return rows.map((row) => row.word);
    },
    async namesWith(reader, slot, parts, limit) {
      const holding = parts.map(
        (
          part,
        ) => sql`select d.joined_names as word, d.weight as head from (select rowid as id from ${names(slot)} where ${names(slot)} match ${quoted(part)} limit ${limit}) g
          join ${documentsOf(slot)} d on d.id = g.id`,
      );
      return wordsOfEach(reader, holding);
    },
    async namesLike(reader, slot, word, limit) {
      const alike = likeness(word);
      if (!alike) return [];
      const { rows } = await sql<{
        names: string;
      }>`select d.joined_names as names from (select rowid as id, rank from ${names(slot)} where ${names(slot)} match ${alike} order by rank limit ${limit}) g
        join ${documentsOf(slot)} d on d.id = g.id order by g.rank`.execute(reader);
      return rows.map((row) => row.names);
    },
  };
}
