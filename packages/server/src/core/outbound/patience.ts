type Headers = Record<string, string>;

/** When a header says to come back, in epoch milliseconds: seconds from now, or a date. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return now + Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
}

const first = (headers: Headers, names: string[]) =>
  names.map((name) => headers[name]).find((value) => value !== undefined);

/** When a used-up rate limit opens again; undefined while calls are left. Hosts say the time as epoch seconds or as seconds from now. */
export function parseRateLimit(headers: Headers, now: number): number | undefined {
  const remaining = first(headers, ['x-ratelimit-remaining', 'ratelimit-remaining', 'x-rate-limit-remaining']);
  const reset = first(headers, ['x-ratelimit-reset', 'ratelimit-reset', 'x-rate-limit-reset']);
  if (remaining === undefined || reset === undefined || Number(remaining) > 0) return undefined;
  const seconds = Number(reset);
  if (!Number.isFinite(seconds) || seconds <= 0) return undefined;
  return seconds > 1_000_000_000 ? seconds * 1000 : now + seconds * 1000;
}

/** How long to wait before the next try: doubling, with jitter so that many callers do not come back together. */
export const backoffMs = (attempt: number, baseMs: number) =>
  Math.min(30_000, baseMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);

/** Remembers per host until when its rate limit is used up. */
export function createBudgets() {
  const closedUntil = new Map<string, number>();
  return {
    learn(host: string, headers: Headers): void {
      const until = parseRateLimit(headers, Date.now());
      if (until === undefined) closedUntil.delete(host);
      else closedUntil.set(host, until);
    },
    /** Milliseconds until the host takes calls again; 0 when it does. */
    waitMs(host: string): number {
      const until = closedUntil.get(host);
      if (until === undefined) return 0;
      if (until > Date.now()) return until - Date.now();
      closedUntil.delete(host);
      return 0;
    },
  };
}

/** Waits, or rejects with the signal's reason as soon as it aborts. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
