import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { IndexQuery } from '../query/index-query.ts';
import type { Dialect, Executor } from '../../../core/db/index.ts';
import type { Candidate, DictionaryWord, Look, SearchEngine } from './engine.ts';
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

/**
 * Ids of documents that match, by the index; those of the first that are seen, however late they come. Begin the statement by `withKnown`.
 * With `when`, a condition on what the statement has found so far, nothing is looked up where it does not hold.
 */
export type Matching = (
  slot: Slot,
  query: IndexQuery,
  limit: number,
  options: { visible?: Visible | undefined; when?: RawBuilder<SqlBool> },
) => RawBuilder<unknown>;

type Found = Omit<Candidate, 'opensHere'> & { opens_here: number | null; total: number };

/** How often a document `d`, named as by `documentName`, was opened after a search, as `u`, and after this one, as `h`. */
const opened = (term: string) => {
  const of = (name: string, asked: string) =>
    sql`left join search_use ${sql.ref(name)} on ${sql.ref(`${name}.document`)} = d.source || ' ' || d.key and ${sql.ref(`${name}.term`)} = ${asked}`;
  return term === ''
    ? { columns: sql`u.opens, null as opens_here`, join: of('u', '') }
    : { columns: sql`u.opens, h.opens as opens_here`, join: sql`${of('u', '')} ${of('h', term)}` };
};

/** Candidates and counts, which are the same on both databases but for how ids are found. */
export function lookingUp(dialect: Dialect, matching: Matching): Pick<SearchEngine, 'candidates' | 'facets'> {
  const given = (ids: readonly number[]) =>
    dialect === 'sqlite'
      ? sql`select value as id from json_each(${JSON.stringify(ids)})`
      : sql`select id from unnest(${ids}::bigint[]) as given (id)`;

  /** One statement for all: each further one costs as much as several look-ups. */
  async function find(
    reader: Executor,
    slot: Slot,
    look: Look,
    deep: boolean,
  ): Promise<{ total: number; rows: Found[] }> {
    const { queries, sequence, whenFew = [], whenMany = [], limit, term, visible } = look;
    const documents = sql.table(`search_document_${slot}`);
    const most = visible && !deep ? 2 * limit : limit;
    const pass = (query: IndexQuery, marked: 0 | 1, when?: RawBuilder<SqlBool>) =>
      sql`select * from (select id, ${sql.lit(marked)} as sequence from (${matching(slot, query, most, {
        visible: deep ? visible : undefined,
        ...(when && { when }),
      })}) m) p${sql.lit(marked)}`;
    const passes = [...queries.map((query) => pass(query, 0)), ...(sequence ? [pass(sequence, 1)] : [])];
    // What may be seen is decided once for each document, not for each way to it.
    const seen = visible && !deep ? sql`where ${seenDocument(visible, 'd')}` : undefined;
    const count = seen
      ? sql`select count(*) as count from first f join ${documents} d on d.id = f.id ${seen}`
      : sql`select count(*) as count from first`;
    const when = (compared: string) => sql<SqlBool>`(select count ${sql.raw(compared)} ${sql.lit(limit)} from enough)`;
    const more = [
      ...whenFew.map((query) => pass(query, 0, when('<'))),
      ...whenMany.map((query) => pass(query, 0, when('>='))),
    ];
    const first = sql`select id, max(sequence) as sequence from (${sql.join(passes, sql` union all `)}) p group by id`;
    const found =
      more.length === 0
        ? sql`found as materialized (${first})`
        : sql`first as materialized (${first}), enough as materialized (${count}),
          found as materialized (select id, max(sequence) as sequence from (
            ${sql.join([sql`select * from first`, ...more], sql` union all `)}) p group by id)`;
    const { columns, join } = opened(term);
    const { rows } = await sql<Found>`${withKnown(dialect, visible?.known)}${found}
      select s.*, c.total from (select count(*) as total from found) c left join (
        select ${candidateColumns}, f.sequence, ${columns} from found f
        join ${documents} d on d.id = f.id ${join} ${seen ?? sql``}) s on true`.execute(reader);
    return { total: Number(rows[0]!.total), rows: rows.filter(({ id }) => id !== null) };
  }

  return {
    async candidates(reader, slot, look) {
      const { limit, visible } = look;
      // Some of what is found may not be seen: with twice as many there are mostly enough, and nothing is looked up a second time.
      const deep = visible?.known !== undefined;
      let { total, rows } = await find(reader, slot, look, deep);
      let isAll = total < (visible && !deep ? 2 * limit : limit);
      if (visible && !deep && !isAll && rows.length < limit) {
        ({ total, rows } = await find(reader, slot, look, true));
        isAll = total < limit;
      }
      const found = rows.map(({ opens_here: opensHere, total: _total, ...row }) => ({ ...row, opensHere }));
      return { found, isAll };
    },
    async facets(reader, slot, of, { names, limit, visible }) {
      const found = Array.isArray(of) ? given(of) : matching(slot, of as IndexQuery, limit, { visible });
      const { rows } =
        await sql<FacetRow>`${withKnown(dialect, visible?.known)}${facetStatement(slot, found, names)}`.execute(reader);
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

/** The order of words of the dictionary. */
export const likeliestFirst = sql`order by head desc, length(word), word`;

/** The words that each of some queries for `word` and `head` gives, asked in one statement. */
async function entriesOfEach(reader: Executor, queries: readonly RawBuilder<unknown>[]): Promise<DictionaryWord[][]> {
  if (queries.length === 0) return [];
  const each = queries.map((query, place) => sql`select ${sql.lit(place)} as place, word, head from (${query}) w`);
  const { rows } = await sql<{
    place: number;
    word: string;
    head: number;
  }>`select place, word, head from (${sql.join(each, sql` union all `)}) w
    order by place, head desc, length(word), word`.execute(reader);
  const words = queries.map((): DictionaryWord[] => []);
  for (const { place, word, head } of rows) words[place]!.push({ text: word, head: Number(head) });
  return words;
}

/** The same without `head`. */
export async function wordsOfEach(reader: Executor, queries: readonly RawBuilder<unknown>[]): Promise<string[][]> {
  return (await entriesOfEach(reader, queries)).map((words) => words.map((word) => word.text));
}

/**
 * The part of the dictionary that is the same on both databases. `asked` makes a table `asked (value)` of words, and `known` adds what the
 * dictionary has of them as `w`, word by word, by its index.
 */
export const dictionaryOf = (
  asked: (words: readonly string[]) => RawBuilder<unknown>,
  known: (slot: Slot) => RawBuilder<unknown>,
): Pick<SearchEngine, 'wordsFrom' | 'wordsAmong' | 'prefixesAmong'> => ({
  async wordsFrom(reader, slot, beginnings) {
    const likeliest = beginnings.map(
      ({ prefix, limit }) => sql`select word, head from (select word, head from ${wordsOf(slot)}
        where word >= ${prefix} and word < ${prefix + lastCharacter} limit 3000) w ${likeliestFirst} limit ${limit}`,
    );
    return entriesOfEach(reader, likeliest);
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
