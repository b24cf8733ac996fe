import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCallboard } from '../testing/callboard.ts';

let directory: string;
const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-cli-access-'));
  write(
    'callboard.yaml',
    'access:\n  defaultRole: none\n  bindings:\n    - { role: viewer, to: [user:default/jane] }\n    - { role: viewer, to: [claim:staff], when: IS_ENTITY_OWNER }\n',
  );
});
afterAll(() => rmSync(directory, { recursive: true }));
const run = (...args: string[]) => runCallboard(args, { cwd: directory });

test('explains, runs policy tests and looks at the audit, on the data folder', async () => {
  const explained = await run('access', 'explain', 'user:default/jane');
  expect(explained).toMatchObject({
    code: 0,
    stdout:
      'allow: user:default/jane has catalog.entity.read: the role viewer is given to user:default/jane.\nNobody is known by this name: it is the answer for whoever will sign in so.\n',
  });
  expect((await run('access', 'explain', 'user:default/joe', '--claim', 'staff')).stdout).toMatch(
    /^conditional: user:default\/joe has catalog\.entity\.read for some entities: IS_ENTITY_OWNER\.\n/,
  );
  const about = async (...question: string[]) => (await run('access', 'explain', ...question)).stderr.split('\n')[0];
  expect([await about('jane'), await about('user:default/jane', '--permission', 'search.raed')]).toEqual([
    'error: The policy cannot be used: jane is nobody who could be asked about',
    'error: The policy cannot be used: there is no permission search.raed',
  ]);
  write(
    'tests.yaml',
    `- { principal: user:default/jane, permission: search.read, expect: allow }
- { principal: user:default/joe, expect: deny }
- { principal: user:default/joe, claims: [staff], expect: conditional }
- { name: Jane removes things, principal: user:default/jane, permission: catalog.entity.delete, expect: allow }
`,
  );
  expect(await run('access', 'test', 'tests.yaml')).toMatchObject({
    code: 1,
    stdout:
      '✗ Jane removes things: expected allow, is deny\n    No role that user:default/jane has gives catalog.entity.delete.\n3 tests passed, 1 failed\n',
  });
  write('tests.yaml', '- { principal: user:default/jane, permission: search.raed, expect: allow }\n');
  const wrong = await run('access', 'test', 'tests.yaml');
  expect([wrong.code, wrong.stderr.split('\n')[0]]).toEqual([
    1,
    'error: The policy cannot be used: test 1: there is no permission search.raed',
  ]);
  expect((await run('access', 'verify')).stdout).toBe('0 entries, intact. The newest hash is none yet\n');
});
