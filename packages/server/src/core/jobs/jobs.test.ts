import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import type { Database } from '../db/index.ts';
import { createLogger } from '../log/index.ts';
import { createJobs } from './index.ts';
import type { JobContext, JobDefinition, Jobs } from './index.ts';

const log = await createLogger({ level: 'silent', format: 'json' });

forEachDatabase((dialect, { open, place }) => {
  const started: Jobs[] = [];
  afterAll(() => Promise.all(started.map((jobs) => jobs.stop({ waitMs: 100 }))));

  async function start(db: Database, ...definitions: JobDefinition[]): Promise<Jobs> {
    const jobs = createJobs({ db, log });
    for (const definition of definitions) jobs.define(definition);
    await jobs.start();
    started.push(jobs);
    return jobs;
  }
  const find = async (jobs: Jobs, name: string, key?: string) => (await jobs.list({ name, key }))[0];

  test('a job runs once with its payload, and its result is kept', async () => {
    const db = await open();
    const runs: unknown[] = [];
    const jobs = await start(db, {
      name: 'a',
      run: async (payload, { key, attempt }) => void runs.push([payload, key, attempt]),
    });
    await jobs.enqueue({ name: 'a', key: 'k', payload: { text: 'x\0', list: [1] } });
    await expect.poll(() => runs, { interval: 2 }).toEqual([[{ text: 'x\0', list: [1] }, 'k', 1]]);
    await expect
      .poll(() => find(jobs, 'a'))
      .toMatchObject({ key: 'k', state: 'done', lastStatus: 'succeeded', lastError: null, attempts: 0, runAt: null });
    await jobs.enqueue({ name: 'a' });
    await jobs.enqueue({ name: 'a' });
    await expect.poll(() => runs.length).toBe(3);
    expect(await jobs.list({ name: 'a' })).toHaveLength(3);
  });

  test('a job that is enqueued in a transaction runs after its commit, and not after a rollback', async () => {
    const db = await open();
    const runs: string[] = [];
    const jobs = await start(db, { name: 'a', run: async (_payload, { key }) => void runs.push(key) });
    const failing = db.transaction(async (tx) => {
      await jobs.enqueue({ name: 'a', key: 'never' }, tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await db.transaction(async (tx) => {
      await jobs.enqueue({ name: 'a', key: 'yes' }, tx);
      await sleep(30);
      expect(runs).toEqual([]);
    });
    await expect.poll(() => runs).toEqual(['yes']);
    expect(await jobs.list({ name: 'a' })).toHaveLength(1);
  });

  test('the same key waits once, and while it runs it is run once more', async () => {
    const db = await open();
    const payloads: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const run = async (payload: unknown) => {
      payloads.push(payload);
      if (payloads.length === 1) await gate.promise;
    };
    const jobs = await start(db, { name: 'a', run });
    const later = Date.now() + 3_600_000;
    await jobs.enqueue({ name: 'a', key: 'k', payload: 0, runAt: later });
    await jobs.enqueue({ name: 'a', key: 'k', payload: 1 });
    await expect.poll(() => payloads).toEqual([1]);
    await jobs.enqueue({ name: 'a', key: 'k', payload: 2 });
    await jobs.enqueue({ name: 'a', key: 'k', payload: 3 });
    expect(await find(jobs, 'a', 'k')).toMatchObject({ state: 'running' });
    gate.resolve();
    await expect.poll(() => payloads).toEqual([1, 3]);
    await expect.poll(() => find(jobs, 'a', 'k')).toMatchObject({ state: 'done' });
    await jobs.enqueue({ name: 'a', key: 'k', payload: 4 });
    await expect.poll(() => payloads).toEqual([1, 3, 4]);
  });

  test('a failure is tried again after a growing wait, then given up until it is triggered', async () => {
    const db = await open();
    const attempts: number[] = [];
    let broken = true;
    const run = async (_payload: unknown, { attempt }: JobContext) => {
      attempts.push(attempt);
      if (broken) throw new Error(`failure ${attempt}`);
    };
    const jobs = await start(db, { name: 'a', run, retry: { attempts: 3, backoffMs: 20 } });
    await jobs.enqueue({ name: 'a', key: 'k' });
    await expect
      .poll(() => find(jobs, 'a'))
      .toMatchObject({ state: 'failed', lastStatus: 'failed', lastError: 'failure 3', runAt: null });
    expect(attempts).toEqual([1, 2, 3]);
    broken = false;
    await jobs.trigger('a', 'k');
    await expect.poll(() => find(jobs, 'a')).toMatchObject({ state: 'done', lastStatus: 'succeeded', lastError: null });
    expect(attempts).toEqual([1, 2, 3, 1]);
    await expect(jobs.trigger('a', 'absent')).rejects.toMatchObject({ code: 'JOBS_NOT_FOUND', status: 404 });
  });

  test('intervals and cron', async () => {
    const db = await open();
    let runs = 0;
    const jobs = await start(
      db,
      { name: 'often', every: 30, run: async () => void (runs += 1) },
      { name: 'nightly', cron: '30 3 * * *', run: async () => void (runs += 1000) },
    );
    await expect.poll(() => runs).toBeGreaterThanOrEqual(3);
    const nightly = (await find(jobs, 'nightly'))!;
    expect(nightly).toMatchObject({ key: '', state: 'waiting', cron: '30 3 * * *', every: null });
    expect(new Date(nightly.runAt!).toISOString()).toMatch(/T03:30:00\.000Z$/);
    expect(nightly.runAt! - Date.now()).toBeLessThanOrEqual(86_400_000);
    await jobs.trigger('nightly');
    await expect.poll(() => runs).toBeGreaterThanOrEqual(1000);
    await expect
      .poll(() => find(jobs, 'nightly'))
      .toMatchObject({ state: 'waiting', lastStatus: 'succeeded', runAt: nightly.runAt });
    expect(() => jobs.define({ name: 'often', run: async () => {} })).toThrow("The job 'often' is defined twice");
    expect(() => jobs.define({ name: 'odd', cron: 'at noon', run: async () => {} })).toThrow(
      "The schedule of the job 'odd' cannot be read",
    );
    expect(() => jobs.define({ name: 'odd', every: 0, run: async () => {} })).toThrow('0 is not a number above zero');
  });

  test('a run that was missed while the portal was down happens once at the next start', async () => {
    const db = await open();
    let runs = 0;
    const nightly = { name: 'nightly', cron: '30 3 * * *', run: async () => void (runs += 1) };
    const first = await start(db, nightly);
    await first.stop();
    await db.transaction((tx) =>
      sql`update core_job set run_at = ${Date.now() - 7_200_000} where name = 'nightly'`.execute(tx),
    );
    const second = await start(db, nightly);
    await expect.poll(() => find(second, 'nightly')).toMatchObject({ state: 'waiting', lastStatus: 'succeeded' });
    expect(runs).toBe(1);
  });

  test('a job that takes too long is told to end and counts as failed', async () => {
    const db = await open();
    const run = (_payload: unknown, { signal }: JobContext) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const jobs = await start(db, { name: 'slow', run, timeoutMs: 30, retry: { attempts: 1, backoffMs: 1 } });
    await jobs.enqueue({ name: 'slow', key: 'k' });
    await expect
      .poll(() => find(jobs, 'slow'))
      .toMatchObject({
        state: 'failed',
        lastError: 'The job took longer than its limit of 0.03 s and was told to end',
      });
  });

  test('progress is visible while the job runs', async () => {
    const db = await open();
    const gate = Promise.withResolvers<void>();
    const run = async (_payload: unknown, { progress }: JobContext) => {
      progress({ done: 1, total: 2 });
      await gate.promise;
      progress({ done: 2, total: 2 });
    };
    const jobs = await start(db, { name: 'a', run });
    await jobs.enqueue({ name: 'a', key: 'k' });
    await expect.poll(() => find(jobs, 'a')).toMatchObject({ state: 'running', progress: { done: 1, total: 2 } });
    gate.resolve();
    await expect.poll(() => find(jobs, 'a')).toMatchObject({ state: 'done', progress: { done: 2, total: 2 } });
  });

  test('at most `concurrency` at a time, and a long line of one kind does not hold up another', async () => {
    const db = await open();
    let now = 0;
    let most = 0;
    let other = 0;
    const gate = Promise.withResolvers<void>();
    const run = async () => {
      now += 1;
      most = Math.max(most, now);
      await gate.promise;
      now -= 1;
    };
    const jobs = await start(db, { name: 'a', run, concurrency: 3 }, { name: 'b', run: async () => void (other += 1) });
    await db.transaction(async (tx) => {
      for (let index = 0; index < 250; index += 1) await jobs.enqueue({ name: 'a', key: `${index}` }, tx);
      await jobs.enqueue({ name: 'b' }, tx);
    });
    await expect.poll(() => other).toBe(1);
    await expect.poll(() => now).toBe(3);
    gate.resolve();
    await expect.poll(async () => (await jobs.list({ name: 'a' })).every((job) => job.state === 'done')).toBe(true);
    expect(most).toBe(3);
  });

  test('stop tells running jobs to end, and the next start runs those that were interrupted', async () => {
    const where = await place();
    const db = await open(where);
    const inside = Promise.withResolvers<void>();
    const patient = (_payload: unknown, { signal }: JobContext) => {
      inside.resolve();
      return new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    const first = await start(db, { name: 'a', run: patient }, { name: 'deaf', run: () => new Promise(() => {}) });
    await first.enqueue({ name: 'a', key: 'k', payload: 5 });
    await first.enqueue({ name: 'deaf', key: 'k' });
    await inside.promise;
    await expect.poll(() => find(first, 'deaf')).toMatchObject({ state: 'running' });
    await first.stop({ waitMs: 50 });
    expect(await find(first, 'a')).toMatchObject({ state: 'waiting', lastStatus: 'interrupted', attempts: 0 });
    expect(await find(first, 'deaf')).toMatchObject({ state: 'waiting', lastStatus: 'interrupted', attempts: 0 });
    const payloads: unknown[] = [];
    const second = await start(db, { name: 'a', run: async (payload) => void payloads.push(payload) });
    await expect.poll(() => payloads).toEqual([5]);
    await second.stop();
  });

  test('what a dead process left behind is run again, and counts as an attempt', async () => {
    const db = await open();
    const attempts: number[] = [];
    await db.transaction((tx) => sql`insert into core_job (name, key, state, run_at, again, attempts, holder, expires_at, created_at)
      values ('a', 'k', 'running', 1, 0, 1, 'dead', ${Date.now() - 1}, 1), ('b', 'k', 'running', 1, 0, 3, 'dead', ${Date.now() - 1}, 1)`.execute(tx)); // prettier-ignore
    const run = async (_payload: unknown, { attempt }: JobContext) => void attempts.push(attempt);
    const retry = { attempts: 3, backoffMs: 10 };
    const jobs = await start(db, { name: 'a', run, retry }, { name: 'b', run, retry });
    await expect.poll(() => attempts).toEqual([2]);
    await expect
      .poll(() => find(jobs, 'b'))
      .toMatchObject({ state: 'failed', lastError: 'The process that ran the job ended in the middle of it' });
  });

  if (dialect === 'sqlite') return;

  test('what a killed process of this machine left behind is run at once, what others hold is not touched', async () => {
    const db = await open();
    const { pid } = spawnSync('true');
    const holders = {
      killed: `${hostname()}/${pid}/1/x`,
      restarted: `${hostname()}/${process.pid}/1/x`,
      alive: `${hostname()}/${process.ppid}/1/x`,
      elsewhere: `not-${hostname()}/${pid}/1/x`,
      unknown: 'x',
    };
    await db.transaction(async (tx) => {
      for (const [key, holder] of Object.entries(holders))
        await sql`insert into core_job (name, key, state, run_at, again, attempts, holder, expires_at, created_at)
          values ('a', ${key}, 'running', 1, 0, 1, ${holder}, ${Date.now() + 60_000}, 1)`.execute(tx);
    });
    const ran: string[] = [];
    const run = async (_payload: unknown, { key }: JobContext) => void ran.push(key);
    const jobs = await start(db, { name: 'a', concurrency: 5, run, retry: { attempts: 3, backoffMs: 10 } });
    await expect.poll(() => ran.toSorted()).toEqual(['killed', 'restarted']);
    await sleep(100);
    expect(await jobs.list({ name: 'a' })).toMatchObject([
      { key: 'killed', state: 'done' },
      { key: 'restarted', state: 'done' },
      { key: 'alive', state: 'running' },
      { key: 'elsewhere', state: 'running' },
      { key: 'unknown', state: 'running' },
    ]);
  });

  test('replicas share the work, and none runs twice', async () => {
    const where = await place();
    const replicas = await Promise.all([open(where), open(where), open(where)]);
    const runs: [number, string][] = [];
    const everyone = Promise.withResolvers<void>();
    const all = await Promise.all(
      replicas.map((db, replica) =>
        start(db, {
          name: 'a',
          concurrency: 4,
          async run(_payload, { key }) {
            runs.push([replica, key]);
            // Nobody finishes before each replica has begun, however late it hears of the work.
            if (new Set(runs.map(([each]) => each)).size === 3) everyone.resolve();
            await everyone.promise;
          },
        }),
      ),
    );
    await replicas[0].transaction(async (tx) => {
      for (let index = 0; index < 120; index += 1) await all[0]!.enqueue({ name: 'a', key: `${index}` }, tx);
    });
    await expect
      .poll(async () => (await all[0]!.list({ name: 'a' })).filter((job) => job.state === 'done').length)
      .toBe(120);
    expect(new Set(runs.map(([, key]) => key)).size).toBe(120);
    expect(runs).toHaveLength(120);
    expect(new Set(runs.map(([replica]) => replica)).size).toBe(3);
  });
});
