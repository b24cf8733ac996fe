import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';

/** Which other feature has found a problem; empty for those that the catalog found itself, as older replicas write them. */
export const reportedProblems: Migration = {
  name: 'catalog/0004-reported-problems',
  async up(tx: Kysely<unknown>, dialect: Dialect) {
    const { sql } = await import('kysely');
    const text = sql.raw(dialect === 'postgres' ? 'text collate "C"' : 'text');
    await sql`alter table catalog_problem add column reporter ${text}`.execute(tx);
  },
};
