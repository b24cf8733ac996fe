import type { Database } from '../../../core/db/index.ts';
import { assertStill, type Remaining } from '../sign-in/store/remaining.ts';
import type { Binding, Condition, Grant, Role } from './types.ts';

type Tables = {
  access_role: {
    name: string;
    title: string;
    description: string;
    grants: string;
    updated_at: number;
    updated_by: string;
  };
  access_binding: {
    id: string;
    role: string;
    subject: string;
    condition: string | null;
    note: string | null;
    created_at: number;
    created_by: string;
  };
  access_policy_version: { id: number; version: number };
};

const channel = 'access-policy';

/** What one change of the policy does; everything in it happens, or nothing. */
export type PolicyChange = {
  putRoles: readonly Role[];
  removeRoles: readonly string[];
  putBindings: readonly Binding[];
  removeBindings: readonly string[];
};

/** All SQL of roles and bindings that are edited in the portal. */
export function createPolicyStore(db: Database) {
  return {
    async load(): Promise<{ roles: Role[]; bindings: Binding[]; version: number }> {
      const reader = db.reader<Tables>();
      // The version is read first: a change in between is then seen the next time.
      const { version } = await reader
        .selectFrom('access_policy_version')
        .select('version')
        .where('id', '=', 1)
        .executeTakeFirstOrThrow();
      const [roles, bindings] = await Promise.all([
        reader.selectFrom('access_role').selectAll().orderBy('name').execute(),
        reader.selectFrom('access_binding').selectAll().orderBy('created_at').orderBy('id').execute(),
      ]);
      return {
        version: Number(version),
        roles: roles.map(({ name, title, description, grants }) => ({
          name,
          title,
          description,
          grants: JSON.parse(grants) as Grant[],
          source: 'portal',
        })),
        bindings: bindings.map(({ id, role, subject, condition, note }) => ({
          id,
          role,
          subject,
          ...(condition !== null && { when: JSON.parse(condition) as Condition }),
          ...(note !== null && { note }),
          source: 'portal',
        })),
      };
    },
    async version(): Promise<number> {
      const row = await db
        .reader<Tables>()
        .selectFrom('access_policy_version')
        .select('version')
        .where('id', '=', 1)
        .executeTakeFirstOrThrow();
      return Number(row.version);
    },
    async change(
      change: PolicyChange,
      { by, at, remaining }: { by: string; at: number; remaining?: Remaining },
    ): Promise<void> {
      await db.transaction<Tables, void>(async (tx) => {
        await assertStill(db, tx, remaining);
        for (const name of change.removeRoles) await tx.deleteFrom('access_role').where('name', '=', name).execute();
        for (const id of change.removeBindings) await tx.deleteFrom('access_binding').where('id', '=', id).execute();
        for (const { name, title, description, grants } of change.putRoles) {
          const values = { title, description, grants: JSON.stringify(grants), updated_at: at, updated_by: by };
          await tx
            .insertInto('access_role')
            .values({ name, ...values })
            .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
            .execute();
        }
        for (const { id, role, subject, when, note } of change.putBindings) {
          const values = { role, subject, condition: when ? JSON.stringify(when) : null, note: note ?? null };
          await tx
            .insertInto('access_binding')
            .values({ id, ...values, created_at: at, created_by: by })
            .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
            .execute();
        }
        await tx
          .updateTable('access_policy_version')
          .set((eb) => ({ version: eb('version', '+', 1) }))
          .where('id', '=', 1)
          .execute();
        db.notify(tx, channel);
      });
    },
    /** Calls back soon after a change, on every replica. */
    onChange: (callback: () => void) => db.listen(channel, callback),
  };
}

export type PolicyStore = ReturnType<typeof createPolicyStore>;
