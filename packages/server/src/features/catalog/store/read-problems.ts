import type { ProblemsResponse, StoredProblem } from '@callboard/model/http';
import { sql } from 'kysely';
import type { SqlBool } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { visible } from './heads.ts';
import { missingTargetCode } from './problems.ts';
import { join } from './query-predicate.ts';
import type { Condition } from './query-predicate.ts';
import type { Reading } from './reading.ts';
import type { ProblemRow } from './tables.ts';

export type ProblemFilter = {
  owner?: string;
  severity?: string;
  source?: number;
  code?: string;
  entityRef?: string;
  scope?: EntityPredicate;
};

/** The place of a problem in the list: errors first, the newest of them first. */
export type ProblemPlace = { rank: number; id: number };

const rank = sql<number>`case p.severity when 'error' then 0 when 'warning' then 1 else 2 end`;

export function storedProblem(row: ProblemRow): StoredProblem {
  const {
    id,
    source_id: sourceId,
    owner,
    code,
    severity,
    message,
    fix,
    first_seen_at: firstSeenAt,
    entity_ref: entityRef,
    owner_evidence: ownerEvidence,
  } = row;
  const { location, line, column, path, expected, found } = row;
  const optional = { owner, ownerEvidence, entityRef, location, line, column, path, expected, found };
  return {
    id,
    sourceId,
    code,
    severity: severity as StoredProblem['severity'],
    message,
    fix,
    firstSeenAt: new Date(firstSeenAt).toISOString(),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

/**
 * Whether the asker may see a problem `p`: its entity must be theirs to see; of a file that describes several, all. That a target is
 * missing is told to those only who would see it if it were there, and nobody is told what another source claims.
 */
export const problemSeen = (seen: Condition): Condition => sql<SqlBool>`(p.code <> ${missingTargetCode} and (
    (p.entity_ref is not null and exists (select 1 from catalog_entity e where e.ref = p.entity_ref and ${seen}))
    or (p.entity_ref is null and p.document_id is not null and exists (select 1 from catalog_entity d where d.document_id = p.document_id)
      and not exists (select 1 from catalog_entity d where d.document_id = p.document_id
        and not exists (select 1 from catalog_entity e where e.id = d.id and ${seen})))))`;

async function conditionFor(reading: Reading, filter: ProblemFilter): Promise<Condition> {
  const conditions: Condition[] = [];
  const equal = (column: string, value: string | number | undefined) => {
    if (value !== undefined) conditions.push(sql<SqlBool>`${sql.ref(`p.${column}`)} = ${value}`);
  };
  if (filter.owner === '') conditions.push(sql<SqlBool>`p.owner is null`);
  else equal('owner', filter.owner?.toLowerCase());
  equal('severity', filter.severity);
  equal('source_id', filter.source);
  equal('code', filter.code);
  equal('entity_ref', filter.entityRef?.toLowerCase());
  if (filter.scope) {
    conditions.push(problemSeen(await visible(reading, filter.scope)));
  }
  return join(conditions, 'and');
}

/** Whether the asker may see a problem. */
export async function isProblemSeen(reading: Reading, id: number, scope: EntityPredicate): Promise<boolean> {
  const seen = problemSeen(await visible(reading, scope));
  const { rows } = await sql`select 1 from catalog_problem p where p.id = ${id} and ${seen}`.execute(reading.reader);
  return rows.length > 0;
}

/** One page of the problems that fit a filter, one more than the limit if there is one, and how many there are. */
export async function problemsPage(
  reading: Reading,
  filter: ProblemFilter,
  options: { limit: number; after?: ProblemPlace },
): Promise<{ rows: { problem: StoredProblem; place: ProblemPlace }[]; counts: ProblemsResponse['counts'] }> {
  const condition = await conditionFor(reading, filter);
  const { after } = options;
  const beyond = after
    ? sql<SqlBool>`(${rank} > ${after.rank} or (${rank} = ${after.rank} and p.id < ${after.id}))`
    : sql<SqlBool>`1 = 1`;
  const [page, severities] = await Promise.all([
    sql<
      ProblemRow & { rank: number }
    >`select p.*, ${rank} as rank from catalog_problem p where ${condition} and ${beyond}
      order by ${rank}, p.id desc limit ${options.limit + 1}`.execute(reading.reader),
    sql<{
      severity: string;
      count: number;
    }>`select p.severity, count(*) as count from catalog_problem p where ${condition}
      group by p.severity`.execute(reading.reader),
  ]);
  const counts = { error: 0, warning: 0, information: 0 };
  for (const { severity, count } of severities.rows) counts[severity as keyof typeof counts] = Number(count);
  return {
    rows: page.rows.map((row) => ({ problem: storedProblem(row), place: { rank: Number(row.rank), id: row.id } })),
    counts,
  };
}

/** Errors that keep something out of the catalog or old in it, grouped by what they concern. */
export async function failedInputs(
  reading: Reading,
  owner: string | undefined,
  scope?: EntityPredicate,
): Promise<StoredProblem[][]> {
  const seen = scope && problemSeen(await visible(reading, scope));
  const rows = await reading.reader
    .selectFrom('catalog_problem as p')
    .selectAll('p')
    .where('p.severity', '=', 'error')
    .where('p.reporter', 'is', null)
    .$if(owner !== undefined, (query) => query.where('p.owner', '=', owner!))
    .$if(seen !== undefined, (query) => query.where(seen!))
    .orderBy('p.id')
    .execute();
  const groups = new Map<string, StoredProblem[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.source_id, row.document_id, row.entity_ref]);
    groups.set(key, [...(groups.get(key) ?? []), storedProblem(row)]);
  }
  return [...groups.values()];
}

/**
 * Forgets what was reported of an input until it is read again.
 *
 * @param scope - of which entities the asker may; everything when absent
 * @returns false when there is no such problem
 */
export async function forgetFailedInput(reading: Reading, id: number, scope?: EntityPredicate): Promise<boolean> {
  const seen = scope && problemSeen(await visible(reading, scope));
  const first = await reading.reader
    .selectFrom('catalog_problem as p')
    .selectAll('p')
    .where('p.id', '=', id)
    .$if(seen !== undefined, (query) => query.where(seen!))
    .executeTakeFirst();
  if (!first || first.severity !== 'error' || first.reporter !== null) return false;
  await reading.db.transaction(async (tx) => {
    await tx
      .deleteFrom('catalog_problem')
      .where('severity', '=', 'error')
      .where('reporter', 'is', null)
      .where('source_id', '=', first.source_id)
      .where('document_id', first.document_id === null ? 'is' : '=', first.document_id)
      .where('entity_ref', first.entity_ref === null ? 'is' : '=', first.entity_ref)
      .execute();
  });
  return true;
}
