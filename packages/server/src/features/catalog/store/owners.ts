import type { Transaction } from 'kysely';
import type { Executor } from '../../../core/db/index.ts';
import type { Kysely } from 'kysely';
import { missingTargetCode } from './problems.ts';
import type { CatalogTables } from './tables.ts';

const reading = (executor: Executor) => executor as Kysely<CatalogTables>;

/** Problems at documents of a source that nobody is known to own. */
export function unownedProblems(
  executor: Executor,
  sourceId: number,
): Promise<{ id: number; location: string | null }[]> {
  return reading(executor)
    .selectFrom('catalog_problem')
    .select(['id', 'location'])
    .where('source_id', '=', sourceId)
    .where('owner', 'is', null)
    .where('document_id', 'is not', null)
    .where('code', '!=', missingTargetCode)
    .execute();
}

/** Who owns what a source holds, by document: the number of entities of each owner. */
export async function ownersByLocation(
  executor: Executor,
  sourceId: number,
): Promise<{ location: string; owner: string; count: number }[]> {
  const rows = await reading(executor)
    .selectFrom('catalog_entity')
    .select(['location', 'owner', (select) => select.fn.countAll<number>().as('count')])
    .where('source_id', '=', sourceId)
    .where('owner', 'is not', null)
    .groupBy(['location', 'owner'])
    .execute();
  return rows.map((row) => ({ location: row.location, owner: row.owner as string, count: Number(row.count) }));
}

/** Who owns a source: the owner of the Location entity that stands for it, else the most frequent one of what it holds. */
export async function ownerOfSource(
  executor: Executor,
  source: { id: number; entity_ref: string | null },
): Promise<string | null> {
  const own = await reading(executor)
    .selectFrom('catalog_entity')
    .select('owner')
    .where('ref', '=', source.entity_ref ?? '')
    .executeTakeFirst();
  if (own?.owner) return own.owner;
  const row = await reading(executor)
    .selectFrom('catalog_entity')
    .select(['owner', (select) => select.fn.countAll<number>().as('count')])
    .where('owner', 'is not', null)
    .where('source_id', '=', source.id)
    .groupBy('owner')
    .orderBy('count', 'desc')
    .orderBy('owner')
    .limit(1)
    .executeTakeFirst();
  return row?.owner ?? null;
}

/** The people and groups among these names, as `kind`, lower-case `name` and ref; those of the default namespace first. */
export function peopleAndGroups(
  executor: Executor,
  names: string[],
): Promise<{ ref: string; kind: string; name: string }[]> {
  return reading(executor)
    .selectFrom('catalog_entity')
    .select(['ref', 'kind', 'name'])
    .where('kind', 'in', ['group', 'user'])
    .where('name', 'in', names)
    .orderBy((order) => order.case().when('namespace', '=', 'default').then(0).else(1).end())
    .orderBy('ref')
    .execute();
}

/** Whether the catalog has an entity of this ref. */
export async function isHeld(executor: Executor, ref: string): Promise<boolean> {
  const row = await reading(executor)
    .selectFrom('catalog_entity')
    .select('id')
    .where('ref', '=', ref)
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives problems to their owner. */
export async function ownProblems(
  tx: Transaction<CatalogTables>,
  ids: number[],
  owner: string,
  evidence: string,
): Promise<void> {
  for (let start = 0; start < ids.length; start += 500)
    await tx
      .updateTable('catalog_problem')
      .set({ owner, owner_evidence: evidence })
      .where('id', 'in', ids.slice(start, start + 500))
      .execute();
}
