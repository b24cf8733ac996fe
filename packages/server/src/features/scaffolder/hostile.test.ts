import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { testOutbound } from '../../core/outbound/testing.ts';
import { createEngine } from './testing/engine.ts';

const engine = createEngine({ deadlineMs: 400, memory: 64, processes: 1 });
/** For what other limits end, however slow the machine is. */
const patient = createEngine({ deadlineMs: 20_000, memory: 64, processes: 1 });
afterAll(() => Promise.all([engine.close(), patient.close()]));

describe('a template that works without end', () => {
  it.each([
    ['an endless loop', patient, '{% for i in range(1000000000) %}x{% endfor %}', 'work unit limit'],
    [
      'a huge text',
      patient,
      "{% set x = 'aaaaaaaaaa' %}{% for i in range(1000) %}{% set x = x + x %}{% endfor %}${{ x }}",
      'Invalid string length',
    ],
    [
      'a pattern that never ends',
      engine,
      "${{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace(r/^(a+)+$/, 'b') }}",
      'it took longer than 0.4 s',
    ],
  ])('%s is given up, and the other files are shown', async (_name, at, text, reason) => {
    const files = { 'a.txt': 'a', 'bad.txt': text, 'c.txt': '${{ 1 + 1 }}' };
    const made = await at.step('fetch:template', { url: '.' }, { files, isDryRun: true });
    expect(made.files).toEqual({ 'a.txt': 'a', 'c.txt': '2' });
    expect(made.missing).toHaveLength(1);
    expect(made.missing[0]?.value).toBe('bad.txt');
    expect(made.missing[0]?.reason).toContain(reason);
  });

  it('keeps a value whose pattern never ends as it is written, and works on', async () => {
    const message = "${{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace(r/^(a+)+$/, 'b') }}";
    const made = await engine.step('debug:log', { message });
    expect(made.status).toBe('completed');
    expect(made.warnings[0]).toContain('it took longer than 0.4 s');
    expect((await engine.step('debug:log', { message: 'It is ${{ 2 * 3 }}' })).log).toContain('It is 6');
  });

  it.each([
    ['roadiehq:utils:fs:replace', { files: [{ file: 'a', find: '^(a+)+$', matchRegex: true, replaceWith: 'b' }] }],
    ['roadiehq:utils:jsonata', { data: 1, expression: '($f := function($n) { $f($n) }; $f(1))' }],
    ['roadiehq:utils:jsonata', { data: 1, expression: '[1..9999999].[1..9999999]' }],
  ])('gives up the work of %s', async (action, input) => {
    const made = await engine.step(action, input, { workspace: { a: `${'a'.repeat(60)}!` } });
    expect(made.status).toBe('failed');
    expect(made.error?.code).toBe('SCAFFOLDER_RENDER_GIVEN_UP');
  });
});

describe('a template that reaches for more', () => {
  it.each([
    "${{ ''.constructor.constructor('return process')() }}",
    '${{ [].__proto__.polluted }}',
    '${{ parameters.constructor.prototype }}',
    '{% include "/etc/passwd" %}',
    '{% import "x" as y %}',
  ])('%s is refused or nothing', async (message) => {
    const made = await engine.step(
      'debug:log',
      { message, listWorkspace: false },
      { parameters: JSON.parse('{"__proto__":{"polluted":"yes"}}') },
    );
    expect(made.log).not.toContain('[object process]');
    expect(made.log).not.toMatch(/root:|"message": "yes"/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('merges no prototype into data', async () => {
    const content = '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "a": 1}';
    const made = await engine.step(
      'roadiehq:utils:json:merge',
      { path: 'a.json', content },
      { workspace: { 'a.json': '{}' } },
    );
    expect(made.files['a.json']).toBe('{\n  "a": 1\n}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['fetch:plain', { url: '.', targetPath: '../out' }],
    ['fetch:template', { url: '.', targetPath: '/tmp/out' }],
    ['fetch:plain', { url: '../../..' }],
    ['fetch:plain:file', { url: '../secret', targetPath: 'x' }],
    ['fetch:plain:file', { url: 'a', targetPath: '../../x' }],
    ['fs:delete', { files: ['../**'] }],
    ['fs:rename', { files: [{ from: 'a', to: '../a' }] }],
    ['fs:rename', { files: [{ from: '/etc/passwd', to: 'a' }] }],
    ['fs:readdir', { paths: ['..'] }],
    ['catalog:write', { filePath: '../../catalog-info.yaml', entity: {} }],
    ['roadiehq:utils:fs:write', { path: '../x', content: 'x' }],
    ['roadiehq:utils:fs:parse', { path: '/etc/passwd' }],
    ['roadiehq:utils:fs:write', { path: '.git/config', content: 'x' }],
    ['roadiehq:utils:fs:write', { path: 'a/.GIT/hooks/pre-commit', content: 'x' }],
    ['workspace:template', { sourcePath: '..', targetPath: 'x' }],
    ['publish:git', { remoteUrl: '../../elsewhere.git' }],
    ['publish:git', { remoteUrl: 'x.git', sourcePath: '../..' }],
    ['publish:file', { path: '/tmp/elsewhere' }],
  ])('%s stays where it belongs: %j', async (action, input) => {
    const made = await engine.step(action, input, { files: { a: 'a' }, workspace: { a: 'a' } });
    expect(made.error?.code).toBe('SCAFFOLDER_PATH_OUTSIDE');
    expect(made.files).toEqual({ a: 'a' });
  });

  it.each(['${{ values.up }}', 'x${{ values.up }}', '${{ values.git }}'])(
    'a name %s that leads out is refused',
    async (name) => {
      const made = await engine.step(
        'fetch:template',
        { url: '.', values: { up: '..', git: '.git' } },
        { files: { [`${name}/inside/file`]: 'x', ok: 'ok' } },
      );
      if (name.startsWith('x')) expect(made.files).toEqual({ 'x../inside/file': 'x', ok: 'ok' });
      else expect(made.error?.code).toBe('SCAFFOLDER_PATH_OUTSIDE');
    },
  );

  it('follows no link out of the workspace or the template', async () => {
    const outside = engine.folder({ secret: 'secret' });
    const linked = await engine.step('fetch:template', { url: '.' }, { files: { away: `link:${outside}` } });
    expect(linked.error?.code).toBe('SCAFFOLDER_PATH_OUTSIDE');
    const read = await engine.step(
      'fetch:plain:file',
      { url: 'away/secret', targetPath: 'x' },
      { files: { away: `link:${outside}` } },
    );
    expect(read.error?.code).toBe('SCAFFOLDER_PATH_OUTSIDE');
    const written = await engine.step(
      'roadiehq:utils:fs:write',
      { path: 'away/new', content: 'x' },
      { workspace: { away: `link:${outside}` } },
    );
    expect(written.error?.code).toBe('SCAFFOLDER_PATH_OUTSIDE');
    expect(existsSync(join(outside, 'new'))).toBe(false);
  });

  it('does not copy the repository that a skeleton lies in, nor run what its settings say', async () => {
    const made = await engine.step('fetch:plain', { url: './d' }, { files: { 'd/.git/config': 'x', 'd/a': 'a' } });
    expect(made.files).toEqual({ a: 'a' });
  });

  it('stops at the limits of the workspace', async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, 'x'.repeat(100)]));
    const count = await engine.step('fetch:plain', { url: '.' }, { files, limits: { files: 10, bytes: 1e6 } });
    expect(count.error?.message).toBe('The workspace would hold more than 10 files');
    const size = await engine.step('fetch:plain', { url: '.' }, { files, limits: { files: 100, bytes: 1000 } });
    expect(size.error?.code).toBe('SCAFFOLDER_WORKSPACE_FULL');
  });

  it.each(['file:///etc/passwd', 'ftp://host.example/x', 'data:text/plain,x', 'git://host.example/o/r'])(
    '%s is not read',
    async (url) => {
      const made = await engine.step('fetch:plain', { url });
      expect(made.error?.code).toBe('SCAFFOLDER_ADDRESS_REFUSED');
    },
  );

  it.each(['ext::sh -c id', '--upload-pack=id', 'file:///tmp/x.git', '-x'])('%s is no remote', async (remoteUrl) => {
    const made = await engine.step('publish:git', { remoteUrl }, { workspace: { a: 'a' } });
    expect(made.error?.code).toBe('SCAFFOLDER_REMOTE_REFUSED');
  });
});

describe('http:request', () => {
  it('never calls this machine, the portal or a link-local address', async () => {
    let calls = 0;
    const server = createServer((_request, response) => {
      calls += 1;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const outbound = testOutbound();
    const addresses = [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://0.0.0.0:${port}/`,
      `http://0:${port}/`,
      `http://2130706433:${port}/`,
      'http://169.254.169.254/latest/meta-data/',
      'https://portal.example/api/catalog/entities',
      'file:///etc/passwd',
    ];
    for (const url of addresses) {
      const made = await engine.step('http:request', { url }, { services: { outbound } });
      expect([url, made.status, made.error?.code]).toEqual([
        url,
        'failed',
        expect.stringMatching(/^(OUTBOUND_ADDRESS_BLOCKED|SCAFFOLDER_ADDRESS_REFUSED)$/),
      ]);
    }
    expect(calls).toBe(0);
    const allowed = testOutbound({ allow: ['127.0.0.1'] });
    const made = await engine.step(
      'http:request',
      { url: `http://127.0.0.1:${port}/` },
      { services: { outbound: allowed } },
    );
    expect([made.status, made.output.code, calls]).toEqual(['completed', 200, 1]);
    await Promise.all([outbound.close(), allowed.close()]);
    server.close();
  });
});

it('hides secrets in everything it says, also in other clothes', async () => {
  const token = 'tok-en/1234+5678';
  const message = '${{ secrets.token }} ${{ secrets.token | upper }} ${{ secrets.token | urlencode }}';
  const { log, warnings, error } = await engine.step('debug:log', { message }, { secrets: { token } });
  expect(log).not.toMatch(/tok-en|TOK-EN|1234/i);
  expect(log).toContain('***');
  expect([warnings, error]).toEqual([[], undefined]);
});
