import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, runCallboard, startCallboard } from '../testing/callboard.ts';

const examples = fileURLToPath(new URL('../../../../examples/plugins/', import.meta.url));
let folder: string;
let portal: Running;
let url: string;
const run = (...args: string[]) => runCallboard(args, { cwd: folder, env: { CALLBOARD_URL: url } });
const get = async (path: string) => (await fetch(url + path)).json() as Promise<any>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-plugin-cli-'));
  await writeFile(
    join(folder, 'catalog-info.yaml'),
    'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ferry }\nspec: { type: service, lifecycle: production, owner: crew }\n',
  );
  await cp(examples, join(folder, 'plugins'), { recursive: true });
  portal = startCallboard(
    ['start', join(folder, 'catalog-info.yaml'), '--port', '0', '--data', join(folder, '.data')],
    { cwd: folder },
  );
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(await portal.waitFor(/http:\/\/127\.0\.0\.1:\d+/))![0];
});
afterAll(async () => {
  portal.child.kill('SIGTERM');
  await portal.ended;
  await rm(folder, { recursive: true, force: true });
});

test('an example is checked, packed, looked at, installed and used', async () => {
  const packed = await run('plugin', 'pack', 'plugins/tides');
  expect(packed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^tides-1\.0\.0\.tgz\nsha256 [0-9a-f]{64}\n$/),
  });
  expect((await run('plugin', 'pack', 'plugins/tides')).stdout).toBe(packed.stdout);
  const looked = await run('plugin', 'add', 'tides-1.0.0.tgz');
  expect(looked.stdout).toContain('may       read the catalog; keep values in a store of its own');
  expect(looked.stdout).toContain('Nothing is installed yet');
  expect((await run('plugin', 'list')).stdout).not.toContain('tides');
  const wrong = await run('plugin', 'add', 'tides-1.0.0.tgz', '--yes', '--sha256', 'f'.repeat(64));
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('not the one that was given') });
  const added = await run('plugin', 'add', 'tides-1.0.0.tgz', '--yes', '--sha256', packed.stdout.slice(-65).trim());
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/tides 1\.0\.0 is enabled\n$/) });
  const noted = await fetch(`${url}/api/plugins/tides/tides/ferry`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"tide":"flood"}',
  });
  expect(await noted.json()).toEqual({ name: 'ferry', tide: 'flood' });
  expect((await get('/api/plugins/tides/views/tide?entity=component:default/ferry')).view).toEqual({
    model: 'stat',
    items: [{ label: 'Tide at the harbour', value: 'flood', tone: 'good' }],
  });
});

test('a full plugin brings its scripts with their hashes, and is updated, rolled back, disabled and removed', async () => {
  expect((await run('plugin', 'add', 'plugins/harbour-board', '--yes')).stdout).toContain(
    'harbour-board 1.0.0 is enabled',
  );
  const { items } = await get('/api/plugins/web');
  const board = items.find((item: { id: string }) => item.id === 'harbour-board');
  expect(board.contributes.navigation).toEqual([
    { id: 'board', title: 'Harbour board', page: 'board', icon: 'anchor' },
  ]);
  const script = await fetch(url + board.web.url);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await script.text()).toBe(await readFile(join(examples, 'harbour-board/web/index.js'), 'utf8'));
  expect(board.web.files).toEqual({ [board.web.url]: board.web.integrity });
  expect(board.web.integrity).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/);
  expect((await fetch(url + board.web.url.replace('web/index.js', 'server/index.js'))).status).toBe(404);
  expect((await fetch(url + board.web.url.replace('web/index.js', 'web/..%2fpackage.json'))).status).toBe(404);
  expect((await get('/api/plugins/harbour-board/board')).refs).toContain('component:default/ferry');

  const manifest = join(folder, 'plugins/harbour-board/package.json');
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"version": "1.0.0"', '"version": "1.1.0"'));
  expect((await run('plugin', 'update', 'plugins/harbour-board', '--yes')).stdout).toContain(
    '1.1.0), in place of 1.0.0',
  );
  expect((await run('plugin', 'rollback', 'harbour-board')).stdout).toBe('harbour-board 1.0.0 is enabled\n');
  expect((await run('plugin', 'disable', 'harbour-board')).stdout).toBe('harbour-board 1.0.0 is disabled\n');
  expect((await run('upgrade', '--check')).stdout).toContain('harbour-board 1.0.0 will run\n');
  expect(await run('plugin', 'remove', 'harbour-board')).toMatchObject({ code: 0 });
  expect((await run('plugin', 'list')).stdout).not.toContain('harbour-board');
});

test('a new plugin is right as it is made; what is broken or proposed is refused with all faults', async () => {
  for (const kind of ['server', 'declarative', 'full']) {
    expect((await run('plugin', 'create', `made-${kind}`, '--kind', kind)).code).toBe(0);
    expect((await run('plugin', 'check', `made-${kind}`)).stdout).toBe(
      `made-${kind} 0.1.0 is right and runs on this version of Callboard\n`,
    );
  }
  expect(await run('plugin', 'create', 'made-full')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not empty'),
  });
  const manifest = join(folder, 'made-server/package.json');
  const right = JSON.parse(await readFile(manifest, 'utf8'));
  await writeFile(manifest, JSON.stringify({ ...right, callboard: { ...right.callboard, proposed: ['streams'] } }));
  expect((await run('plugin', 'pack', 'made-server')).stderr).toContain(
    'it uses proposed parts of the contract: streams',
  );
  await writeFile(
    join(folder, 'made-server/server.js'),
    'export default { setup: () => ({ routes: { x: () => 1 } }) };',
  );
  const { code, stderr } = await run('plugin', 'check', 'made-server');
  expect(code).toBe(1);
  expect(stderr).toContain('the manifest declares views/summary, and setup(host) returned no handler for it');
  expect(stderr).toContain('setup(host) returned a handler for routes/x, which the manifest does not declare');
});

test('every contribution is called, and its answer looked at', async () => {
  expect(await run('plugin', 'test', 'plugins/tides')).toMatchObject({
    code: 0,
    stdout:
      'passed  views/tide\npassed  routes/note\npassed  actions/tides:note\npassed  checks/noted\n' +
      'tides 1.0.0: 4 passed, 0 failed, 0 skipped\n',
  });
  expect(await run('plugin', 'test', 'made-declarative')).toMatchObject({
    code: 0,
    stdout: 'passed  views/summary\nmade-declarative 0.1.0: 1 passed, 0 failed, 0 skipped\n',
  });
  await rm(join(folder, 'made-declarative/callboard.test.json'));
  expect((await run('plugin', 'test', 'made-declarative')).stdout).toMatch(
    /^skipped views\/summary: it asks https:\/\/status.example.com\/api\/example; give an answer/,
  );
  const declared = join(folder, 'made-declarative/callboard.plugin.json');
  await writeFile(declared, (await readFile(declared, 'utf8')).replace('{model:', '{model'));
  expect(await run('plugin', 'test', 'made-declarative')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^failed {2}views\/summary: .*compile error/s),
  });
  await run('plugin', 'create', 'asking');
  const server = join(folder, 'asking/server.js');
  const right = await readFile(server, 'utf8');
  await writeFile(server, right.replace("model: 'stat'", "model: 'chart'"));
  const wrong = await run('plugin', 'test', 'asking');
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toMatch(
    /^failed  views\/summary: \/model: .+\nasking 0\.1\.0: 0 passed, 1 failed, 0 skipped\n$/,
  );
  expect((await run('plugin', 'check', 'asking')).stdout).toContain('views/summary failed: /model: ');
  const manifest = join(folder, 'asking/package.json');
  const json = JSON.parse(await readFile(manifest, 'utf8'));
  json.callboard.asks = { hosts: ['status.example.com'] };
  await writeFile(manifest, JSON.stringify(json));
  const asking =
    "summary: async () => ({ model: 'stat', items: [{ label: 'Status', value: (await host.fetch('https://status.example.com/x')).json().status }] }),";
  await writeFile(server, right.replace(/summary: [\s\S]+?\}\),\n/, `${asking}\n`));
  expect((await run('plugin', 'test', 'asking')).stdout).toContain(
    'skipped views/summary: it asks https://status.example.com/x; give an answer under fetch in callboard.test.json',
  );
  await writeFile(
    join(folder, 'asking/callboard.test.json'),
    JSON.stringify({ fetch: { 'https://status.example.com/': { status: 'afloat' } } }),
  );
  expect((await run('plugin', 'test', 'asking')).stdout).toContain('passed  views/summary');
});

test('a folder under work is installed again at every save', async () => {
  await run('plugin', 'create', 'live');
  const dev = startCallboard(['plugin', 'dev', 'live'], { cwd: folder, env: { CALLBOARD_URL: url } });
  try {
    await dev.waitFor(/live 0\.1\.0-dev\.\d+ is enabled/);
    const server = join(folder, 'live/server.js');
    await writeFile(server, (await readFile(server, 'utf8')).replaceAll('Looked at', 'Seen'));
    await dev.waitFor(/is enabled[\s\S]*live 0\.1\.0-dev\.\d+ is enabled/);
    expect((await get('/api/plugins/live/views/summary')).view.items).toEqual([{ label: 'Seen', value: 'nothing' }]);
  } finally {
    dev.child.kill('SIGTERM');
    await dev.ended;
  }
});
