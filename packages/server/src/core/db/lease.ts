import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Backend } from './backend.ts';
import { errors } from './errors.ts';
import { words } from './words.ts';

type Work<R> = (lease: { signal: AbortSignal }) => Promise<R>;

// The server's clock: those of two replicas may differ by more than a lease lasts.
const { now } = words.postgres;

/** Leases of several replicas: a row in core_lease, renewed three times per term. */
function createSharedLeases(backend: Backend) {
  const run = (statement: ReturnType<typeof sql>) => statement.execute(backend.writer);

  return async <R>(name: string, ttlMs: number, work: Work<R>): Promise<R | undefined> => {
    const holder = randomUUID();
    const asked = performance.now();
    const { rows } =
      await run(sql`insert into core_lease (name, holder, expires_at) values (${name}, ${holder}, ${now} + ${ttlMs}::bigint)
      on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
      where core_lease.expires_at < ${now} returning name`);
    if (rows.length === 0) return undefined;
    const lost = new AbortController();
    // Measured from before the request, the local end is never later than the server's.
    let endsAt = asked + ttlMs;
    const renew = async () => {
      const renewedAt = performance.now();
      const result = await run(
        sql`update core_lease set expires_at = ${now} + ${ttlMs}::bigint where name = ${name} and holder = ${holder} returning name`,
      );
      if (result.rows.length === 0) lost.abort(errors.leaseLost({ name }));
      else endsAt = renewedAt + ttlMs;
    };
    const heartbeat = setInterval(() => {
      // A failed renewal is tried again at the next beat; what counts is the end of the term.
      renew().catch(() => undefined);
    }, ttlMs / 3);
    const watch = setInterval(() => {
      if (performance.now() >= endsAt) lost.abort(errors.leaseLost({ name }));
    }, ttlMs / 10);
    try {
      return await work({ signal: lost.signal });
    } finally {
      clearInterval(heartbeat);
      clearInterval(watch);
      await run(sql`delete from core_lease where name = ${name} and holder = ${holder}`).catch(() => undefined);
    }
  };
}

/** Leases of the embedded database: the folder's lock already keeps other processes out, so a set of names is enough. */
function createLocalLeases() {
  const held = new Set<string>();
  return async <R>(name: string, _ttlMs: number, work: Work<R>): Promise<R | undefined> => {
    if (held.has(name)) return undefined;
    held.add(name);
    try {
      return await work({ signal: new AbortController().signal });
    } finally {
      held.delete(name);
    }
  };
}

/** See `Database.withLease`. */
export const createLeases = (backend: Backend) =>
  backend.dialect === 'sqlite' ? createLocalLeases() : createSharedLeases(backend);
