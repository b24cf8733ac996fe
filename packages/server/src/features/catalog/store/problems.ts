import type { Problem } from '@callboard/model';
import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../../core/db/index.ts';
import type { CatalogTables, ProblemRow } from './tables.ts';

type Tx = Transaction<CatalogTables>;

/** What tells who owns a problem; where nothing of its own does, something near it. */
export type OwnerEvidence = 'entity' | 'document' | 'codeowners' | 'neighbour' | 'source';

/** A problem that is to stand in the catalog; `at` is when it was seen. */
export type ProblemFields = {
  sourceId: number;
  documentId: number | null;
  owner: string | null;
  /** how the owner is known; null without one */
  evidence: OwnerEvidence | null;
  problem: Problem;
  at: number;
  /** the feature that has found it; the catalog itself when absent */
  reporter?: string;
};

/** The code of warnings about relations to nothing; they follow from other entities, not from the text of their document. */
export const missingTargetCode = 'CATALOG_RELATION_TARGET_MISSING';

const columns = {
  id: 'integer',
  source_id: 'integer',
  document_id: 'integer',
  entity_ref: 'text',
  owner: 'text',
  code: 'text',
  severity: 'text',
  message: 'text',
  fix: 'text',
  location: 'text',
  line: 'integer',
  column: 'integer',
  path: 'text',
  expected: 'text',
  found: 'text',
  first_seen_at: 'integer',
  owner_evidence: 'text',
  reporter: 'text',
} as const;
const names = Object.keys(columns) as (keyof ProblemRow)[];
const content = names.filter((name) => name !== 'id' && name !== 'first_seen_at');

// A value of any length may have been found; what is indexed has an end.
const longestFound = 500;

const rowOf = ({
  sourceId,
  documentId,
  owner,
  evidence,
  problem,
  at,
  reporter,
}: ProblemFields): Omit<ProblemRow, 'id'> => ({
  source_id: sourceId,
  document_id: documentId,
  entity_ref: problem.entityRef ?? null,
  owner,
  code: problem.code,
  severity: problem.severity,
  message: problem.message,
  fix: problem.fix,
  location: problem.location ?? null,
  line: problem.line ?? null,
  column: problem.column ?? null,
  path: problem.path ?? null,
  expected: problem.expected ?? null,
  found: problem.found?.slice(0, longestFound) ?? null,
  first_seen_at: at,
  owner_evidence: evidence,
  reporter: reporter ?? null,
});

type Described = Pick<ProblemRow, 'code' | 'path' | 'entity_ref' | 'message'>;

/** What makes two sightings the same problem, so that its age is kept wherever it has moved to. */
const identity = (row: Described) => JSON.stringify([row.code, row.path, row.entity_ref, row.message]);

const everything = (row: Omit<ProblemRow, 'id'>) =>
  JSON.stringify(content.map((name) => row[name as keyof typeof row]));

/** The problems at documents: those about missing targets, or all others. */
export async function problemsAt(
  db: Database,
  tx: Tx,
  documentIds: number[],
  which: 'missing' | 'others',
): Promise<ProblemRow[]> {
  const rows = await db.selectByKeys<ProblemRow>(tx, {
    table: 'catalog_problem',
    column: 'document_id',
    type: 'integer',
    values: documentIds,
    select: names,
  });
  return rows.filter((row) => (row.code === missingTargetCode) === (which === 'missing'));
}

/** The warnings about targets that are among these refs. */
export async function problemsAbout(db: Database, tx: Tx, refs: string[]): Promise<ProblemRow[]> {
  const rows = await db.selectByKeys<ProblemRow>(tx, {
    table: 'catalog_problem',
    column: 'found',
    type: 'text',
    values: refs,
    select: names,
  });
  return rows.filter((row) => row.code === missingTargetCode);
}

/** The problems of sources as a whole: of those that failed, or hold something back. */
export function problemsOfSource(tx: Tx, sourceId: number): Promise<ProblemRow[]> {
  return tx
    .selectFrom('catalog_problem')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('document_id', 'is', null)
    .where('reporter', 'is', null)
    .execute();
}

/** What another feature has reported of an entity. */
export function reportedProblems(
  executor: Kysely<CatalogTables> | Tx,
  reporter: string,
  ref: string,
): Promise<ProblemRow[]> {
  return executor
    .selectFrom('catalog_problem')
    .selectAll()
    .where('entity_ref', '=', ref)
    .where('reporter', '=', reporter)
    .execute();
}

/** Whose the problems of an entity are, and the source that they stand with; undefined when there is no such entity. */
export async function placeOfProblems(
  tx: Tx,
  ref: string,
): Promise<{ sourceId: number; owner: string | null } | undefined> {
  const row = await tx
    .selectFrom('catalog_entity')
    .select(['source_id', 'owner'])
    .where('ref', '=', ref)
    .executeTakeFirst();
  return row && { sourceId: row.source_id, owner: row.owner };
}

/**
 * Puts the wanted problems in the place of the existing ones. What stays the same is not written, and what was there before keeps its age.
 *
 * @returns whether anything changed
 */
export async function reconcileProblems(
  db: Database,
  tx: Tx,
  existing: ProblemRow[],
  wanted: ProblemFields[],
): Promise<boolean> {
  const since = new Map(existing.map((row) => [identity(row), row.first_seen_at]));
  const stale = new Map(existing.map((row) => [everything(row), row.id]));
  const kept = new Set<string>();
  const added = new Map<string, Omit<ProblemRow, 'id'>>();
  for (const fields of wanted) {
    const row = rowOf(fields);
    const key = everything(row);
    if (stale.delete(key)) kept.add(key);
    else if (!kept.has(key)) added.set(key, { ...row, first_seen_at: since.get(identity(row)) ?? row.first_seen_at });
  }
  if (stale.size > 0)
    await db.deleteByKeys(tx, { table: 'catalog_problem', column: 'id', type: 'integer', values: [...stale.values()] });
  if (added.size > 0) {
    const ids = await db.allocateIds(tx, 'catalog_problem', added.size);
    await db.insertMany(tx, {
      table: 'catalog_problem',
      columns,
      rows: [...added.values()].map((row, index) => [
        ids[index],
        ...names.slice(1).map((name) => row[name as keyof typeof row]),
      ]),
    });
  }
  return stale.size > 0 || added.size > 0;
}
