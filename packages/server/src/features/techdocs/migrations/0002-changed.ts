import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** When any page of a site was last changed; null where that is not known. */
export const siteChanged: Migration = {
  name: 'techdocs/0002-changed',
  async up(tx, dialect) {
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    await sql.raw(`alter table techdocs_site add column changed_at ${integer}`).execute(tx);
    // What was found before does not say it: it is found again.
    await sql.raw("update techdocs_site set fingerprint = ''").execute(tx);
  },
};
