import { sql } from 'kysely';
import type { Migration } from '../../../../core/db/index.ts';

/** Roles and bindings that are edited in the portal, with a number that grows by every change of them. */
export const policyTables: Migration = {
  name: 'access/0001-policy',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    for (const statement of [
      `create table access_role (name ${text} primary key, title ${text} not null, description ${text} not null, grants text not null,
        updated_at ${integer} not null, updated_by ${text} not null)`,
      `create table access_binding (id ${text} primary key, role ${text} not null, subject ${text} not null, condition text, note text,
        created_at ${integer} not null, created_by ${text} not null)`,
      'create index access_binding_subject on access_binding (subject)',
      `create table access_policy_version (id ${integer} primary key, version ${integer} not null)`,
      'insert into access_policy_version (id, version) values (1, 1)',
    ])
      await sql.raw(statement).execute(tx);
  },
};
