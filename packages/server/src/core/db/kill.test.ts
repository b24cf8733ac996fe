import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import type { DatabasePlace } from '../../testing/databases.ts';
import type { Database } from './index.ts';

const writer = fileURLToPath(new URL('./testing/writer.ts', import.meta.url));
const rounds = 5;

/** Lets a writer run for a moment, kills it, and returns the batches it had acknowledged. */
async function writeAndKill(place: DatabasePlace): Promise<number[]> {
  const child = spawn(process.execPath, [writer, JSON.stringify(place)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: number[] = [];
  const begun = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line !== 'open') acknowledged.push(Number(line));
    if (acknowledged.length > 0) begun.resolve();
  });
  const closed = once(child, 'close');
  await Promise.race([begun.promise, closed]);
  await sleep(Math.random() * 60);
  child.kill('SIGKILL');
  await closed;
  return acknowledged;
}

forEachDatabase((dialect, { open, place }) => {
  const createTable = (db: Database) =>
    db.migrate([
      {
        name: 'test/0001-batch',
        up: async (tx) =>
          void (await sql.raw('create table batch (number bigint, position bigint, text text)').execute(tx)),
      },
    ]);

  test('a process killed in the middle of transactions loses nothing it acknowledged, and leaves nothing half', async () => {
    const where = await place();
    const first = await open(where);
    await createTable(first);
    await first.close();
    const acknowledged: number[] = [];
    for (let round = 0; round < rounds; round += 1) acknowledged.push(...(await writeAndKill(where)));
    expect(acknowledged.length).toBeGreaterThanOrEqual(rounds);

    const db = await open(where);
    const batches = await db
      .reader()
      .selectFrom('batch')
      .select(['number', ({ fn }) => fn.countAll().as('rows')])
      .groupBy('number')
      .execute();
    expect(batches.filter((batch) => batch['rows'] !== 500)).toEqual([]);
    const stored = new Set(batches.map((batch) => batch['number'] as number));
    expect(acknowledged.filter((number) => !stored.has(number))).toEqual([]);
    const told = await db.reader().selectFrom('core_event').select('subject').execute();
    expect(told.map((row) => Number(row['subject'])).sort((a, b) => a - b)).toEqual([...stored].sort((a, b) => a - b));
    if (dialect === 'sqlite') {
      expect((await sql`pragma integrity_check`.execute(db.reader())).rows).toEqual([{ integrity_check: 'ok' }]);
    }
  });
});
