import type { Database } from '../../../core/db/index.ts';
import type { Logger } from '../../../core/log/index.ts';
import { accessMigrations } from '../migrations/index.ts';
import { type AuditStore, createAuditStore } from './store.ts';
import type { NewAuditEntry } from './types.ts';

const flushAfterMs = 250;
const mostWaiting = 5_000;

/** Keeps who did what. */
export type Audit = ReturnType<typeof createAudit>;

/**
 * Opens the audit. Entries are written a moment after they are recorded, many at once; when the database does not answer they wait, and
 * when too many wait they go to the log, so that none is lost silently.
 */
export function createAudit() {
  let store: AuditStore | undefined;
  let log: Logger | undefined;
  let waiting: (NewAuditEntry & { at: number })[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let written = () => {};

  const write = async () => {
    const entries = waiting;
    waiting = [];
    try {
      await store!.append(entries);
      if (entries.length > 0) written();
    } catch (error) {
      waiting = [...entries, ...waiting];
      log?.error({ err: error }, 'the audit could not be written; it is tried again');
      if (waiting.length > mostWaiting)
        for (const entry of waiting.splice(0))
          log?.error({ audit: entry }, 'an entry of the audit that could not be kept');
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (!store) return Promise.resolve();
    writing = writing.then(write);
    return writing;
  };

  return {
    /** Puts down what was done; it is stored soon. */
    record(entry: NewAuditEntry): void {
      waiting.push({ ...entry, at: Date.now() });
      if (timer || !store) return;
      timer = setTimeout(() => void flush(), flushAfterMs);
      timer.unref();
    },
    /** Everything recorded so far is stored when it resolves. */
    flush,
    async prepare(db: Database, logger: Logger): Promise<void> {
      await db.migrate(accessMigrations);
      store = createAuditStore(db);
      log = logger;
    },
    /** Told after entries were stored. */
    onWritten(listener: () => void): void {
      written = listener;
    },
    /** @throws Error before `prepare` */
    store(): AuditStore {
      if (!store) throw new Error('the audit is not open yet');
      return store;
    },
    /** Takes away what is older than so many days. */
    prune: (days: number): Promise<number> => store!.prune(Date.now() - days * 86_400_000),
    stop: flush,
  };
}
