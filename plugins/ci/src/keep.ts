import { createHash } from 'node:crypto';
import type { Host } from '@callboard/plugin-api';
import { keyOf } from './find.ts';
import type { Pipeline, Provider, Run, Runs } from './model.ts';

/** What is known of a pipeline. `at` is 0 as long as it never answered. */
export type Kept = Runs & { at: number; problem?: { code: string; message: string; since: number } };

/** For lists, which show a hundred pipelines at once, it may be older. */
export const freshness = { page: 30_000, list: 300_000 };
const storeEveryMs = 600_000;
/** Of so many failed runs, the newest, it is asked where they failed. */
const explained = 5;
const most = 2_000;

const storeKey = (pipeline: Pipeline) => `runs/${createHash('sha256').update(keyOf(pipeline)).digest('hex')}`;
const isGoing = ({ status }: Run) => status === 'running' || status === 'queued';

/**
 * Keeps the runs of pipelines: in memory, and in the store for the time after a restart. What is older than somebody wants is asked for again when
 * they look; whoever looks gets what is known if the answer takes its time.
 */
export function createKeeper(host: Host, providerOf: (pipeline: Pipeline) => Provider, told: () => Promise<void>) {
  const known = new Map<string, Kept>();
  const triedAt = new Map<string, number>();
  const storedAt = new Map<string, number>();
  const asking = new Map<string, Promise<Kept>>();

  const remember = (key: string, kept: Kept) => {
    known.delete(key);
    known.set(key, kept);
    if (known.size > most) known.delete(known.keys().next().value!);
    return kept;
  };

  async function recall(pipeline: Pipeline): Promise<Kept | undefined> {
    const key = keyOf(pipeline);
    if (known.has(key)) return known.get(key);
    const stored = (await host.store.get(storeKey(pipeline))) as Kept | null;
    return stored ? remember(key, stored) : undefined;
  }

  async function store(pipeline: Pipeline, before: Kept | undefined, now: Kept): Promise<void> {
    const key = keyOf(pipeline);
    const isSame = before !== undefined && JSON.stringify(before.runs) === JSON.stringify(now.runs);
    if (isSame && now.at - (storedAt.get(key) ?? 0) < storeEveryMs) return;
    storedAt.set(key, now.at);
    // A full store costs what is known after a restart, and nothing now.
    await host.store
      .set(storeKey(pipeline), now)
      .catch((error: unknown) =>
        host.log.warning('what is known of builds could not be stored', { error: String(error) }),
      );
  }

  async function ask(pipeline: Pipeline): Promise<Kept> {
    const key = keyOf(pipeline);
    const provider = providerOf(pipeline);
    const before = await recall(pipeline);
    triedAt.set(key, Date.now());
    try {
      const { runs, etag } = (await provider.runs(pipeline, before)) ?? before!;
      const same = new Map(before?.runs.map((run) => [`${run.id} ${run.version}`, run]));
      const failures = new Set(runs.filter(({ status }) => status === 'failed').slice(0, explained));
      const whole = await Promise.all(
        runs.map(async (run) => {
          const earlier = same.get(`${run.id} ${run.version}`);
          if (earlier?.isExplained)
            return { ...run, isExplained: true, ...(earlier.failed && { failed: earlier.failed }) };
          if (!failures.has(run)) return run;
          try {
            const failed = await provider.failed(pipeline, run);
            return { ...run, isExplained: true, ...(failed && { failed }) };
          } catch {
            // Where it failed is an addition: without it, the runs are shown all the same, and the next look tries again.
            return run;
          }
        }),
      );
      const now = { at: Date.now(), runs: whole, ...(etag !== undefined && { etag }) };
      await store(pipeline, before, now);
      return remember(key, now);
    } catch (error) {
      const { message, code = 'FAILED' } = error as Error & { code?: string };
      const since = before?.problem?.since ?? Date.now();
      return remember(key, { at: 0, runs: [], ...before, problem: { code, message, since } });
    }
  }

  return {
    recall,
    /** What is known of a pipeline, not older than `freshMs` if it answers within `waitMs`; undefined when nothing is known yet. */
    async look(
      pipeline: Pipeline,
      waitMs: { known: number; unknown: number },
      freshMs: number,
    ): Promise<Kept | undefined> {
      const key = keyOf(pipeline);
      const before = await recall(pipeline);
      const fresh = before?.runs.some(isGoing) ? freshMs / 3 : freshMs;
      const isTried = Date.now() - (triedAt.get(key) ?? 0) < Math.min(fresh, freshness.page);
      if (before && (isTried || Date.now() - before.at < fresh)) return before;
      let answer = asking.get(key);
      if (!answer) {
        answer = ask(pipeline).finally(() => asking.delete(key));
        asking.set(key, answer);
      }
      const late = Promise.withResolvers<'late'>();
      const timer = setTimeout(() => late.resolve('late'), before && before.at > 0 ? waitMs.known : waitMs.unknown);
      const first = await Promise.race([answer, late.promise]);
      clearTimeout(timer);
      if (first !== 'late') return first;
      void answer.then(told).catch(() => undefined);
      return before;
    },
    /** The next look asks again. */
    forget(pipeline: Pipeline): void {
      const key = keyOf(pipeline);
      const before = known.get(key);
      triedAt.delete(key);
      if (before) known.set(key, { ...before, at: Math.min(before.at, Date.now() - freshness.list) });
    },
  };
}

export type Keeper = ReturnType<typeof createKeeper>;
