import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { allOf, isEverything, simplify } from '../../../core/predicate/index.ts';
import { compile, evidenceOf, keysOf } from './query-predicate.ts';
import type { Condition, Evidence, Leaf, Names } from './query-predicate.ts';
import type { Reading } from './reading.ts';
import type { Ways } from './ways.ts';

const mostEstimated = 4;

/** What the entities are wanted for: to be counted, or for a page of those that fit, of which there are `expected` if that is known. */
export type Purpose = { count: true } | { count: false; expected: number | undefined };

/** How to find the entities of a predicate: `prefix` before the select, `from` and `where` in it. The entity is called `e`. */
export type Plan = {
  prefix: RawBuilder<unknown>;
  from: RawBuilder<unknown>;
  where: Condition;
  names: Names;
  /** the rows of one condition lead to the entities */
  driven: boolean;
  /** those rows are exactly the entities */
  exact: boolean;
};

type Candidate = { leaf: Leaf; evidence: Evidence[] };

const isLeaf = (predicate: EntityPredicate): predicate is Leaf =>
  !('all' in predicate) && !('any' in predicate) && !('not' in predicate);

const rowsOf = (evidence: Evidence[]) =>
  sql.join(
    evidence.map(({ column, from, where }) => sql`select ${column} as value from ${from} where ${where}`),
    sql` union `,
  );

/** How many rows lead to each candidate, counted up to a bound and remembered for a while: the figure only chooses the way. */
async function estimate(reading: Reading, { leaf, evidence }: Candidate): Promise<number> {
  if (evidence.length === 0) return 0;
  return reading.cache.get(`estimate ${JSON.stringify(leaf)}`, 0, async () => {
    const counts = evidence.map(
      ({ from, where }) =>
        sql`(select count(*) from (select 1 from ${from} where ${where} limit ${reading.ways.count + 1}) x)`,
    );
    const { rows } = await sql<{ count: number }>`select ${sql.join(counts, sql` + `)} as count`.execute(
      reading.reader,
    );
    return Number(rows[0]!.count);
  });
}

function worthwhile(rows: number, purpose: Purpose, ways: Ways): boolean {
  if (purpose.count) return rows <= ways.count;
  if (purpose.expected === undefined) return rows <= ways.page;
  return rows * purpose.expected <= ways.pageProduct;
}

const textWorthwhile = (purpose: Purpose, ways: Ways) =>
  ways.text >= 0 && (purpose.count || (purpose.expected ?? 0) <= ways.text);

async function chooseDriver(
  reading: Reading,
  leaves: Leaf[],
  names: Names,
  purpose: Purpose,
): Promise<Candidate | undefined> {
  const candidates = leaves.flatMap((leaf) => {
    const evidence = evidenceOf(leaf, names);
    return evidence ? [{ leaf, evidence }] : [];
  });
  const estimated = candidates.filter(({ leaf }) => !('substring' in leaf)).slice(0, mostEstimated);
  const counts = await Promise.all(estimated.map((candidate) => estimate(reading, candidate)));
  const best = counts.indexOf(Math.min(...counts));
  if (best !== -1 && worthwhile(counts[best]!, purpose, reading.ways)) return estimated[best];
  return textWorthwhile(purpose, reading.ways) ? candidates.find(({ leaf }) => 'substring' in leaf) : undefined;
}

/**
 * Chooses how to find the entities of a predicate.
 *
 * @param predicate - simplified
 * @param version - of the catalog
 */
export async function planFor(
  reading: Reading,
  predicate: EntityPredicate,
  version: number,
  purpose: Purpose,
): Promise<Plan> {
  const names: Names = {
    ids: await reading.keys.find(keysOf(predicate), version),
    pairs: reading.pairs,
    many: purpose.count,
  };
  const parts = 'all' in predicate ? predicate.all : [predicate];
  const driver = await chooseDriver(reading, parts.filter(isLeaf), names, purpose);
  const plain = { prefix: sql``, from: sql`catalog_entity e`, names, driven: false, exact: false };
  if (!driver) return { ...plain, where: compile(predicate, names) };
  if (driver.evidence.length === 0) return { ...plain, where: sql`1 = 0` };
  const rest = simplify(allOf(...parts.filter((part) => part !== driver.leaf)));
  const { link } = driver.evidence[0]!;
  // A cross join keeps the order on SQLite: the few rows first, then their entities.
  return {
    prefix: sql`with driver as materialized (select distinct value from (${rowsOf(driver.evidence)}) found)`,
    from: sql`driver cross join catalog_entity e`,
    where: sql`${sql.ref(`e.${link}`)} = driver.value and ${compile(rest, names)}`,
    names,
    driven: true,
    exact: link === 'id' && isEverything(rest),
  };
}
