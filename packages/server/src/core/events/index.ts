/**
 * The event log: what happened, in the order in which it was committed. It feeds consumers inside the portal and the public change feed.
 *
 * - `append(tx, events)` stores them with the change they tell of: both or neither.
 * - Ids follow the order of the commits, on several replicas too, so that a reader which has seen id n never misses a lower one.
 *   For that, events are written at the very end of the transaction, under a lock that lasts until it is committed.
 * - `consume(name, handler)` has a durable cursor (core_consumer): in order, at least once, retried with back-off, on one replica at a time.
 * - `read` pages through the log; `onAppend` wakes who waits for more; `prune` removes what is old.
 */
import type { Database, Executor } from '../db/index.ts';
import type { Logger } from '../log/index.ts';
import { startConsumer } from './consumer.ts';
import { channel, createEventStore } from './store.ts';
import type { NewEvent, Events } from './types.ts';

export type { ConsumerOptions, ConsumerState, NewEvent, EventQuery, Events, StoredEvent } from './types.ts';

/** Opens the event log of a database. */
export function createEvents({ db, log }: { db: Database; log: Logger }): Events {
  const store = createEventStore(db);
  const pending = new WeakMap<Executor, NewEvent[]>();
  return {
    async append(tx, events) {
      if (events.length === 0) return;
      const waiting = pending.get(tx);
      if (waiting) {
        waiting.push(...events);
        return;
      }
      const added = [...events];
      db.beforeCommit(tx, async () => {
        pending.delete(tx);
        await store.insert(tx, added);
      });
      db.notify(tx, channel);
      pending.set(tx, added);
    },
    read: store.read,
    latest: store.latest,
    newest: store.newest,
    cursorOf: store.cursorOf,
    consume: (name, handler, options = {}) => startConsumer({ db, log, store, name, handler, options }),
    onAppend: (callback) => db.listen(channel, callback),
    consumers: store.consumers,
    prune: (keep = {}) => store.prune({ days: keep.days ?? 30, rows: keep.rows ?? 1_000_000 }),
  };
}
