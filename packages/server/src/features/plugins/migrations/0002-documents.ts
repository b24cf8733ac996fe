import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** What plugins gave to be found, as they last said it. */
export const pluginDocuments: Migration = {
  name: 'plugins/0002-documents',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    await sql
      .raw(
        `create table plugins_document (subject ${text} primary key, source ${text} not null, body text not null, hash ${text} not null)`,
      )
      .execute(tx);
    await sql.raw('create index plugins_document_source on plugins_document (source)').execute(tx);
  },
};
