import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveGit } from '../../testing/git-server.ts';
import { eventually, putFiles, testPortal, type TestPortal } from '../../testing/portal.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>drawn</text></svg>';

const component = (name: string, target: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  annotations:\n    backstage.io/techdocs-ref: ${target}\nspec:\n  type: service\n  lifecycle: production\n  owner: docs-team\n`;
const one = (name: string) => `/api/techdocs/sites/default/component/${name}`;

/** What a PlantUML server reads from an address. */
function decodeDiagram(text: string): string {
  const bits = Array.from(text, (each) => alphabet.indexOf(each).toString(2).padStart(6, '0')).join('');
  return inflateRawSync(Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))).toString(
    'utf8',
  );
}

let folder: string;
let server: Server;
let portal: TestPortal;
const asked: string[] = [];
const drawn: string[] = [];
let isDrawing = true;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, 'http://outside');
  asked.push(`${url.pathname}${request.headers['if-none-match'] ? ' again' : ''}`);
  const diagram = /^\/uml\/svg\/(.+)$/.exec(url.pathname)?.[1];
  if (diagram !== undefined) {
    const source = decodeDiagram(diagram);
    drawn.push(source);
    if (!isDrawing) return void response.writeHead(503).end();
    if (source.includes('wrong'))
      return void response.writeHead(400, { 'x-plantuml-diagram-error': 'Syntax Error?' }).end(svg);
    return void response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(svg);
  }
  if (url.pathname.endsWith('.tgz')) {
    if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304).end();
    return void response.writeHead(200, { etag: '"1"' }).end(await readFile(join(folder, 'packed.tgz')));
  }
  if (url.pathname.includes('.git/')) return serveGit(folder, request, response);
  response.writeHead(404).end();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-docs-outside-'));
  server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const host = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  await putFiles(join(folder, 'work'), {
    'handbook/mkdocs.yml': 'site_name: Handbook\n',
    'handbook/docs/index.md': '# From afar\n\nOver HTTP.\n',
    'handbook/extra/deep/one.md': '# Behind a folder\n',
    'RULES.md': '# Rules of the house\n',
    'site/index.html': '<!doctype html><title>Packed</title>',
    'site/guide/index.html': '<!doctype html><title>Guide</title>',
  });
  const docs = join(folder, 'work/handbook/docs');
  await symlink('../../RULES.md', join(docs, 'rules.md'));
  await symlink('rules.md', join(docs, 'twice.md'));
  await symlink('../extra', join(docs, 'more'));
  await symlink('/etc/hostname', join(docs, 'out.md'));
  await symlink('gone.md', join(docs, 'dangling.md'));
  await symlink('..', join(docs, 'round'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
      env: {
        ...process.env,
        GIT_AUTHOR_DATE: '2024-01-02T00:00:00Z',
        GIT_COMMITTER_DATE: '2024-01-02T00:00:00Z',
      },
    });
  git('init', '-q', '-b', 'main', 'work');
  git('-C', 'work', 'add', '.');
  git('-C', 'work', 'commit', '-qm', 'One');
  git('-C', 'work', 'tag', 'v1');
  await putFiles(join(folder, 'work'), {
    'site/guide/index.html': '<!doctype html><title>Guide</title><!-- newer -->',
  });
  git('-C', 'work', '-c', 'user.name=Ben', 'commit', '-qam', 'Two');
  git('clone', '-q', '--bare', 'work', 'team/repository.git');
  git('-C', 'team/repository.git', 'config', 'uploadpack.allowFilter', 'true');
  execFileSync('tar', ['-czf', join(folder, 'packed.tgz'), '-C', join(folder, 'work'), 'site']);
  execFileSync('tar', ['-cf', join(folder, 'handbook.tar'), '-C', join(folder, 'work'), 'handbook']);
  portal = await testPortal({
    place: { directory: join(folder, 'data') },
    files: {
      'git/catalog-info.yaml': component('afar', `url:${host}/team/repository/src/branch/main/handbook`),
      'nobody/catalog-info.yaml': component('nobody', `url:${host}/team/missing/src/branch/main/docs`),
      'packed/catalog-info.yaml': component('packed', `url:${host}/builds/site.tgz`),
      'beside/catalog-info.yaml': component('beside', 'dir:./out/handbook.tar'),
      'beside/out/handbook.tar': await readFile(join(folder, 'handbook.tar')),
      'lost/catalog-info.yaml': component('lost', 'dir:./out/lost.tgz'),
      'uml/catalog-info.yaml': component('uml', 'dir:.'),
      'uml/docs/index.md':
        '# Diagrams\n\n```plantuml\nBob -> Alice\n```\n\n@startuml\nwrong\n@enduml\n\n```puml\nBob -> Alice\n```\n',
      'uml/docs/other.md': '```plantuml\nCarol -> Dave\n```\n',
    },
    config: `catalog:\n  locations:\n    - type: file\n      target: .\ntechdocs:\n  plantumlServer: ${host}/uml/\n`,
  });
}, 60_000);
afterAll(async () => {
  await portal?.stop();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

test('reads a repository on another machine, at its branches and tags', async () => {
  const { body } = await portal.get(one('afar'));
  expect(body).toMatchObject({ title: 'Handbook', version: 'main', form: 'pages' });
  expect(body.versions.map((each: any) => [each.name, each.kind])).toEqual(
    expect.arrayContaining([
      ['main', 'branch'],
      ['v1', 'tag'],
    ]),
  );
  expect((await portal.get(`${one('afar')}/page`)).body.html).toContain('Over HTTP.');
  expect((await portal.get(`${one('afar')}/page?version=v1`)).body.title).toBe('From afar');
  // Clones have the newest commit only; who changed what comes a moment after the page.
  await eventually(async () => {
    const { lastChange } = (await portal.get(`${one('afar')}/page`)).body;
    expect(lastChange).toEqual({ at: '2024-01-02T00:00:00.000Z', author: 'Ada' });
  });
  expect(body.pages.map((page: any) => page.path)).toEqual(['', 'rules', 'twice', 'more/deep/one']);
  expect(body.notes.map((note: any) => [note.code, note.file])).toEqual([
    ['TECHDOCS_LINK_OUTSIDE', 'docs/dangling.md'],
    ['TECHDOCS_LINK_OUTSIDE', 'docs/out.md'],
    ['TECHDOCS_LINK_OUTSIDE', 'docs/round'],
  ]);
  expect((await portal.get(`${one('afar')}/page?path=rules`)).body.title).toBe('Rules of the house');
  expect((await portal.get(`${one('afar')}/page?path=more/deep/one`)).body.title).toBe('Behind a folder');
  const missing = await portal.get(one('nobody'));
  expect(missing.status).toBe(503);
  expect(missing.body.error.message).toContain('/team/missing.git');
}, 40_000);

test('shows a site that comes as an archive, from an address', async () => {
  const { body } = await portal.get(one('packed'));
  expect(body).toMatchObject({ form: 'static', versions: [] });
  const page = await portal.get(body.frameUrl);
  expect(page.body).toContain('<title>Packed</title>');
  expect(page.headers.get('content-security-policy')).toMatch(/^sandbox allow-scripts/);
  expect((await portal.get(body.frameUrl.replace('index.html', 'guide/'))).body).toContain('<title>Guide</title>');
  expect((await portal.get(body.frameUrl.replace('index.html', 'gone.html'))).status).toBe(404);
  expect(asked.filter((each) => each.startsWith('/builds/'))).toEqual(['/builds/site.tgz']);
  expect((await portal.get('/api/techdocs/sync/default/component/packed')).status).toBe(304);
}, 40_000);

test('shows pages from an archive beside the descriptor, and says when there is none', async () => {
  expect((await portal.get(one('beside'))).body).toMatchObject({ title: 'Handbook', form: 'pages' });
  expect((await portal.get(`${one('beside')}/page`)).body.html).toContain('Over HTTP.');
  expect((await portal.get(one('lost'))).body.error.code).toBe('CATALOG_SOURCE_NOT_FOUND');
}, 40_000);

test('has PlantUML drawn by its server, each diagram once, and shows the source where that fails', async () => {
  const { body } = await portal.get(`${one('uml')}/page`);
  const picture = `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"`;
  expect(body.html.split(picture)).toHaveLength(3);
  expect(body.html).toContain('<code class="language-plantuml">wrong\n</code>');
  expect(body.notes).toMatchObject([
    { code: 'TECHDOCS_DIAGRAM_INVALID', message: 'A PlantUML diagram cannot be drawn: Syntax Error?' },
  ]);
  expect(drawn.filter((each) => /Bob|wrong/.test(each)).toSorted()).toEqual([
    '@startuml\nBob -> Alice\n@enduml',
    '@startuml\nwrong\n@enduml',
  ]);
  isDrawing = false;
  await portal.write({ 'uml/docs/down.md': '```plantuml\nErin -> Frank\n```\n' });
  await portal.get('/api/techdocs/sync/default/component/uml');
  const down = (await portal.get(`${one('uml')}/page?path=down`)).body;
  expect(down.html).toContain('Erin');
  expect(down.notes).toMatchObject([{ code: 'TECHDOCS_PLANTUML_UNAVAILABLE', severity: 'information' }]);
}, 40_000);
