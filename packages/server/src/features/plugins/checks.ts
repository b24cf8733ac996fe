import type { Entity } from '@callboard/model';
import type { PluginChecksResponse, PluginColumnCell } from '@callboard/model/http';
import { conditionHolds, type Contributions } from '@callboard/model/plugins';
import type { CheckResult } from '@callboard/plugin-api';
import type { ActivePlugin } from './active.ts';
import type { Runtime } from './runtime.ts';

type Check = NonNullable<Contributions['checks']>[number];
type Found = { plugin: ActivePlugin; check: Check };
type Kept = CheckResult & { at: number };

const freshMs = 30_000;
const mostKept = 20_000;
/** One plugin is asked for so many entities at once; it answers other calls meanwhile. */
const atOnce = 8;

const tones = { holds: 'good', fails: 'bad', unknown: 'neutral', 'not-applicable': 'neutral' } as const;
const words = { holds: 'holds', fails: 'fails', unknown: 'not known', 'not-applicable': 'not applicable' } as const;

/** A result in a cell of the catalog list. */
export const cellOf = ({ result, message, fix, href }: CheckResult): PluginColumnCell => ({
  text: words[result],
  tone: tones[result],
  hint: [message, fix].filter(Boolean).join(' ').slice(0, 500),
  ...(href !== undefined && { href }),
});

/** What checks of plugins say of entities, the same for everybody. Results are kept for a short while, as several places show them. */
export function createChecks(runtime: Runtime) {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<Kept>>();
  const keyOf = ({ plugin, check }: Found, ref: string) =>
    [plugin.id, check.id, plugin.manifest.version, plugin.signature, ref].join(' ');

  const all = (): Found[] =>
    runtime
      .all()
      .filter((plugin) => plugin.state === 'enabled')
      .flatMap((plugin) => (plugin.manifest.contributes?.checks ?? []).map((check) => ({ plugin, check })));

  /** One result. A check that cannot be asked is unknown, says why, and is asked again by the next who wants to know. */
  async function resultOf(found: Found, ref: string, entity: Entity): Promise<Kept> {
    const key = keyOf(found, ref);
    const known = kept.get(key);
    if (known && Date.now() - known.at < freshMs) return known;
    let running = asking.get(key);
    if (!running) {
      running = runtime.call(found.plugin.id, `checks/${found.check.id}`, { entity }).then(
        (result) => {
          const fresh = { ...(result as CheckResult), at: Date.now() };
          kept.delete(key);
          kept.set(key, fresh);
          if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
          return fresh;
        },
        (error: unknown) => {
          const { message, fix } = error as Error & { fix?: string };
          return { result: 'unknown' as const, message, ...(fix !== undefined && { fix }), at: Date.now() };
        },
      );
      asking.set(key, running);
      void running.finally(() => asking.delete(key));
    }
    return running;
  }

  return {
    /** Every check that is for an entity. */
    of: (ref: string, entity: Entity): Promise<PluginChecksResponse['items']> =>
      Promise.all(
        all()
          .filter(({ check }) => conditionHolds(check.when, entity as never))
          .map(async (found) => {
            const { at, ...result } = await resultOf(found, ref, entity);
            const { id, title, description } = found.check;
            const about = { plugin: found.plugin.id, id, title, ...(description !== undefined && { description }) };
            return { ...about, ...result, at: new Date(at).toISOString() };
          }),
      ),

    /** Results of one check for many entities, a few at a time. Those that have not come when `signal` fires are missing. */
    async forMany(plugin: ActivePlugin, check: Check, entities: Map<string, Entity>, signal: AbortSignal) {
      const results = new Map<string, Kept>();
      const waiting = [...entities];
      const over = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      const work = async () => {
        for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
          const [ref, entity] = next;
          results.set(ref, await resultOf({ plugin, check }, ref, entity));
        }
      };
      await Promise.race([over, Promise.all(Array.from({ length: atOnce }, work))]);
      return results;
    },

    /** What is kept of a check counts as old from now on. */
    forget(plugin: string, id: string): void {
      for (const key of kept.keys()) if (key.startsWith(`${plugin} ${id} `)) kept.delete(key);
    },
  };
}

export type Checks = ReturnType<typeof createChecks>;
