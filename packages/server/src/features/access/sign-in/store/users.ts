import type { Database } from '../../../../core/db/index.ts';
import { assertStill, type Remaining } from './remaining.ts';
import { listOf, type SignInTables } from './tables.ts';

/** Somebody who may sign in, or has signed in. `origin` is `local` or the provider that brought them. */
export type User = {
  ref: string;
  title: string;
  email?: string;
  administrator: boolean;
  disabled: boolean;
  hasPassword: boolean;
  origin: string;
  createdAt: number;
  signedInAt?: number;
};

const toUser = (row: SignInTables['access_user']): User => ({
  ref: row.ref,
  title: row.title,
  email: row.email ?? undefined,
  administrator: Number(row.administrator) === 1,
  disabled: Number(row.disabled) === 1,
  hasPassword: row.password !== null,
  origin: row.origin,
  createdAt: Number(row.created_at),
  signedInAt: row.signed_in_at === null ? undefined : Number(row.signed_in_at),
});

const mostUsers = 10_000;
const longestName = 63;

/** All SQL about people and what providers say of them. */
export function createUserStore(db: Database) {
  const reader = () => db.reader<SignInTables>();
  const one = (ref: string) => reader().selectFrom('access_user').selectAll().where('ref', '=', ref).executeTakeFirst();
  return {
    async get(ref: string): Promise<User | undefined> {
      const row = await one(ref);
      return row && toUser(row);
    },
    async passwordOf(ref: string): Promise<{ user: User; password: string | null } | undefined> {
      const row = await one(ref);
      return row && { user: toUser(row), password: row.password };
    },
    async all(): Promise<User[]> {
      const rows = await reader().selectFrom('access_user').selectAll().orderBy('ref').limit(mostUsers).execute();
      return rows.map(toUser);
    },
    async hasAdministrator(): Promise<boolean> {
      const row = await reader()
        .selectFrom('access_user')
        .select('ref')
        .where('administrator', '=', 1)
        .where('disabled', '=', 0)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    /** Adds a user; `false` when the ref is taken. */
    async add(
      user: { ref: string; title: string; email?: string; password?: string; administrator: boolean; origin: string },
      now: number,
    ): Promise<boolean> {
      return db.transaction<SignInTables, boolean>(async (tx) => {
        const done = await tx
          .insertInto('access_user')
          .values({
            ref: user.ref,
            title: user.title,
            email: user.email ?? null,
            password: user.password ?? null,
            administrator: user.administrator ? 1 : 0,
            disabled: 0,
            origin: user.origin,
            created_at: now,
            signed_in_at: null,
          })
          .onConflict((conflict) => conflict.column('ref').doNothing())
          .executeTakeFirst();
        return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
      });
    },
    /**
     * Changes what is given; `false` when there is no such user.
     *
     * @param remaining - who must still be able to change the policy
     * @throws AppError ACCESS_CHANGED_MEANWHILE
     */
    async change(
      ref: string,
      values: {
        title?: string;
        email?: string | null;
        password?: string;
        administrator?: boolean;
        disabled?: boolean;
        signedInAt?: number;
      },
      remaining?: Remaining,
    ): Promise<boolean> {
      const set = {
        ...(values.title !== undefined && { title: values.title }),
        ...(values.email !== undefined && { email: values.email }),
        ...(values.password !== undefined && { password: values.password }),
        ...(values.administrator !== undefined && { administrator: values.administrator ? 1 : 0 }),
        ...(values.disabled !== undefined && { disabled: values.disabled ? 1 : 0 }),
        ...(values.signedInAt !== undefined && { signed_in_at: values.signedInAt }),
      };
      return db.transaction<SignInTables, boolean>(async (tx) => {
        if (remaining) await assertStill(db, tx, remaining);
        const done = await tx.updateTable('access_user').set(set).where('ref', '=', ref).executeTakeFirst();
        return Number(done.numUpdatedRows) > 0;
      });
    },
    /** Removes a user with their sessions, tokens and identities. @throws AppError ACCESS_CHANGED_MEANWHILE */
    async remove(ref: string, remaining?: Remaining): Promise<boolean> {
      return db.transaction<SignInTables, boolean>(async (tx) => {
        if (remaining) await assertStill(db, tx, remaining);
        await tx.deleteFrom('access_session').where('user_ref', '=', ref).execute();
        await tx.deleteFrom('access_token').where('ref', '=', ref).execute();
        await tx.deleteFrom('access_identity').where('user_ref', '=', ref).execute();
        await tx.deleteFrom('access_link').where('user_ref', '=', ref).execute();
        const gone = await tx.deleteFrom('access_user').where('ref', '=', ref).executeTakeFirst();
        return Number(gone.numDeletedRows) > 0;
      });
    },
    /** Whom a provider's subject was taken for last time, and what was said of their groups. */
    async identity(provider: string, subject: string): Promise<{ userRef: string; claims: string[] } | undefined> {
      const row = await reader()
        .selectFrom('access_identity')
        .selectAll()
        .where('provider', '=', provider)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row && { userRef: row.user_ref, claims: listOf(row.claims) };
    },
    /** Records who a provider's subject is now, and makes a user of them when there is none. */
    async recordIdentity(
      identity: { provider: string; subject: string; userRef: string; claims: string[]; title: string; email?: string },
      now: number,
    ): Promise<void> {
      const { provider, subject, userRef, title, email } = identity;
      const claims = JSON.stringify(identity.claims);
      await db.transaction<SignInTables>(async (tx) => {
        await tx
          .insertInto('access_identity')
          .values({ provider, subject, user_ref: userRef, claims, seen_at: now })
          .onConflict((conflict) =>
            conflict.columns(['provider', 'subject']).doUpdateSet({ user_ref: userRef, claims, seen_at: now }),
          )
          .execute();
        await tx
          .insertInto('access_user')
          .values({
            ref: userRef,
            title,
            email: email ?? null,
            password: null,
            administrator: 0,
            disabled: 0,
            origin: provider,
            created_at: now,
            signed_in_at: now,
          })
          .onConflict((conflict) => conflict.column('ref').doNothing())
          .execute();
        // Whoever was added by hand keeps the name that was given to them.
        await tx
          .updateTable('access_user')
          .set({ title, email: email ?? null })
          .where('ref', '=', userRef)
          .where('origin', '=', provider)
          .execute();
      });
    },
    /** A ref in the namespace of people without an entity, which nobody else has. */
    async freePersonalRef(name: string): Promise<string> {
      const stem = name.slice(0, longestName - 4);
      const rows = await reader()
        .selectFrom('access_user')
        .select('ref')
        .where('ref', 'like', `user:personal/${stem.replaceAll(/[_%\\]/g, '')}%`)
        .execute();
      const taken = new Set(rows.map((row) => row.ref));
      for (let number = 1; ; number += 1) {
        const ref = `user:personal/${stem}${number === 1 ? '' : `-${number}`}`;
        if (!taken.has(ref) && !(await one(ref))) return ref;
      }
    },
    /** Everybody whom a provider or proxy has brought, with what it says of their groups. */
    async identities(): Promise<{ userRef: string; provider: string; claims: string[] }[]> {
      const rows = await reader().selectFrom('access_identity').selectAll().limit(mostUsers).execute();
      return rows.map((row) => ({ userRef: row.user_ref, provider: row.provider, claims: listOf(row.claims) }));
    },
    /** What providers say of somebody's groups, with the provider that says it. */
    async claimsOf(ref: string): Promise<{ provider: string; claims: string[] }[]> {
      const rows = await reader().selectFrom('access_identity').selectAll().where('user_ref', '=', ref).execute();
      return rows.map((row) => ({ provider: row.provider, claims: listOf(row.claims) }));
    },
  };
}

export type UserStore = ReturnType<typeof createUserStore>;
