import { sql } from 'kysely';
import type { Migration } from '../../../../core/db/index.ts';

/** How far the audit was sent to others, and what keeps it from being sent. */
export const auditDelivery: Migration = {
  name: 'access/0002-audit-delivery',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    await sql
      .raw(
        `create table access_audit_delivery (name ${text} primary key, entry ${integer} not null, sent_at ${integer}, problem ${text}, fix ${text},
          problem_since ${integer})`,
      )
      .execute(tx);
  },
};
