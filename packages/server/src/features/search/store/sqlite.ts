import { sql } from 'kysely';
import { keyToken, ownKeys } from '../analysis/analyse.ts';
import type { Database } from '../../../core/db/index.ts';
import type { IndexQuery, WordField } from '../query/index-query.ts';
import { candidateColumns, dictionaryOf, facetStatement, type FacetRow, readFacets } from './common.ts';
import type { Candidate, SearchEngine } from './engine.ts';
import type { Slot } from './tables.ts';

const columns: Record<WordField, string> = { name: 'names', head: '{names head}', any: '{names head prose}' };
const everything = `keys : "${keyToken(ownKeys.any, '')}"`;

/** Words hold letters, digits and marks only, so that nothing in them can be an operator; the quotes make them words even so. */
const quoted = (word: string) => `"${word.replaceAll('"', '')}"`;

/** Writes a query in the language of FTS5. */
export function matchText(query: IndexQuery): string {
  if ('word' in query) return `${columns[query.field]} : ${quoted(query.word)}${query.prefix ? ' *' : ''}`;
  if ('stem' in query) return `stems : ${quoted(query.stem)}`;
  if ('phrase' in query) return `${columns.any} : ${quoted(query.phrase.join(' '))}`;
  if ('key' in query) return `keys : ${quoted(query.key)}`;
  if ('not' in query) return `(${everything} NOT ${matchText(query.not)})`;
  if ('any' in query)
    return query.any.length === 0 ? `(${everything} NOT ${everything})` : `(${query.any.map(matchText).join(' OR ')})`;
  // NOT is a word between two parts here, so that what must not match comes last.
  const wanted = query.all.filter((part) => !('not' in part)).map(matchText);
  const unwanted = query.all.flatMap((part) => ('not' in part ? [matchText(part.not)] : []));
  const positive = wanted.length === 0 ? everything : wanted.join(' AND ');
  return unwanted.length === 0 ? `(${positive})` : `((${positive}) NOT (${unwanted.join(' OR ')}))`;
}

/** Three characters in a row, each once. */
const trigramsOf = (word: string): string[] => {
  const characters = Array.from(word);
  return [...new Set(characters.slice(2).map((_, index) => characters.slice(index, index + 3).join('')))];
};

/** The engine on SQLite: FTS5 for words, FTS5 with trigrams for parts of words. */
export function createSqliteEngine(db: Database): SearchEngine {
  const text = (slot: Slot) => sql.table(`search_text_${slot}`);
  const grams = (slot: Slot) => sql.table(`search_gram_${slot}`);
  const words = (slot: Slot) => sql.table(`search_word_${slot}`);
  return {
    ...dictionaryOf((given) => sql`json_each(${JSON.stringify(given)}) as asked`),
    async insertWords(tx, slot, documents) {
      await db.insertMany(tx, {
        table: `search_text_${slot}`,
        columns: { rowid: 'integer', names: 'text', head: 'text', prose: 'text', stems: 'text', keys: 'text' },
        rows: documents.map(({ id, names, head, prose, stems, keys }) => [id, names, head, prose, stems, keys]),
      });
    },
    async deleteWords(tx, slot, ids) {
      await db.deleteByKeys(tx, { table: `search_text_${slot}`, column: 'rowid', type: 'integer', values: ids });
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
      const raised = given.filter((word) => word.head === 1 && heads.get(word.text) === 0).map((word) => word.text);
      if (raised.length > 0)
        await sql`update ${words(slot)} set head = 1 where word in (select value from json_each(${JSON.stringify(raised)}))`.execute(
          tx,
        );
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
      for (const table of ['subject', 'document', 'body', 'value', 'word'])
        await sql`delete from ${sql.table(`search_${table}_${slot}`)}`.execute(tx);
      for (const table of [`search_text_${slot}`, `search_gram_${slot}`])
        await sql`insert into ${sql.table(table)} (${sql.ref(table)}) values ('delete-all')`.execute(tx);
    },
    grown: async () => undefined,
    // An index that took everything in large batches consists of few segments already.
    complete: async () => undefined,

    async candidates(reader, slot, { queries, sequence, limit }) {
      const pass = (query: IndexQuery, marked: 0 | 1) =>
        sql`select * from (select rowid as id, ${sql.lit(marked)} as sequence from ${text(slot)} where ${text(slot)} match ${matchText(query)} limit ${limit})`;
      const passes = [...queries.map((query) => pass(query, 0)), ...(sequence ? [pass(sequence, 1)] : [])];
      const { rows } = await sql<Candidate>`with found as materialized (select id, max(sequence) as sequence from (
        ${sql.join(passes, sql` union all `)}) p group by id)
        select ${candidateColumns}, f.sequence from found f join ${sql.table(`search_document_${slot}`)} d on d.id = f.id`.execute(
        reader,
      );
      return rows;
    },
    async facets(reader, slot, query, { names, limit }) {
      const found = sql`select rowid as id from ${text(slot)} where ${text(slot)} match ${matchText(query)} limit ${limit}`;
      return readFacets((await facetStatement(slot, found, names).execute(reader)).rows as FacetRow[]);
    },
    async wordsWith(reader, slot, part, limit) {
      if (Array.from(part).length < 3) return [];
      const { rows } = await sql<{
        word: string;
      }>`select w.word from (select rowid as id from ${grams(slot)} where ${grams(slot)} match ${quoted(part)} limit 1000) g
        join ${words(slot)} w on w.id = g.id order by w.head desc, length(w.word), w.word limit ${limit}`.execute(
        reader,
      );
      return rows.map((row) => row.word);
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
  };
}
