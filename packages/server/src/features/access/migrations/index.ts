import type { Migration } from '../../../core/db/index.ts';
import { auditTables } from '../audit/migrations/0001-audit.ts';
import { auditDelivery } from '../audit/migrations/0002-delivery.ts';
import { policyTables } from '../policy/migrations/0001-policy.ts';
import { signInTables } from './0001-sign-in.ts';

/** Every step of the tables of this feature, in the order in which they were made. */
export const accessMigrations: readonly Migration[] = [policyTables, signInTables, auditTables, auditDelivery];
