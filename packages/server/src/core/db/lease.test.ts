import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';

forEachDatabase((dialect, { open, place }) => {
  test('only one holds a lease; the next gets it when the work is done, also when it failed', async () => {
    const where = await place();
    const one = await open(where);
    const two = dialect === 'postgres' ? await open(where) : one;
    const inside = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const first = one.withLease('x', { ttlMs: 1_500 }, async ({ signal }) => {
      inside.resolve();
      await finish.promise;
      return signal.aborted;
    });
    await inside.promise;
    // Longer than the term: the heartbeat keeps it.
    await sleep(2_000);
    expect(await two.withLease('x', { ttlMs: 1_500 }, async () => 'no')).toBeUndefined();
    expect(await two.withLease('y', { ttlMs: 1_500 }, async () => 'other')).toBe('other');
    finish.resolve();
    expect(await first).toBe(false);
    await expect(two.withLease('x', { ttlMs: 1_500 }, () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    );
    expect(await one.withLease('x', { ttlMs: 1_500 }, async () => 'mine')).toBe('mine');
  });

  if (dialect === 'sqlite') return;

  test('the signal fires when another has taken the lease', async () => {
    const db = await open();
    const lost = db.withLease('x', { ttlMs: 1_500 }, async ({ signal }) => {
      await db.transaction((tx) => sql`update core_lease set holder = 'thief'`.execute(tx));
      const aborted = Promise.withResolvers<string>();
      signal.addEventListener('abort', () => aborted.resolve((signal.reason as { code: string }).code));
      return aborted.promise;
    });
    expect(await lost).toBe('DATABASE_LEASE_LOST');
    const { rows } = await sql`select holder from core_lease`.execute(db.reader());
    expect(rows).toEqual([{ holder: 'thief' }]);
  });

  test('a holder that cannot reach the database gives up before its term ends, and a dead one is replaced', async () => {
    const where = await place();
    const one = await open(where);
    const two = await open(where);
    const gone = one.withLease('x', { ttlMs: 600 }, async ({ signal }) => {
      // A lock on the table keeps the renewals waiting, like a network that swallows them.
      await two.transaction(async (tx) => {
        await sql`lock table core_lease in access exclusive mode`.execute(tx);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      });
      return (signal.reason as { code: string }).code;
    });
    expect(await gone).toBe('DATABASE_LEASE_LOST');
    await one.transaction((tx) => sql`insert into core_lease values ('dead', 'nobody', ${Date.now() - 1})`.execute(tx));
    expect(await two.withLease('dead', { ttlMs: 600 }, async () => 'taken over')).toBe('taken over');
  });
});
