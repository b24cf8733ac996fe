/** Vitest global setup: tests find a PostgreSQL at TEST_DATABASE_URL; where nobody has set it, one is started for the run. */
import { startPostgres } from './postgres.mjs';

// Each project loads this file anew, at the same time: what they share lies on the process.
const shared = (globalThis[Symbol.for('callboard.testPostgres')] ??= { users: 0, starting: undefined });

async function start() {
  let server;
  try {
    server = await startPostgres({ log: (line) => process.stderr.write(`${line}\n`) });
  } catch (error) {
    // Tests that need no database may run; those that do say why they cannot.
    process.env.TEST_DATABASE_FAILURE = error.message;
    return undefined;
  }
  process.env.TEST_DATABASE_URL = server.url;
  // Vitest ends without teardown when it is interrupted or its pool crashes; the database must not outlive it.
  process.once('exit', () => server.stopNow());
  return server;
}

export async function setup() {
  if ((process.env.TEST_DATABASE_URL || process.env.TEST_DATABASE_FAILURE) && !shared.starting) return;
  shared.users += 1;
  await (shared.starting ??= start());
}

export async function teardown() {
  if (!shared.starting || --shared.users > 0) return;
  const server = await shared.starting;
  shared.starting = undefined;
  delete process.env.TEST_DATABASE_URL;
  await server?.stop();
}
