import type { Host } from '@callboard/plugin-api';
import type { createUnleash, Flags, Provider } from './unleash.ts';

/** What is known of a provider. `at` is 0 as long as it never answered. */
export type Kept = Flags & { at: number; problem?: { message: string; since: number } };

const freshMs = 60_000;
const retryMs = 30_000;
/** A page gets what is known if the answer takes longer; what is not known yet may take its time. */
const waitMs = { known: 250, unknown: 8_000 };
/** Values of the store have a size; flags are stored by so many. */
const storedAtOnce = 100;

/** Keeps the flags of providers: in memory, and in the store for the time after a restart. */
export function createKeeper(host: Host, unleash: ReturnType<typeof createUnleash>, told: () => Promise<void>) {
  const known = new Map<string, Kept>();
  const triedAt = new Map<string, number>();
  const asking = new Map<string, Promise<Kept>>();
  const keyOf = ({ address }: Provider) => `flags/${Buffer.from(address).toString('base64url').slice(0, 150)}`;

  async function recall(provider: Provider): Promise<Kept | undefined> {
    const key = keyOf(provider);
    const before = known.get(key);
    if (before) return before;
    const [head, ...parts] = await host.store.entries(`${key}/`);
    if (!head) return undefined;
    const kept = {
      ...(head.value as unknown as Kept),
      flags: parts.flatMap(({ value }) => value as unknown as Kept['flags']),
    };
    known.set(key, kept);
    return kept;
  }

  async function store(provider: Provider, { flags, ...rest }: Kept): Promise<void> {
    const key = keyOf(provider);
    const names = [`${key}/0`];
    await host.store.set(`${key}/0`, rest);
    for (let at = 0; at < flags.length; at += storedAtOnce) {
      const name = `${key}/1-${String(at).padStart(6, '0')}`;
      names.push(name);
      await host.store.set(name, flags.slice(at, at + storedAtOnce));
    }
    for (const name of await host.store.list(`${key}/`)) if (!names.includes(name)) await host.store.delete(name);
  }

  async function ask(provider: Provider): Promise<Kept> {
    const key = keyOf(provider);
    const before = await recall(provider);
    triedAt.set(key, Date.now());
    try {
      const kept: Kept = { ...(await unleash.flags(provider)), at: Date.now() };
      known.set(key, kept);
      if (!before || JSON.stringify(before.flags) !== JSON.stringify(kept.flags))
        // A full store costs what is known after a restart, and nothing now.
        await store(provider, kept).catch((error: unknown) =>
          host.log.warning('flags could not be stored', { error: String(error) }),
        );
      return kept;
    } catch (error) {
      const problem = { message: (error as Error).message.slice(0, 500), since: before?.problem?.since ?? Date.now() };
      const kept = { flags: [], lifetimes: {}, isCut: false, at: 0, ...before, problem };
      known.set(key, kept);
      return kept;
    }
  }

  /** What is known of a provider, not older than a minute if it answers in time; undefined when nothing is known yet. */
  return async function look(provider: Provider): Promise<Kept | undefined> {
    const key = keyOf(provider);
    const before = await recall(provider);
    const now = Date.now();
    if (before && (now - before.at < freshMs || now - (triedAt.get(key) ?? 0) < retryMs)) return before;
    let answer = asking.get(key);
    if (!answer) {
      answer = ask(provider).finally(() => asking.delete(key));
      asking.set(key, answer);
    }
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), before && before.at > 0 ? waitMs.known : waitMs.unknown);
    const first = await Promise.race([answer, late.promise]);
    clearTimeout(timer);
    if (first !== 'late') return first;
    void answer.then(told).catch(() => undefined);
    return before;
  };
}
