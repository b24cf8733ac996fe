import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { IndexQuery } from '../query/index-query.ts';
import type { Candidate, SearchEngine } from './engine.ts';
import type { Dialect } from '../../../core/db/index.ts';
import type { Slot } from './tables.ts';
import { seenDocument, type Visible, withKnown } from './visible.ts';

/** What ranking reads of a document, called `d`. */
const candidateColumns = sql`d.id, d.source as type, d.key, d.title, d.kind, d.owner, d.deprecated, d.weight, d.profile`;

type FacetRow = { name: string; value: string; count: number };

const valuesPerFacet = 50;
const totalName = '$total';
const typeName = '$type';

/** Counts of the documents that `found` selects: in all and, when names are given, by type and by value for each name. Follows `with`. */
function facetStatement(slot: Slot, found: RawBuilder<unknown>, names: readonly string[]): RawBuilder<unknown> {
  const documents = sql.table(`search_document_${slot}`);
  const values = sql.table(`search_value_${slot}`);
  const parts = [
    sql`select ${totalName} as name, '' as value, count(*) as count from found`,
    ...(names.length === 0
      ? []
      : [
          sql`select ${typeName} as name, d.source as value, count(*) as count from found f join ${documents} d on d.id = f.id group by d.source`,
          sql`select name, value, count from (select v.name, v.value, count(*) as count,
            row_number() over (partition by v.name order by count(*) desc, v.value) as place
            from found f join ${values} v on v.document_id = f.id where v.name in (${sql.join(names)}) group by v.name, v.value) x
            where place <= ${sql.lit(valuesPerFacet)}`,
        ]),
  ];
  return sql`found as materialized (${found}) ${sql.join(parts, sql` union all `)}`;
}

/** Sorts the rows of `facetStatement`. */
function readFacets(rows: readonly FacetRow[]) {
  const types = new Map<string, number>();
  const values: FacetRow[] = [];
  let total = 0;
  for (const { name, value, count } of rows) {
    if (name === totalName) total = Number(count);
    else if (name === typeName) types.set(value, Number(count));
    else values.push({ name, value, count: Number(count) });
  }
  return { total, types, values };
}

/** Ids of documents that match, by the index; those of the first that are seen, however late they come. Begin the statement by `withKnown`. */
export type Matching = (slot: Slot, query: IndexQuery, limit: number, visible?: Visible) => RawBuilder<unknown>;

type Found = Candidate & { total: number };

/** Candidates and counts, which are the same on both databases but for how ids are found. */
export function lookingUp(dialect: Dialect, matching: Matching): Pick<SearchEngine, 'candidates' | 'facets'> {
  return {
    async candidates(reader, slot, { queries, sequence, limit, visible }) {
      const known = visible?.known;
      // Some of what is found may not be seen: with twice as many there are mostly enough, and nothing is looked up a second time.
      const most = visible && !known ? 2 * limit : limit;
      const find = async (deep: boolean) => {
        const ids = (query: IndexQuery) =>
          deep ? matching(slot, query, limit, visible) : matching(slot, query, most, undefined);
        const pass = (query: IndexQuery, marked: 0 | 1) =>
          sql`select * from (select id, ${sql.lit(marked)} as sequence from (${ids(query)}) m) p${sql.lit(marked)}`;
        const passes = [...queries.map((query) => pass(query, 0)), ...(sequence ? [pass(sequence, 1)] : [])];
        const seen = visible && !deep ? sql`where ${seenDocument(visible, 'd')}` : sql``;
        const { rows } =
          await sql<Found>`${withKnown(dialect, known)}found as materialized (select id, max(sequence) as sequence from (
          ${sql.join(passes, sql` union all `)}) p group by id)
          select s.*, c.total from (select count(*) as total from found) c left join (
            select ${candidateColumns}, f.sequence from found f
            join ${sql.table(`search_document_${slot}`)} d on d.id = f.id ${seen}) s on true`.execute(reader);
        const total = Number(rows[0]!.total);
        return { total, found: rows.filter(({ id }) => id !== null) };
      };
      if (known) return (await find(true)).found;
      // What may be seen is decided once for each document, not for each way to it.
      const { total, found } = await find(false);
      return !visible || total < most || found.length >= limit ? found : (await find(true)).found;
    },
    async facets(reader, slot, query, { names, limit, visible }) {
      const counts = facetStatement(slot, matching(slot, query, limit, visible), names);
      const { rows } = await sql<FacetRow>`${withKnown(dialect, visible?.known)}${counts}`.execute(reader);
      return readFacets(rows);
    },
  };
}

/** Three characters in a row, each once. */
export function trigramsOf(word: string): string[] {
  const characters = Array.from(word);
  return [...new Set(characters.slice(2).map((_, index) => characters.slice(index, index + 3).join('')))];
}

const lastCharacter = '\u{10FFFF}';
const wordsOf = (slot: Slot) => sql.table(`search_word_${slot}`);

/**
 * The part of the dictionary that is the same on both databases. `asked` makes a table `asked (value)` of words, and `known` adds what the
 * dictionary has of them as `w`, word by word, by its index.
 */
export const dictionaryOf = (
  asked: (words: readonly string[]) => RawBuilder<unknown>,
  known: (slot: Slot) => RawBuilder<unknown>,
): Pick<SearchEngine, 'wordsFrom' | 'wordsAmong' | 'prefixesAmong'> => ({
  async wordsFrom(reader, slot, prefix, limit) {
    const { rows } = await sql<{ word: string }>`select word from (
      select word, head from ${wordsOf(slot)} where word >= ${prefix} and word < ${prefix + lastCharacter} limit 3000) w
      order by head desc, length(word), word limit ${limit}`.execute(reader);
    return rows.map((row) => row.word);
  },
  async wordsAmong(reader, slot, words) {
    if (words.length === 0) return [];
    const { rows } = await sql<{
      word: string;
    }>`select w.word from ${asked(words)} ${known(slot)}
      order by w.head desc, w.word`.execute(reader);
    return rows.map((row) => row.word);
  },
  async prefixesAmong(reader, slot, prefixes) {
    if (prefixes.length === 0) return [];
    const { rows } = await sql<{ value: string }>`select asked.value from ${asked(prefixes)} where exists (
      select 1 from ${wordsOf(slot)} w where w.word >= asked.value and w.word < asked.value || ${lastCharacter})`.execute(
      reader,
    );
    return rows.map((row) => row.value);
  },
});
