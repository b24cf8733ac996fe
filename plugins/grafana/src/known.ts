/** What is wrong with the far side, and since when. */
export type Problem = { message: string; since: number };
/** A value with its age; `problem` says why there is nothing newer. */
export type Known<T> = { value: T; at: number; problem?: Problem };

type Entry = {
  value?: unknown;
  /** 0 until there is a value */
  at: number;
  triedAt: number;
  problem?: Problem;
  running?: Promise<void>;
  /** Somebody went away without it */
  isAwaited?: boolean;
};

const isOnTheWay = ({ running }: Entry) => running !== undefined;
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/**
 * Keeps what the far side said. A page gets what is known at once and never waits for a far side that is slow or down: something newer is asked for
 * beside it, once however many want it, and not again for a moment after a failure.
 *
 * @param options.onLate - told when something came that somebody had not waited for
 */
export function createKnown(options: { onLate: () => void; patienceMs?: number; restMs?: number; most?: number }) {
  const { onLate, patienceMs = 200, restMs = 5_000, most = 2_000 } = options;
  const entries = new Map<string, Entry>();

  function start(entry: Entry, ask: () => Promise<unknown>): void {
    entry.triedAt = Date.now();
    entry.running = ask()
      .then(
        (value) => {
          entry.value = value;
          entry.at = Date.now();
          entry.problem = undefined;
        },
        (error: Error) => {
          entry.problem = { message: error.message, since: entry.problem?.since ?? Date.now() };
        },
      )
      .finally(() => {
        entry.running = undefined;
        if (entry.isAwaited) onLate();
        entry.isAwaited = false;
      });
  }

  /** @throws Error when nothing is known; it says why */
  return async function get<T>(
    key: string,
    { freshMs, until, ask }: { freshMs: number; until: number; ask: () => Promise<T> },
  ): Promise<Known<T>> {
    const entry = entries.get(key) ?? { at: 0, triedAt: 0 };
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > most) entries.delete(entries.keys().next().value!);
    const now = Date.now();
    const isFresh = entry.problem ? now - entry.triedAt < restMs : entry.at > now - freshMs;
    if (!isFresh && !entry.running) start(entry, ask);
    if (entry.running) {
      await Promise.race([entry.running, pause(entry.at > 0 ? patienceMs : Math.max(0, until - now))]);
      if (isOnTheWay(entry)) entry.isAwaited = true;
    }
    if (entry.at === 0)
      throw new Error(
        entry.problem?.message ?? 'It has not answered yet; the portal goes on asking. Look again in a moment.',
      );
    const late = entry.running && { message: 'It takes long to answer.', since: entry.triedAt };
    const problem = entry.problem ?? late;
    return { value: entry.value as T, at: entry.at, ...(problem && { problem }) };
  };
}
export type Knowing = ReturnType<typeof createKnown>;
