import type { Client } from 'pg';
import type { Logger } from '../log/index.ts';

const firstRetryMs = 100;
const longestRetryMs = 10_000;
const pollMs = 5_000;

/**
 * Hears what other replicas announce, on a connection of its own that is made again when it breaks. Everyone is also woken
 * every few seconds: behind a pooler that drops notifications the portal is slower, not deaf.
 */
export function createListener(options: { connect(): Client; wake(channel: string): void; log: Logger }) {
  const channel = 'callboard';
  const channels = new Set<string>();
  let client: Client | undefined;
  let started = false;
  let stopped = false;
  let retryMs = firstRetryMs;
  let retry: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;

  const wakeAll = () => {
    for (const name of channels) options.wake(name);
  };

  const reconnect = (failed: Client, error?: Error) => {
    if (stopped || client !== failed) return;
    client = undefined;
    failed.removeAllListeners('notification');
    failed.end().catch(() => undefined);
    options.log.warn({ error: error?.message, retryMs }, 'the connection that hears other replicas was lost');
    retry = setTimeout(() => void connect(), retryMs);
    retry.unref();
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  };

  const connect = async () => {
    const fresh = options.connect();
    client = fresh;
    fresh.on('notification', (message) => options.wake(message.payload ?? ''));
    fresh.on('error', (error) => reconnect(fresh, error));
    fresh.on('end', () => reconnect(fresh));
    try {
      await fresh.connect();
      await fresh.query(`listen ${channel}`);
      retryMs = firstRetryMs;
      // What was announced while nobody listened.
      wakeAll();
    } catch (error) {
      reconnect(fresh, error as Error);
    }
  };

  return {
    channel,
    start(name: string) {
      channels.add(name);
      if (started || stopped) return;
      started = true;
      poll = setInterval(wakeAll, pollMs);
      poll.unref();
      void connect();
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      clearInterval(poll);
      await client?.end().catch(() => undefined);
    },
  };
}
