import type { Database } from '../../../core/db/index.ts';
import type { Logger } from '../../../core/log/index.ts';
import { createDecider } from './decide.ts';
import type { Remaining } from '../sign-in/store/remaining.ts';
import { accessMigrations } from '../migrations/index.ts';
import { createPolicyStore, type PolicyChange } from './store.ts';
import type { Policy } from './types.ts';

const checkEveryMs = 5_000;

/** The policy in force: what is built in, configured, and edited in the portal. */
export type PolicyKeeper = ReturnType<typeof createPolicyKeeper>;

/**
 * Keeps the policy in memory, so that a decision asks nobody. A change is seen at once on the replica that makes it, soon on the others.
 * Until `prepare` only what is configured holds.
 */
export function createPolicyKeeper(configured: Policy) {
  let policy = configured;
  let version = 0;
  let stored = 0;
  let store: ReturnType<typeof createPolicyStore> | undefined;
  let stopping = () => {};

  const load = async () => {
    const found = await store!.load();
    const names = new Set(configured.roles.map((role) => role.name));
    stored = found.version;
    // What is configured goes first: nobody takes it over by a role of the same name.
    policy = {
      roles: [...configured.roles, ...found.roles.filter((role) => !names.has(role.name))],
      bindings: [...configured.bindings, ...found.bindings],
    };
    version += 1;
  };

  return {
    configured,
    /** `stored` is the version that the database has of what is edited in the portal */
    current: () => ({ policy, version, stored }),
    decide: createDecider({ current: () => ({ policy, version }) }),
    /** Makes the tables and reads what they hold. */
    async prepare(db: Database, log: Logger): Promise<void> {
      await db.migrate(accessMigrations);
      store = createPolicyStore(db);
      await load();
      let isChecking = false;
      const check = async () => {
        if (isChecking) return;
        isChecking = true;
        try {
          if ((await store!.version()) !== stored) await load();
        } catch (error) {
          log.warn({ err: error }, 'the policy could not be looked at; the last known one holds');
        } finally {
          isChecking = false;
        }
      };
      const silence = store.onChange(() => void check());
      // Only another replica can change what this one does not see.
      const timer = db.dialect === 'postgres' ? setInterval(() => void check(), checkEveryMs).unref() : undefined;
      stopping = () => {
        clearInterval(timer);
        silence();
      };
    },
    /** @param remaining - who must still be able to change the policy. @throws AppError ACCESS_CHANGED_MEANWHILE */
    async change(change: PolicyChange, by: string, remaining?: Remaining): Promise<void> {
      await store!.change(change, { by, at: Date.now(), remaining });
      await load();
    },
    stop: () => stopping(),
  };
}
