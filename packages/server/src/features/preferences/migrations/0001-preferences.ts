import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** One row per person and key; the value is JSON text. */
export const preferencesTables: Migration = {
  name: 'preferences/0001-entries',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    await sql
      .raw(
        `create table preferences_entry (user_ref ${text} not null, key ${text} not null, value text not null, updated_at ${integer} not null, primary key (user_ref, key))`,
      )
      .execute(tx);
  },
};
