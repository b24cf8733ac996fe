import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCallboard } from '../testing/callboard.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-cli-user-'));
  writeFileSync(join(directory, 'callboard.yaml'), 'app: { baseUrl: "https://portal.example.com/" }\n');
});
afterAll(() => rmSync(directory, { recursive: true }));
const run = (...args: string[]) => runCallboard(args, { cwd: directory });

test('adds, lists, resets and removes users on the data folder', async () => {
  const added = await run(
    'user',
    'add',
    'jane',
    '--title',
    'Jane Doe',
    '--email',
    'jane@example.com',
    '--administrator',
  );
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).toMatch(
    /^Added user:default\/jane\..*\n {2}https:\/\/portal\.example\.com\/sign-in\/password#[\w-]{43}\n$/,
  );
  expect((await run('user', 'list')).stdout).toBe(
    'user:default/jane  Jane Doe  jane@example.com  administrator, no password yet\n1 user\n',
  );
  const again = await run('user', 'add', 'jane');
  expect([again.code, again.stderr.split('\n')[0]]).toEqual([1, 'error: There is a user user:default/jane already']);
  const reset = await run('user', 'reset', 'jane');
  expect(reset.stdout).toMatch(/#[\w-]{43}\n$/);
  expect(reset.stdout.slice(-44)).not.toBe(added.stdout.slice(-44));
  expect((await run('user', 'remove', 'jane')).stderr).toContain('user:default/jane is the only administrator');
  expect((await run('user', 'reset', 'joe')).stderr).toContain('There is no user user:default/joe');
  expect((await run('user', 'add', 'Ja ne')).code).toBe(2);
});

test('makes, lists and revokes tokens', async () => {
  const made = await run('token', 'add', 'ci', '--grant', 'catalog.*', '--days', '3');
  expect(made.stdout).toMatch(/^cbs_[\w-]{43}\n$/);
  const [item] = JSON.parse((await run('token', 'list', '--json')).stdout);
  expect(item).toMatchObject({ kind: 'service', entityRef: 'external:ci', grants: ['catalog.*'] });
  expect(JSON.stringify(item)).not.toContain(made.stdout.trim().slice(4));
  expect((await run('token', 'revoke', item.id)).stdout).toBe(`Revoked ${item.id}\n`);
  expect((await run('token', 'revoke', item.id)).code).toBe(2);
  expect((await run('token', 'add', 'ci', '--grant', 'nothing.at.all')).stderr).toContain(
    "You cannot give 'nothing.at.all'",
  );
});
