import { sql } from 'kysely';
import type { Migration } from '../../../../core/db/index.ts';

/** Who did what, each entry bound to the one before it by its hash; and where the chain begins and ends. */
export const auditTables: Migration = {
  name: 'access/0001-audit',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    for (const statement of [
      `create table access_audit (id ${integer} primary key, at ${integer} not null, actor ${text} not null, via ${text} not null,
        address ${text} not null, action ${text} not null, operation ${text} not null, subject ${text} not null, result ${text} not null,
        status ${integer} not null, request ${text} not null, detail text, hash ${text} not null)`,
      'create index access_audit_actor on access_audit (actor, id)',
      'create index access_audit_action on access_audit (action, id)',
      'create index access_audit_subject on access_audit (subject, id)',
      'create index access_audit_at on access_audit (at)',
      `create table access_audit_chain (name ${text} primary key, entry ${integer} not null, hash ${text} not null)`,
      "insert into access_audit_chain (name, entry, hash) values ('start', 0, ''), ('end', 0, '')",
    ])
      await sql.raw(statement).execute(tx);
  },
};
