import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, mkdir, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, runCallboard, startCallboard } from './testing/callboard.ts';

const page = fileURLToPath(new URL('../../../docs/plugins/first-plugin.md', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules/@callboard', import.meta.url));
let folder: string;
let portal: Running;
let url: string;
let dev: Running | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-guide-'));
  // As an author has it who installed the contract beside the plugin.
  await mkdir(join(folder, 'node_modules'));
  await symlink(modules, join(folder, 'node_modules/@callboard'));
  await mkdir(join(folder, 'catalog'));
  await writeFile(
    join(folder, 'catalog/catalog-info.yaml'),
    'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ferry }\nspec: { type: service, lifecycle: production, owner: crew }\n',
  );
  portal = startCallboard(['start', join(folder, 'catalog'), '--port', '0', '--data', join(folder, '.data')], {
    cwd: folder,
  });
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(await portal.waitFor(/http:\/\/127\.0\.0\.1:\d+/))![0];
});
afterAll(async () => {
  for (const running of [dev, portal]) {
    running?.child.kill('SIGTERM');
    await running?.ended;
  }
  await rm(folder, { recursive: true, force: true });
});

/** What a block of output promises: `…` stands for anything. */
const pattern = (text: string) =>
  new RegExp(
    text
      .trim()
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );

test('whoever follows the guide block by block has a card, tests and a package', async () => {
  const text = await readFile(page, 'utf8');
  const blocks = [...text.matchAll(/(?:`([\w./-]+)`[^`]*)?```(\w+)\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThanOrEqual(12);
  let said = '';
  const done: string[] = [];
  for (const [, , language, block = ''] of blocks) {
    if (language === 'sh') {
      const [, ...args] = block.trim().split(/\s+/);
      if (args[1] === 'dev') {
        dev = startCallboard(args, { cwd: folder, env: { CALLBOARD_URL: url } });
        said = await dev.waitFor(/is enabled/);
      } else {
        if (args[1] === 'add') {
          dev?.child.kill('SIGTERM');
          await dev?.ended;
        }
        const result = await runCallboard(args, { cwd: folder, env: { CALLBOARD_URL: url } });
        expect(result.code, result.stderr).toBe(0);
        said = result.stdout;
      }
    } else if (language === 'text') expect(said).toMatch(pattern(block));
    else {
      const before = text.slice(0, text.indexOf(block));
      const file = [...before.matchAll(/`(mood\/[\w.-]+)`/g)].at(-1)![1]!;
      await writeFile(join(folder, file), block);
      done.push(file);
    }
  }
  expect(done).toEqual(['mood/package.json', 'mood/server.js', 'mood/callboard.test.json', 'mood/server.test.js']);
  expect(existsSync(join(folder, 'mood-0.1.0.tgz'))).toBe(true);

  const view = async () =>
    (await fetch(`${url}/api/plugins/mood/views/mood?entity=component:default/ferry`)).json() as Promise<any>;
  expect((await view()).view?.items).toEqual([{ label: 'Feels', value: 'unknown', tone: 'good' }]);
  await fetch(`${url}/api/plugins/mood/moods/ferry`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '"grumpy"',
  });
  expect((await view()).view.items).toEqual([{ label: 'Feels', value: 'grumpy', tone: 'warning' }]);

  const tested = spawnSync(process.execPath, ['--test', 'mood/server.test.js'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(tested.stdout).toContain('pass 1');
});
