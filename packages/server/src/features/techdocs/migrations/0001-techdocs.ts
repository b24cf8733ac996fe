import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** Rendered pages by the hash of what they were made of, and what the last reading of each site found. */
export const techdocsTables: Migration = {
  name: 'techdocs/0001-pages',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    const run = (statement: string) => sql.raw(statement).execute(tx);
    await run(
      `create table techdocs_page (key ${text} not null primary key, body text not null, size ${integer} not null, used_at ${integer} not null)`,
    );
    await run('create index techdocs_page_used on techdocs_page (used_at)');
    await run(
      `create table techdocs_site (ref ${text} not null primary key, fingerprint ${text} not null, title text not null, pages ${integer} not null, words ${integer} not null, problems text not null, checked_at ${integer} not null)`,
    );
  },
};
