import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** How often something was written about a run: who follows many runs sees at a glance which of them have news. */
export const runWrites: Migration = {
  name: 'scaffolder/0002-writes',
  async up(tx, dialect) {
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    await sql.raw(`alter table scaffolder_run add column writes ${integer} not null default 0`).execute(tx);
  },
};
