import type { Logger } from '../../../core/log/index.ts';
import type { Uses } from '../store/uses.ts';

const waitMs = 2_000;
const mostWaiting = 1_000;
const longestTerm = 200;

/** Collects what was searched in vain and writes it now and then, so that no search waits for a write. */
export function createMisses({ uses, log }: { uses: Uses; log: Logger }) {
  let waiting = new Map<string, { count: number; at: number }>();
  let timer: NodeJS.Timeout | undefined;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const written = waiting;
    waiting = new Map();
    if (written.size === 0) return;
    try {
      await uses.countMisses([...written].map(([term, { count, at }]) => ({ term, count, at })));
    } catch (error) {
      log.warn({ error }, 'what was searched in vain could not be recorded');
    }
  };

  return {
    flush,
    add(text: string): void {
      const term = text.toLowerCase().replaceAll(/\s+/g, ' ').trim().slice(0, longestTerm).toWellFormed();
      if (term === '' || (waiting.size >= mostWaiting && !waiting.has(term))) return;
      waiting.set(term, { count: (waiting.get(term)?.count ?? 0) + 1, at: Date.now() });
      timer ??= setTimeout(() => void flush(), waitMs).unref();
    },
    close: flush,
  };
}
