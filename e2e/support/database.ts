import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A PostgreSQL schema of its own for one portal, as a connection address. */
export async function createPostgresSchema(): Promise<{ url: string; remove(): Promise<void> }> {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) {
    const advice = 'Run the tests by `npm test`, or by `npx vitest` from the root of the repository.';
    throw new Error(`No PostgreSQL to test on. ${process.env['TEST_DATABASE_FAILURE'] ?? advice}`);
  }
  const schema = `e2e_${process.pid}_${randomBytes(4).toString('hex')}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create schema ${schema}`);
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${schema}`);
  // Not every reader of addresses takes a plus for a space.
  return { url: url.href.replaceAll('+', '%20'), remove: () => run(`drop schema ${schema} cascade`) };
}
