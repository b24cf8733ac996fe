import type { JsonObject } from '@callboard/model';
import type { Database } from '../../../../core/db/index.ts';
import type { SignInTables } from './tables.ts';

/** A journey to a provider that has not come back yet. `browser` is the hash of what the browser holds. */
export type Flow = { provider: string; browser: string; returnTo: string; remember: JsonObject; expiresAt: number };
/** A link that works once. */
export type Link = { purpose: 'administrator' | 'password'; userRef?: string; expiresAt: number };
export type Attempts = { failures: number; since: number; lockedUntil: number };

/** All SQL about what lasts for minutes: journeys, one-time links, failed attempts, public keys. */
export function createPassingStore(db: Database) {
  const reader = () => db.reader<SignInTables>();
  return {
    async addFlow(hash: string, flow: Flow): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx
          .insertInto('access_flow')
          .values({
            hash,
            provider: flow.provider,
            browser: flow.browser,
            return_to: flow.returnTo,
            remember: JSON.stringify(flow.remember),
            expires_at: flow.expiresAt,
          })
          .execute();
      });
    },
    /** Gives a journey once: it is gone then. */
    async takeFlow(hash: string): Promise<Flow | undefined> {
      return db.transaction<SignInTables, Flow | undefined>(async (tx) => {
        const row = await tx.deleteFrom('access_flow').where('hash', '=', hash).returningAll().executeTakeFirst();
        return (
          row && {
            provider: row.provider,
            browser: row.browser,
            returnTo: row.return_to,
            remember: JSON.parse(row.remember) as JsonObject,
            expiresAt: Number(row.expires_at),
          }
        );
      });
    },
    /** Keeps a link in place of all others for the same purpose and person. */
    async replaceLink(hash: string, link: Link): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx
          .deleteFrom('access_link')
          .where('purpose', '=', link.purpose)
          .where('user_ref', link.userRef === undefined ? 'is' : '=', link.userRef ?? null)
          .execute();
        await tx
          .insertInto('access_link')
          .values({ hash, purpose: link.purpose, user_ref: link.userRef ?? null, expires_at: link.expiresAt })
          .execute();
      });
    },
    async link(hash: string): Promise<Link | undefined> {
      const row = await reader().selectFrom('access_link').selectAll().where('hash', '=', hash).executeTakeFirst();
      return (
        row && {
          purpose: row.purpose as Link['purpose'],
          userRef: row.user_ref ?? undefined,
          expiresAt: Number(row.expires_at),
        }
      );
    },
    /** Uses a link up; `false` when somebody was faster. */
    async takeLink(hash: string): Promise<boolean> {
      return db.transaction<SignInTables, boolean>(async (tx) => {
        const gone = await tx.deleteFrom('access_link').where('hash', '=', hash).executeTakeFirst();
        return Number(gone.numDeletedRows) > 0;
      });
    },
    async attempts(keys: readonly string[]): Promise<Map<string, Attempts>> {
      const rows = await reader()
        .selectFrom('access_attempt')
        .selectAll()
        .where('key', 'in', [...keys])
        .execute();
      return new Map(
        rows.map((row) => [
          row.key,
          { failures: Number(row.failures), since: Number(row.since), lockedUntil: Number(row.locked_until) },
        ]),
      );
    },
    /** Changes counters within one transaction, so that two failures at once both count. */
    async countAttempts(
      keys: readonly string[],
      next: (key: string, before: Attempts | undefined) => Attempts,
    ): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await db.exclusive(tx, 'access/attempts');
        for (const key of keys) {
          const row = await tx.selectFrom('access_attempt').selectAll().where('key', '=', key).executeTakeFirst();
          const { failures, since, lockedUntil } = next(
            key,
            row && { failures: Number(row.failures), since: Number(row.since), lockedUntil: Number(row.locked_until) },
          );
          const values = { failures, since, locked_until: lockedUntil };
          await tx
            .insertInto('access_attempt')
            .values({ key, ...values })
            .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
            .execute();
        }
      });
    },
    async forgetAttempts(match: { keys: readonly string[] } | { prefix: string }): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        if ('keys' in match)
          await tx
            .deleteFrom('access_attempt')
            .where('key', 'in', [...match.keys])
            .execute();
        else
          await tx
            .deleteFrom('access_attempt')
            .where('key', '>=', match.prefix)
            .where('key', '<', `${match.prefix}\u{10ffff}`)
            .execute();
      });
    },
    async lockedKeys(prefix: string, now: number): Promise<string[]> {
      const rows = await reader()
        .selectFrom('access_attempt')
        .select('key')
        .where('key', '>=', prefix)
        .where('key', '<', `${prefix}\u{10ffff}`)
        .where('locked_until', '>', now)
        .limit(1_000)
        .execute();
      return rows.map((row) => row.key);
    },
    async addKey(key: { id: string; publicKey: string; expiresAt: number }): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx
          .insertInto('access_key')
          .values({ id: key.id, public_key: key.publicKey, expires_at: key.expiresAt })
          .execute();
      });
    },
    async keys(now: number): Promise<JsonObject[]> {
      const rows = await reader()
        .selectFrom('access_key')
        .selectAll()
        .where('expires_at', '>', now)
        .orderBy('id')
        .execute();
      return rows.map((row) => JSON.parse(row.public_key) as JsonObject);
    },
    /** Drops what is over. */
    async prune(now: number): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx.deleteFrom('access_flow').where('expires_at', '<=', now).execute();
        await tx.deleteFrom('access_link').where('expires_at', '<=', now).execute();
        await tx.deleteFrom('access_key').where('expires_at', '<=', now).execute();
        await tx
          .deleteFrom('access_attempt')
          .where('locked_until', '<=', now)
          .where('since', '<=', now - 86_400_000)
          .execute();
      });
    },
  };
}

export type PassingStore = ReturnType<typeof createPassingStore>;
