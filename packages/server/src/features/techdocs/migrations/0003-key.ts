import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** What passes to sites in frames are signed with: one for all replicas. */
export const frameKey: Migration = {
  name: 'techdocs/0003-key',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    await sql.raw(`create table techdocs_key (name ${text} not null primary key, value text not null)`).execute(tx);
  },
};
