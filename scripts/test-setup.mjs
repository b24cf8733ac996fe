/** Vitest global setup: tests find a PostgreSQL at TEST_DATABASE_URL; where nobody has set it, one is started for the run. */
import { startPostgres } from './postgres.mjs';

let server;

export async function setup() {
  if (process.env.TEST_DATABASE_URL || server) return;
  server = await startPostgres({ log: (line) => process.stderr.write(`${line}\n`) });
  process.env.TEST_DATABASE_URL = server.url;
  // Vitest ends without teardown when it is interrupted or its pool crashes; the database must not outlive it.
  process.once('exit', () => server?.stopNow());
}

export async function teardown() {
  await server?.stop();
  if (server) delete process.env.TEST_DATABASE_URL;
  server = undefined;
}
