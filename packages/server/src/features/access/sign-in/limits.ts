import { accessErrors } from '../errors.ts';
import type { Attempts, PassingStore } from './store/passing.ts';

const minute = 60_000;
/** How many failures within how long lead to which lock. A name at one address locks early; a name from everywhere late, so that strangers cannot lock people out. */
const rules = {
  pair: { failures: 5, withinMs: 15 * minute, firstLockMs: minute, longestLockMs: 15 * minute },
  name: { failures: 50, withinMs: 60 * minute, firstLockMs: 5 * minute, longestLockMs: 15 * minute },
  address: { failures: 100, withinMs: 15 * minute, firstLockMs: 5 * minute, longestLockMs: 30 * minute },
} as const;
type Rule = keyof typeof rules;

const keysOf = (name: string, address: string): { rule: Rule; key: string }[] => [
  { rule: 'pair', key: `pair ${name} ${address}` },
  { rule: 'name', key: `name ${name}` },
  { rule: 'address', key: `address ${address}` },
];

function afterFailure(rule: Rule, before: Attempts | undefined, now: number): Attempts {
  const { failures: most, withinMs, firstLockMs, longestLockMs } = rules[rule];
  const isFresh = before === undefined || (now - before.since > withinMs && now > before.lockedUntil);
  const failures = isFresh ? 1 : before.failures + 1;
  const over = failures - most;
  const lockMs = over < 0 ? 0 : Math.min(firstLockMs * 2 ** Math.min(over, 10), longestLockMs);
  return { failures, since: isFresh ? now : before.since, lockedUntil: lockMs === 0 ? 0 : now + lockMs };
}

/** Slows guessing down. Names that nobody has are counted like all others, so that a lock tells nothing. */
export function createLimits(store: PassingStore, now: () => number) {
  const shorten = (name: string) => name.toLowerCase().slice(0, 200);
  return {
    /** @throws AppError ACCESS_SIGN_IN_LOCKED while a lock lasts */
    async assertOpen(name: string, address: string): Promise<void> {
      const keys = keysOf(shorten(name), address);
      const found = await store.attempts(keys.map(({ key }) => key));
      const until = Math.max(0, ...[...found.values()].map((attempts) => attempts.lockedUntil));
      if (until > now()) throw accessErrors.signInLocked({ seconds: Math.ceil((until - now()) / 1000) });
    },
    async failed(name: string, address: string): Promise<void> {
      const keys = keysOf(shorten(name), address);
      const ruleOf = new Map(keys.map(({ rule, key }) => [key, rule]));
      await store.countAttempts(
        keys.map(({ key }) => key),
        (key, before) => afterFailure(ruleOf.get(key)!, before, now()),
      );
    },
    async succeeded(name: string, address: string): Promise<void> {
      await store.forgetAttempts({ keys: [`pair ${shorten(name)} ${address}`] });
    },
    /** Lifts every lock on a name. */
    async lift(name: string): Promise<void> {
      await store.forgetAttempts({ keys: [`name ${shorten(name)}`] });
      await store.forgetAttempts({ prefix: `pair ${shorten(name)} ` });
    },
    /** The names that are locked now, from some address or from all. */
    async lockedNames(): Promise<Set<string>> {
      const keys = [...(await store.lockedKeys('name ', now())), ...(await store.lockedKeys('pair ', now()))];
      return new Set(keys.map((key) => key.split(' ')[1]!));
    },
  };
}

export type Limits = ReturnType<typeof createLimits>;
