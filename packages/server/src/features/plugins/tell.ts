import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { Logger } from '../../core/log/index.ts';

/** Pages and replicas hear of it. Its first word is that of the pages' questions. */
const dataChanged = 'plugin-data.changed';
/** A plugin that says it all the time is heard as often. */
const spacingMs = 2_000;

/**
 * Spreads that a plugin has other data now: to open pages by the change feed, and to the other replicas, which keep answers of their own.
 *
 * @param forget - drops what this replica keeps of a contribution
 */
export function createTelling(parts: {
  db: Database;
  events: Events;
  log: Logger;
  forget(plugin: string, contribution: string): void;
}) {
  const { db, events, log, forget } = parts;
  const last = new Map<string, { at: number; timer?: NodeJS.Timeout }>();
  let silence = () => {};
  let cursor = 0;
  let reading = Promise.resolve();
  const warn = (error: unknown) => log.warn({ error }, 'a change of data of a plugin could not be told');

  const append = (plugin: string, contribution: string) =>
    void db
      .transaction((tx) =>
        events.append(tx, [{ type: dataChanged, subject: `plugin:${plugin}`, data: { contribution } }]),
      )
      .catch(warn);

  async function follow(): Promise<void> {
    for (;;) {
      const page = await events.read({ after: cursor, limit: 100, types: [dataChanged] });
      for (const { subject, data } of page.events)
        forget(subject.slice('plugin:'.length), (data as { contribution: string }).contribution);
      if (page.cursor === cursor) return;
      cursor = page.cursor;
    }
  }

  return {
    /** Tells it now, or a moment later where it was told just before. */
    tell(plugin: string, contribution: string): void {
      forget(plugin, contribution);
      const key = `${plugin}/${contribution}`;
      const before = last.get(key);
      if (before?.timer) return;
      const wait = (before?.at ?? 0) + spacingMs - Date.now();
      const now = () => {
        last.set(key, { at: Date.now() });
        append(plugin, contribution);
      };
      if (wait <= 0) return now();
      const timer = setTimeout(now, wait);
      timer.unref();
      last.set(key, { at: before!.at, timer });
    },
    /** Hears other replicas; only PostgreSQL has any. */
    async start(): Promise<void> {
      if (db.dialect !== 'postgres') return;
      cursor = await events.latest();
      silence = events.onAppend(() => {
        reading = reading.then(follow).catch(warn);
      });
    },
    stop(): void {
      silence();
      for (const { timer } of last.values()) clearTimeout(timer);
      last.clear();
    },
  };
}
