import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, putFiles, testPortal, type TestPortal } from '../../testing/portal.ts';
import { createPasses } from './passes.ts';
import { builtFor, movedPage, movedStyle } from './site/rooted.ts';

const component = (name: string, annotation: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  annotations:\n    backstage.io/${annotation}\nspec: { type: service, lifecycle: production, owner: user:default/ann }\n`;
const person = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: ${name} }\nspec: { memberOf: [] }\n`;
const one = (name: string) => `/api/techdocs/sites/default/component/${name}`;
const index = (docs: object[]) => JSON.stringify({ config: { lang: ['en'] }, docs });

let folder: string;
let portal: TestPortal;

const as = async (who: string | undefined, path: string) => {
  const response = await fetch(portal.url + path, {
    redirect: 'manual',
    ...(who !== undefined && { headers: { 'x-forwarded-user': who } }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : {},
  };
};
const problemsOf = async (name: string) =>
  (await as('ann', `/api/catalog/problems?entityRef=component:default/${name}`)).body.items as any[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-docs-foreign-'));
  await putFiles(join(folder, 'published'), {
    'default/component/kept/index.html': '<h1>Published</h1>',
    'default/component/kept/guide/index.html': '<h1>Guide</h1>',
    'default/component/kept/techdocs_metadata.json':
      '{"site_name":"From the pipeline","site_description":"Made at night","etag":"e1","build_timestamp":1}',
    'default/component/kept/search/search_index.json': index([
      { location: 'guide/', title: 'The guide', text: '' },
      { location: 'guide/#lantern', title: 'Lantern', text: '<p>How the &lt;lantern&gt; turns</p>' },
    ]),
  });
  portal = await testPortal({
    place: { directory: join(folder, 'data') },
    files: {
      'entities/ann/catalog-info.yaml': person('ann'),
      'entities/built/catalog-info.yaml': component('built', 'techdocs-ref: dir:.'),
      'entities/built/site/index.html': '<link href="look.css?v=4.7"><a href="guide/">x</a>',
      'entities/built/site/look.css': 'h1{color:red}',
      'entities/built/site/guide/index.html': '<h1>Guide</h1>',
      'entities/built/site/plain.html': '<h1>Plain</h1>',
      'entities/built/site/search/search_index.json': index([{ location: 'guide/', title: 'Foghorns', text: 'Loud' }]),
      'entities/rooted/catalog-info.yaml': component('rooted', 'techdocs-ref: dir:.'),
      'entities/rooted/build/index.html':
        '<link href=/project/assets/a.css><script src="/project/assets/a.js"></script><a href="/project/guide">x</a>',
      'entities/rooted/build/assets/a.css': 'h1{background:url(/project/img/a.png)}',
      'entities/rooted/build/assets/a.js': 'x',
      'entities/rooted/build/guide.html':
        '<title>Guide | Rooted</title><nav>Menu of buoys</nav><main><h1 id="top">Of buoys<a class="hash-link">#</a></h1><p>They float.</p><section id="bells"><h2>Bells &amp; lights</h2><p>They ring&nbsp;out.</p></section><script>var ringout</script></main><footer>Menu of buoys</footer>',
      'entities/kept/catalog-info.yaml': component('kept', 'techdocs-ref: dir:./nowhere'),
      'entities/lost/catalog-info.yaml': component('lost', 'techdocs-ref: dir:./nowhere'),
      'entities/shows/catalog-info.yaml': component('shows', 'techdocs-entity: component:default/nobody'),
    },
    config: `
catalog: { locations: [{ type: file, target: ./entities }] }
access:
  defaultRole: none
  trustedProxies: [127.0.0.1, '::1']
  signIn:
    proxy: {}
    resolvers: [{ resolver: usernameMatchingUserEntityName }]
  bindings:
    - { role: administrator, to: [user:default/ann] }
techdocs: { publisher: { local: { publishDirectory: ${join(folder, 'published')} } } }
`,
  });
}, 60_000);
afterAll(async () => {
  await portal?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('gives a frame, which sends no session, the files of the one site that its reader may see', async () => {
  const { frameUrl, form } = (await as('ann', one('built'))).body;
  expect([form, frameUrl]).toEqual([
    'static',
    expect.stringMatching(/^\/api\/techdocs\/frames\/[\w.-]+\/default\/component\/built\/index\.html$/),
  ]);
  const at = (path: string) => frameUrl.replace('index.html', path) as string;
  const start = await as(undefined, frameUrl);
  expect(start.status).toBe(200);
  expect(start.headers.get('content-security-policy')).toMatch(/^sandbox allow-scripts allow-forms allow-popups /);
  expect(start.headers.get('content-security-policy')).not.toContain('allow-same-origin');
  // Nothing but the files of the site itself, whatever the portal allows to pages of other sites.
  expect(start.headers.get('content-security-policy')).toContain(
    `; connect-src ${new URL(portal.url).host}${at('')}; form-action ${new URL(portal.url).host}${at('')}; default-src 'self' `,
  );
  const style = await as(undefined, at('look.css?v=4.7'));
  expect([style.status, style.text]).toEqual([200, 'h1{color:red}']);
  expect(style.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(style.headers.get('access-control-allow-origin')).toBe('*');
  expect(style.headers.get('referrer-policy')).toBe('no-referrer');
  const guide = await as(undefined, at('guide'));
  expect([guide.status, guide.headers.get('location')]).toEqual([302, at('guide/')]);
  expect((await as(undefined, at('guide/'))).text).toBe('<h1>Guide</h1>');
  expect((await as(undefined, at('plain'))).text).toBe('<h1>Plain</h1>');
  for (const path of ['nothing.css', '..%2fcatalog-info.yaml', '%2e%2e/catalog-info.yaml'])
    expect((await as(undefined, at(path))).status).toBe(404);
  for (const other of [
    frameUrl.replace('/built/', '/rooted/'),
    frameUrl.replace(/frames\/[^/]+/, 'frames/x.y.z'),
    frameUrl.replace(/frames\/[^/]+/, 'frames/x'),
  ])
    expect([(await as(undefined, other)).status, (await as(undefined, other)).body.error.code]).toEqual([
      403,
      'TECHDOCS_PASS_OVER',
    ]);
  expect((await as(undefined, one('built'))).status).toBe(401);
});

test('passes end', async () => {
  let now = 1_000_000_000_000;
  const passes = createPasses(
    async () => 'secret',
    () => now,
  );
  const pass = await passes.give('component:default/a', 'v1');
  expect(await passes.give('component:default/a', 'v1')).toBe(pass);
  expect(await passes.open(pass, 'component:default/a')).toEqual({ version: 'v1' });
  expect(await passes.open(pass, 'component:default/b')).toBeUndefined();
  expect(await createPasses(async () => 'other').open(pass, 'component:default/a')).toBeUndefined();
  now += 6 * 3_600_000;
  expect(await passes.open(pass, 'component:default/a')).toEqual({ version: 'v1' });
  now += 6 * 3_600_000;
  expect(await passes.open(pass, 'component:default/a')).toBeUndefined();
});

test('has a site that was built for another place name its files from where it is, without its scripts', async () => {
  const { frameUrl } = (await as('ann', one('rooted'))).body;
  const files = frameUrl.replace('index.html', '');
  const page = await as(undefined, frameUrl);
  expect(page.text).toBe(
    `<link href=${files}assets/a.css><script src="${files}assets/a.js"></script><a href="${files}guide">x</a>`,
  );
  expect(page.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups .* script-src 'none';/);
  expect((await as(undefined, `${files}assets/a.css`)).text).toBe(`h1{background:url(${files}img/a.png)}`);
});

test('finds where a site was built for', async () => {
  const has = (files: string[]) => async (path: string) => files.includes(path);
  const page = '<link href="/a/b/look.css"><link href=//cdn.example/x.css><img src="/gone.png">';
  expect(await builtFor(page, has(['look.css']))).toBe('/a/b/');
  expect(await builtFor(page, has(['a/b/look.css']))).toBe('/');
  expect(await builtFor(page, has([]))).toBeUndefined();
  expect(await builtFor('<link href="look.css">', has(['look.css']))).toBeUndefined();
  expect(movedPage('<a href="/a/x"><a href=/a/y><a href="//a/z"><a href="/b">', '/a/', '/to/')).toBe(
    '<a href="/to/x"><a href=/to/y><a href="//a/z"><a href="/b">',
  );
  expect(movedStyle("a{b:url('/x.png')} c{d:url(//e/f)}", '/', '/to/')).toBe("a{b:url('/to/x.png')} c{d:url(//e/f)}");
});

test('shows what a pipeline has published to readers and to search, whether or not the source can be read', async () => {
  const { body } = await as('ann', one('kept'));
  expect(body).toMatchObject({ title: 'From the pipeline', description: 'Made at night', form: 'static' });
  expect((await as(undefined, body.frameUrl.replace('index.html', 'guide/'))).text).toBe('<h1>Guide</h1>');
  expect((await as('ann', '/api/techdocs/sync/default/component/kept')).status).toBe(304);
  const found = async (term: string) =>
    (await as('ann', `/api/search/query?term=${term}&types[]=techdocs`)).body.results.map((each: any) => [
      each.document.title,
      each.document.location,
    ]);
  await eventually(async () => {
    expect(await found('lantern')).toEqual([['Lantern · The guide', '/docs/default/component/kept/guide#lantern']]);
    expect(await found('foghorns')).toEqual([['Foghorns', '/docs/default/component/built/guide']]);
    expect(await found('float')).toEqual([['Of buoys', '/docs/default/component/rooted/guide.html']]);
    expect(await found('menu')).toEqual([]);
    expect(await found('ring')).toEqual([
      ['Bells & lights · Of buoys', '/docs/default/component/rooted/guide.html#bells'],
    ]);
  });
}, 40_000);

test('tells owners of documents that cannot be shown at all, until they can or are no longer named', async () => {
  await eventually(async () => {
    const [lost] = await problemsOf('lost');
    expect(lost).toMatchObject({
      code: 'TECHDOCS_UNREADABLE',
      severity: 'error',
      owner: 'user:default/ann',
      path: '/metadata/annotations/backstage.io~1techdocs-ref',
    });
    expect(lost.location).toMatch(/^file:.*lost\/catalog-info\.yaml$/);
    expect(lost.message).toMatch(/^The documents cannot be shown: Nothing found at .*nowhere$/);
  });
  const listed = async () =>
    new Map((await as('ann', '/api/techdocs/sites')).body.items.map((each: any) => [each.title, each]));
  await eventually(async () => {
    expect((await listed()).get('lost')).toMatchObject({ problems: 1 });
    expect((await listed()).get('built')).toMatchObject({ problems: 0, pages: 3 });
  });
  await portal.write({ 'entities/lost/nowhere/docs/index.md': '# Here now\n' });
  await eventually(async () => {
    expect((await as('ann', one('lost'))).status).toBe(200);
    expect(await problemsOf('lost')).toEqual([]);
    expect((await listed()).get('lost')).toMatchObject({ problems: 0 });
  });
  const follow = () =>
    fetch(`${portal.url}/api/admin/jobs/trigger`, {
      method: 'POST',
      headers: { 'x-forwarded-user': 'ann', 'content-type': 'application/json' },
      body: '{"name":"techdocs.follow"}',
    });
  await eventually(async () => {
    await follow();
    expect((await problemsOf('shows')).map(({ message }) => message)).toEqual([
      'The documents cannot be shown: There is no entity component:default/nobody',
    ]);
  });
  await portal.write({ 'entities/shows/catalog-info.yaml': component('shows', 'other: x') });
  await eventually(async () => {
    await follow();
    expect(await problemsOf('shows')).toEqual([]);
  });
}, 40_000);
