import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Backend } from './backend.ts';
import { errors } from './errors.ts';

const maximumAttempts = 6;
const closeWaitMs = 10_000;

type TransactionState = { open: boolean; channels: Set<string>; hooks: (() => Promise<void>)[] };

/** Transactions with retries, work before the commit and notifications after it. */
export function createTransactions(backend: Backend, wake: (channels: Iterable<string>) => void) {
  const states = new WeakMap<object, TransactionState>();
  const current = new AsyncLocalStorage<TransactionState>();
  const running = new Set<Promise<unknown>>();
  const counters = { transactions: 0, retries: 0 };
  let closing = false;

  const stateOf = (tx: Kysely<any>, operation: string): TransactionState => {
    const state = states.get(tx) ?? current.getStore();
    if (!state?.open) throw errors.transactionUnknown({ operation });
    return state;
  };

  const attempt = async <T, R>(work: (tx: Transaction<T>) => Promise<R>): Promise<R> => {
    const state: TransactionState = { open: true, channels: new Set(), hooks: [] };
    try {
      const result = await backend.writer.transaction().execute(async (tx) => {
        states.set(tx, state);
        return current.run(state, async () => {
          const value = await work(tx);
          for (let hook = state.hooks.shift(); hook; hook = state.hooks.shift()) await hook();
          if (backend.announce && state.channels.size > 0) await backend.announce(tx, [...state.channels]);
          return value;
        });
      });
      counters.transactions += 1;
      wake(state.channels);
      return result;
    } finally {
      state.open = false;
    }
  };

  const retrying = async <T, R>(work: (tx: Transaction<T>) => Promise<R>): Promise<R> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(work);
      } catch (error) {
        if (!backend.isRetryable(error)) throw error;
        if (attempts >= maximumAttempts) throw errors.busy({ attempts }, { cause: error });
        counters.retries += 1;
        // Back-off with jitter: two transactions that collided must not collide again in step.
        await sleep(10 * 2 ** attempts * (0.5 + Math.random()));
      }
    }
  };

  return {
    counters,
    stateOf,
    async transaction<T, R>(work: (tx: Transaction<T>) => Promise<R>): Promise<R> {
      if (closing) throw errors.closed();
      if (current.getStore()?.open) throw errors.transactionNested();
      const promise = retrying(work);
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    },
    /** Refuses new transactions and waits for the running ones. */
    async drain() {
      closing = true;
      const timer = new AbortController();
      await Promise.race([
        Promise.allSettled(running),
        sleep(closeWaitMs, undefined, { signal: timer.signal }).catch(() => undefined),
      ]);
      timer.abort();
    },
  };
}
