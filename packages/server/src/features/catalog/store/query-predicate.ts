import { termValue } from '@callboard/model';
import type { RelationPair } from '@callboard/model';
import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { passes } from './query-leaf.ts';
import type { Test } from './query-leaf.ts';
import { declaredBySeen, refsWithin } from './within.ts';

export type Condition = RawBuilder<SqlBool>;

/** Names that stand in the database for words of a predicate. */
export type Names = {
  ids: ReadonlyMap<string, number>;
  pairs: readonly RelationPair[];
  /** whether most entities are looked at, so that a look at all rows of a condition is worth it */
  many?: boolean;
};

/** A condition on one key: the leaves of a predicate. */
export type Leaf = Exclude<EntityPredicate, { all: unknown } | { any: unknown } | { not: unknown }>;

export const always: Condition = sql<SqlBool>`1 = 1`;
export const never: Condition = sql<SqlBool>`1 = 0`;

/** Keys that are columns of catalog_entity, called `e` in every statement. Without a prototype: `constructor` is a key like any other. */
export const columns: Record<string, { column: string; nullable: boolean }> = Object.assign(Object.create(null), {
  kind: { column: 'kind', nullable: false },
  'metadata.namespace': { column: 'namespace', nullable: false },
  'metadata.name': { column: 'name', nullable: false },
  'metadata.title': { column: 'title', nullable: true },
  'metadata.uid': { column: 'uid', nullable: false },
  'spec.type': { column: 'type', nullable: true },
  'spec.lifecycle': { column: 'lifecycle', nullable: true },
});

const relationKey = /^relations\.(.+)$/s;
/** Ends a key that follows a relation into the groups below. */
export const within = '.within';
const hashed = { length: 233, mark: 193 };
const lastCharacter = '\u{10FFFF}';

/** Joins conditions as a balanced tree: databases bound the depth of an expression. */
export function join(conditions: readonly Condition[], word: 'and' | 'or'): Condition {
  if (conditions.length === 0) return word === 'and' ? always : never;
  if (conditions.length === 1) return conditions[0]!;
  const middle = conditions.length >> 1;
  const left = join(conditions.slice(0, middle), word);
  const right = join(conditions.slice(middle), word);
  return word === 'and' ? sql<SqlBool>`(${left} and ${right})` : sql<SqlBool>`(${left} or ${right})`;
}

const oneOf = (column: RawBuilder<unknown>, values: readonly string[]): Condition =>
  values.length === 1 ? sql<SqlBool>`${column} = ${values[0]}` : sql<SqlBool>`${column} in (${sql.join(values)})`;

const startsWith = (column: RawBuilder<unknown>, prefix: string): Condition =>
  prefix === ''
    ? sql<SqlBool>`${column} <> ${termValue(null)}`
    : sql<SqlBool>`(${column} >= ${prefix} and ${column} < ${prefix + lastCharacter})`;

/** The hash at the end of a long value is not text that anyone wrote, so it is not searched. */
const contains = (column: RawBuilder<unknown>, text: string): Condition => {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const searched = /^[#0-9a-f]+$/.test(text)
    ? sql`case when length(${column}) = ${hashed.length} and substr(${column}, ${hashed.mark}, 1) = '#' then substr(${column}, 1, ${hashed.mark - 1}) else ${column} end`
    : column;
  return sql<SqlBool>`${searched} like ${pattern} escape '\\'`;
};

function test(column: RawBuilder<unknown>, leaf: Test): Condition {
  if ('in' in leaf) return oneOf(column, leaf.in);
  if ('prefix' in leaf) return startsWith(column, leaf.prefix);
  return 'substring' in leaf ? contains(column, leaf.substring) : always;
}

/** `a.b.c` split at each dot: the array `a.b` may have the item `c`, the array `a` the item `b.c`. */
export function* itemSplits(key: string): Generator<{ array: string; item: string }> {
  for (let dot = key.indexOf('.'); dot !== -1; dot = key.indexOf('.', dot + 1))
    if (dot > 0 && dot < key.length - 1) yield { array: key.slice(0, dot), item: key.slice(dot + 1) };
}

/** The keys whose ids a predicate needs. */
export function* keysOf(predicate: EntityPredicate): Generator<string> {
  const parts =
    'all' in predicate ? predicate.all : 'any' in predicate ? predicate.any : 'not' in predicate ? [predicate.not] : [];
  for (const part of parts) yield* keysOf(part);
  const keys = 'key' in predicate ? [predicate.key] : 'keys' in predicate ? predicate.keys : [];
  for (const key of keys) yield* keyAndArrays(key);
  if ('seen' in predicate && predicate.seen) yield* keysOf(predicate.seen);
}

/** A key that is looked up among the terms, with the arrays it may be an item of. */
export function* keyAndArrays(key: string): Generator<string> {
  if (key in columns || relationKey.test(key)) return;
  yield key;
  for (const { array } of itemSplits(key)) yield array;
}

/** Rows of another table that make a leaf true: `link` names the column of `e` they belong to. */
export type Evidence = { link: 'id' | 'ref'; from: RawBuilder<unknown>; column: RawBuilder<unknown>; where: Condition };

const termEvidence = (where: Condition): Evidence => ({
  link: 'id',
  from: sql`catalog_term t`,
  column: sql`t.entity_id`,
  where,
});

function evidenceOfTerms(key: string, leaf: Test, { ids }: Names): Evidence[] {
  const found: Evidence[] = [];
  const id = ids.get(key);
  const value = sql`t.value`;
  if (id !== undefined) found.push(termEvidence(sql<SqlBool>`t.key_id = ${id} and ${test(value, leaf)}`));
  if (passes('true', leaf))
    for (const { array, item } of itemSplits(key)) {
      const arrayId = ids.get(array);
      if (arrayId !== undefined)
        found.push(termEvidence(sql<SqlBool>`t.key_id = ${arrayId} and t.value = ${termValue(item)} and t.item = 1`));
    }
  // An object exists when anything below it does.
  if ('exists' in leaf)
    found.push(
      termEvidence(
        sql<SqlBool>`t.key_id in (select k.id from catalog_key k where k.key > ${`${key}.`} and k.key < ${`${key}/`})`,
      ),
    );
  return found;
}

/** The relation types that a key names, with the column at which the entity itself stands. */
export function relationEnds(
  key: string,
  pairs: readonly RelationPair[],
): { type: string; own: 'source' | 'target' }[] | undefined {
  const name = relationKey.exec(key)?.[1];
  if (name === undefined) return undefined;
  return pairs.flatMap(({ type, inverse }) => [
    ...(type.toLowerCase() === name ? [{ type, own: 'source' as const }] : []),
    ...(inverse.toLowerCase() === name ? [{ type, own: 'target' as const }] : []),
  ]);
}

/** `relations.ownedBy.within`: the relation leads to one of the refs, or to a group below it. */
function withinOf(key: string, leaf: Test, pairs: readonly RelationPair[]) {
  if (!('in' in leaf) || !key.endsWith(within)) return undefined;
  const ends = relationEnds(key.slice(0, -within.length), pairs);
  return ends?.length ? { ends, refs: leaf.in } : undefined;
}

function evidence(key: string, leaf: Test & { seen?: EntityPredicate }, names: Names): Evidence[] {
  const ends = relationEnds(key, names.pairs);
  if (!ends) return evidenceOfTerms(key, leaf, names);
  const seen = leaf.seen && compile(leaf.seen, names);
  const tree = ends.length === 0 ? withinOf(key, leaf, names.pairs) : undefined;
  return (tree?.ends ?? ends).map(({ type, own }) => {
    const other = own === 'source' ? sql`r.target` : sql`r.source`;
    const fits = tree ? sql<SqlBool>`${other} in (${refsWithin(tree.refs, seen)})` : test(other, leaf);
    return {
      link: 'ref',
      from: sql`catalog_relation r`,
      column: sql.ref(`r.${own}`),
      where: sql<SqlBool>`r.type = ${type} and ${fits}${seen ? sql` and ${declaredBySeen(seen)}` : sql``}`,
    };
  });
}

/** A text is searched for in all columns at once, as each reads the whole table. */
function evidenceOfColumns(keys: readonly string[], text: string): Evidence[] {
  const searched = keys.filter((key) => key in columns);
  if (searched.length === 0) return [];
  const conditions = searched.map((key) => contains(sql.ref(`c.${columns[key]!.column}`), text));
  return [{ link: 'id', from: sql`catalog_entity c`, column: sql`c.id`, where: join(conditions, 'or') }];
}

/**
 * Where the entities of a leaf can be found without looking at every entity.
 *
 * @returns undefined for a leaf on a column of the entity itself
 */
export function evidenceOf(leaf: Leaf, names: Names): Evidence[] | undefined {
  if (!('keys' in leaf)) return leaf.key in columns ? undefined : evidence(leaf.key, leaf, names);
  const others = leaf.keys.filter((key) => !(key in columns)).flatMap((key) => evidence(key, leaf, names));
  // Rows of one kind only can be joined to entities.
  if (others.some(({ link }) => link === 'ref')) return undefined;
  return [...evidenceOfColumns(leaf.keys, leaf.substring), ...others];
}

function onColumn(key: string, leaf: Test, negated: boolean): Condition {
  const { column, nullable } = columns[key]!;
  const reference = sql.ref(`e.${column}`);
  if ('exists' in leaf) return nullable ? sql<SqlBool>`${reference} is not null` : always;
  const condition = test(reference, leaf);
  // A comparison with nothing is neither true nor false; its negation must be true.
  return nullable && negated ? sql<SqlBool>`(${reference} is not null and ${condition})` : condition;
}

function onKey(key: string, leaf: Test & { seen?: EntityPredicate }, names: Names, negated: boolean): Condition {
  if (key in columns) return onColumn(key, leaf, negated);
  // An offset keeps PostgreSQL from reading all rows of the condition for the few entities that are tested.
  const each = names.many ? sql`` : sql` limit 1 offset 0`;
  const found = evidence(key, leaf, names).map(
    ({ link, from, column, where }) =>
      sql<SqlBool>`exists (select 1 from ${from} where ${column} = ${sql.ref(`e.${link}`)} and ${where}${each})`,
  );
  return join(found, 'or');
}

/**
 * Writes a predicate as a condition on `catalog_entity e`.
 *
 * @param names - ids of every key that `keysOf` asks for
 */
export function compile(predicate: EntityPredicate, names: Names, negated = false): Condition {
  const compileAll = (parts: readonly EntityPredicate[]) => parts.map((part) => compile(part, names, negated));
  if ('all' in predicate) return join(compileAll(predicate.all), 'and');
  if ('any' in predicate) return join(compileAll(predicate.any), 'or');
  if ('not' in predicate) return sql<SqlBool>`not (${compile(predicate.not, names, true)})`;
  if ('keys' in predicate)
    return join(
      predicate.keys.map((key) => onKey(key, predicate, names, negated)),
      'or',
    );
  return onKey(predicate.key, predicate, names, negated);
}
