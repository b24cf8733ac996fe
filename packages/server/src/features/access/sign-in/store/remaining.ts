import type { Transaction } from 'kysely';
import type { Database } from '../../../../core/db/index.ts';
import { accessErrors } from '../../errors.ts';
import type { SignInTables } from './tables.ts';

/** Who can still change the policy after something is taken away, and why. */
export type Remaining =
  | { by: 'everybody' }
  | { by: 'account'; ref: string }
  | { by: 'role'; ref: string; policyVersion: number };

type Tables = SignInTables & { access_policy_version: { id: number; version: number } };

/**
 * Within the transaction of a change that takes something away: two administrators who take it from each other at the same moment come one
 * after the other here, and the second finds that nobody would be left.
 *
 * @throws AppError ACCESS_CHANGED_MEANWHILE
 */
export async function assertStill(db: Database, tx: Transaction<any>, remaining: Remaining | undefined): Promise<void> {
  await db.exclusive(tx, 'access/way-in');
  if (!remaining || remaining.by === 'everybody') return;
  const executor = tx as Transaction<Tables>;
  const person = await executor
    .selectFrom('access_user')
    .select('administrator')
    .where('ref', '=', remaining.ref)
    .where('disabled', '=', 0)
    .executeTakeFirst();
  const policy = await executor
    .selectFrom('access_policy_version')
    .select('version')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  const holds =
    remaining.by === 'account'
      ? Number(person?.administrator) === 1
      : person !== undefined && Number(policy.version) === remaining.policyVersion;
  if (!holds) throw accessErrors.changedMeanwhile();
}
