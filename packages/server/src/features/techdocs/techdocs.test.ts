import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, putFiles, testPortal, type TestPortal } from '../../testing/portal.ts';
import { signed } from './published.ts';

const component = (name: string, annotations: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  annotations:\n${annotations
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}spec:\n  type: service\n  lifecycle: production\n  owner: group:default/docs-team\n`;

const files = {
  'pay/catalog-info.yaml': component('pay', 'backstage.io/techdocs-ref: dir:.'),
  'pay/mkdocs.yml':
    'site_name: Payments\nsite_description: Money in\nINHERIT: ../base.yml\nrepo_url: https://code.example/team/pay\nedit_uri: edit/main/docs/\n' +
    'nav:\n  - index.md\n  - Guides:\n      - Start here: guides/start.md\n      - guides/refunds.md\n  - Elsewhere: https://elsewhere.example/\n  - Gone: gone.md\n' +
    '  - Library: "!include ./library/mkdocs.yml"\n' +
    'plugins:\n  - techdocs-core\n  - redirects:\n      redirect_maps:\n        old/start.md: guides/start.md\n  - strange-plugin\n' +
    'markdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\nextra:\n  secret: !ENV [HOME, fallback]\n',
  'base.yml': 'copyright: Ours\nexclude_docs: |\n  drafts/\n',
  'pay/docs/index.md':
    '# Payments\n\nHow money moves. See [the guide](guides/start.md#second-part) and [nothing](nowhere.md).\n\n![plan](img/plan.svg) ![lost](img/lost.png)\n',
  'pay/docs/guides/start.md':
    '# Start\n\n## Second part\n\n```python hl_lines="1"\ndef pay(): pass\n```\n\n--8<-- "docs/part.txt"\n\n<script>alert(1)</script>\n',
  'pay/docs/guides/refunds.md': '---\ntitle: Giving back\ntags: [money]\n---\n\nRefunds take a fortnight.\n',
  'pay/docs/alone.md': '# Alone\n\nNobody points here.\n',
  'pay/docs/drafts/later.md': '# Later\n',
  'pay/docs/part.txt': 'A shared sentence.\n',
  'pay/docs/img/plan.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  'pay/library/mkdocs.yml': 'site_name: library\nnav:\n  - Home: index.md\n',
  'pay/library/docs/index.md': '# The library\n\nOf the monorepo.\n',
  'borrow/catalog-info.yaml': component(
    'borrower',
    'backstage.io/techdocs-entity: component:default/pay\nbackstage.io/techdocs-entity-path: /guides/start',
  ),
  'readme/catalog-info.yaml': component('readme', 'backstage.io/techdocs-ref: dir:.'),
  'readme/README.md': '# Only a readme\n\nIt is enough.\n',
  'readme/adr/0001-first.md': '# First decision\n\nWe decide.\n',
  'built/catalog-info.yaml': component('built', 'backstage.io/techdocs-ref: dir:.'),
  'built/site/index.html': '<!doctype html><title>Built</title><script>document.title="ran"</script>',
  'built/site/a/index.html': '<!doctype html><title>A</title>',
  'broken/catalog-info.yaml': component('broken', 'backstage.io/techdocs-ref: dir:.'),
  'broken/mkdocs.yml': 'site_name: [\nnav: }{',
  'broken/docs/index.md': '# Still here\n',
  'outside/catalog-info.yaml': component('outside', 'backstage.io/techdocs-ref: dir:../pay'),
  'none/catalog-info.yaml': component('none', 'example.com/x: y'),
};

const temporaryFolder = async (name: string) => {
  const folder = await mkdtemp(join(tmpdir(), name));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
const one = (name: string) => `/api/techdocs/sites/default/component/${name}`;
const staticOf = (name: string, path: string) => `/api/techdocs/static/docs/default/component/${name}/${path}`;

forEachDatabase((dialect, databases) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await databases.place(), files });
  }, 60_000);
  afterAll(() => portal.stop());

  test('reads a site: navigation, included sites, redirects, what is wrong', async () => {
    const { status, body } = await portal.get(one('pay'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      title: 'Payments',
      description: 'Money in',
      copyright: 'Ours',
      form: 'pages',
      startPath: '',
    });
    expect(body.navigation).toEqual([
      { title: 'Payments', path: '' },
      {
        title: 'Guides',
        children: [
          { title: 'Start here', path: 'guides/start' },
          { title: 'Giving back', path: 'guides/refunds' },
        ],
      },
      { title: 'Elsewhere', url: 'https://elsewhere.example/' },
      { title: 'Library', children: [{ title: 'Home', path: 'library' }] },
    ]);
    expect(body.pages.map((page: any) => page.path)).toEqual([
      '',
      'guides/start',
      'guides/refunds',
      'library',
      'alone',
    ]);
    expect(body.notes.map((note: any) => [note.code, note.line ?? null])).toEqual(
      expect.arrayContaining([
        ['TECHDOCS_PLUGIN_UNKNOWN', 19],
        ['TECHDOCS_NAV_MISSING', 12],
        ['TECHDOCS_PAGE_ORPHAN', null],
      ]),
    );
    const moved = await portal.get(`${one('pay')}/page?path=old/start`);
    expect([moved.status, moved.body.redirectTo]).toEqual([200, 'guides/start']);
  });

  test('gives a page: safe, coloured, with its place', async () => {
    const atOnce = (await portal.get(`${one('pay')}/page?path=guides/start/`)).body;
    // Colours may come a moment later; everything else is there.
    expect(atOnce.html.replaceAll(/<span class="tok-\w+">(.*?)<\/span>/g, '$1')).toContain(
      '<span class="line hll" data-line="1">def pay(): pass</span>',
    );
    const body = await eventually(async () => {
      const page = (await portal.get(`${one('pay')}/page?path=guides/start/`)).body;
      expect(page.isPlain).toBeUndefined();
      return page;
    });
    expect(body).toMatchObject({
      path: 'guides/start',
      title: 'Start here',
      breadcrumb: ['Guides'],
      previous: { path: '', title: 'Payments' },
      next: { path: 'guides/refunds', title: 'Giving back' },
      editUrl: 'https://code.example/team/pay/edit/main/docs/guides/start.md',
    });
    expect(body.html).toContain('<span class="line hll" data-line="1"><span class="tok-keyword">def</span>');
    expect(body.html).toContain('A shared sentence.');
    expect(body.html).not.toContain('alert');
    const first = await portal.get(`${one('pay')}/page`);
    expect(first.body.html).toContain('href="/docs/default/component/pay/guides/start#second-part"');
    expect(first.body.html).toContain(`src="${staticOf('pay', 'img/plan.svg')}"`);
    expect(first.body.notes.map((note: any) => [note.code, note.file, note.line])).toEqual([
      ['TECHDOCS_LINK_BROKEN', 'docs/index.md', 3],
      ['TECHDOCS_IMAGE_MISSING', 'docs/index.md', 5],
    ]);
    const again = await portal.get(`${one('pay')}/page?path=nowhere`);
    expect([again.status, again.body.error.code]).toEqual([404, 'TECHDOCS_PAGE_UNKNOWN']);
  });

  test('shows the documents of another entity, a README alone, and refuses what lies outside', async () => {
    const borrowed = await portal.get(one('borrower'));
    expect(borrowed.body).toMatchObject({
      entityRef: 'component:default/pay',
      borrowedBy: 'component:default/borrower',
      startPath: 'guides/start',
    });
    const readme = await portal.get(one('readme'));
    expect(readme.body.pages).toEqual([
      { path: '', title: 'Only a readme' },
      { path: 'adr/0001-first', title: 'First decision' },
    ]);
    expect((await portal.get(`${one('readme')}/page`)).body.html).toContain('It is enough.');
    expect((await portal.get(one('outside'))).body.error.code).toBe('CATALOG_TARGET_OUTSIDE');
    expect((await portal.get(one('none'))).body.error).toMatchObject({
      code: 'TECHDOCS_NO_DOCUMENTS',
      name: 'NotFoundError',
    });
    expect((await portal.get(one('nobody'))).status).toBe(404);
    const broken = await portal.get(one('broken'));
    expect(broken.body.pages).toEqual([{ path: '', title: 'Still here' }]);
    expect(broken.body.notes[0]).toMatchObject({
      code: 'TECHDOCS_CONFIG_UNREADABLE',
      severity: 'error',
      file: 'mkdocs.yml',
    });
  });

  test('answers as Backstage does', async () => {
    const metadata = await portal.get('/api/techdocs/metadata/techdocs/default/Component/pay');
    expect(metadata.body).toMatchObject({ site_name: 'Payments', site_description: 'Money in' });
    expect(metadata.body.files).toContain('guides/start/index.html');
    const entity = await portal.get('/api/techdocs/metadata/entity/default/component/pay');
    expect(entity.body).toMatchObject({ kind: 'Component', locationMetadata: { type: 'dir', target: '.' } });
    const page = await portal.get(staticOf('pay', 'guides/start/index.html'));
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox;/);
    expect(page.body).toContain('<article class="md-content__inner md-typeset">');
    expect(page.body).not.toContain('alert');
    const image = await portal.get(staticOf('pay', 'img/plan.svg'));
    expect(image.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    const sync = await portal.get('/api/techdocs/sync/default/component/pay');
    expect(sync.status).toBe(304);
    const stream = await fetch(`${portal.url}/api/techdocs/sync/default/component/pay`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(await stream.text()).toContain('event: finish\ndata: {"updated":false}');
    for (const path of [
      '../../../catalog-info.yaml',
      '..%2f..%2fcatalog-info.yaml',
      '%2e%2e/mkdocs.yml',
      'docs/../../mkdocs.yml',
      'nothing.png',
    ])
      expect((await portal.get(staticOf('pay', path))).status).toBe(404);
  });

  test('shows a site that was built elsewhere in a sandbox', async () => {
    const { body } = await portal.get(one('built'));
    expect(body).toMatchObject({ form: 'static', filesUrl: staticOf('built', '') });
    const page = await portal.get(staticOf('built', 'a/'));
    expect(page.body).toContain('<title>A</title>');
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox allow-scripts allow-popups/);
    expect(page.headers.get('content-security-policy')).not.toContain('allow-same-origin');
  });

  test('reports a site as a whole, sees changes, and lets search find them', async () => {
    const report = await portal.get(`${one('pay')}/report`);
    expect(report.body.counts).toMatchObject({
      TECHDOCS_LINK_BROKEN: 1,
      TECHDOCS_IMAGE_MISSING: 1,
      TECHDOCS_NAV_MISSING: 1,
      TECHDOCS_PLUGIN_UNKNOWN: 1,
    });
    expect(report.body.pages).toBe(5);
    const find = (term: string) => portal.get(`/api/search/query?term=${term}&types[]=techdocs`);
    await eventually(async () => {
      const { body } = await find('fortnight');
      expect(body.results[0].document).toMatchObject({
        location: '/docs/default/component/pay/guides/refunds',
        entityTitle: 'pay',
      });
    });
    await portal.write({ 'pay/docs/guides/refunds.md': '# Refunds\n\n## Soon\n\nThey take a heartbeat.\n' });
    await eventually(async () => {
      expect((await portal.get(`${one('pay')}/page?path=guides/refunds`)).body.html).toContain('heartbeat');
      const { body } = await find('heartbeat');
      expect(body.results[0].document.location).toBe('/docs/default/component/pay/guides/refunds#soon');
    });
    const sites = (await portal.get('/api/techdocs/sites')).body.items;
    expect(sites.map((each: any) => each.entityRef)).toEqual(
      ['broken', 'built', 'outside', 'pay', 'readme'].map((name) => `component:default/${name}`),
    );
  }, 40_000);

  test('tells the owner what is wrong among the problems of the catalog, until it is mended', async () => {
    const found = async (): Promise<any[]> =>
      (await portal.get('/api/catalog/problems?entityRef=component:default/pay')).body.items;
    const ofCode = async (code: string) => (await found()).filter((each) => each.code === code);
    await eventually(async () => {
      expect(await ofCode('TECHDOCS_LINK_BROKEN')).toMatchObject([
        {
          entityRef: 'component:default/pay',
          owner: 'group:default/docs-team',
          ownerEvidence: 'entity',
          severity: 'warning',
          location: `file:${await realpath(join(portal.folder, 'pay'))}/docs/index.md`,
          line: 3,
          message: 'The link to nowhere.md leads to nothing',
        },
      ]);
    });
    const [{ id }] = await ofCode('TECHDOCS_LINK_BROKEN');
    const codes = (await found()).map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining(['TECHDOCS_IMAGE_MISSING', 'TECHDOCS_PAGE_ORPHAN', 'TECHDOCS_PLUGIN_UNKNOWN']),
    );
    const { body } = await portal.get('/api/catalog/problems?owner=group:default/docs-team&severity=warning');
    expect(body.items.map((each: any) => each.id)).toContain(id);
    await portal.write({ 'pay/docs/index.md': '# Payments\n\n[The guide](guides/start.md) ![lost](img/lost.png)\n' });
    await eventually(async () => {
      expect((await portal.get(`${one('pay')}/page`)).body.html).toContain('The guide');
      expect(await ofCode('TECHDOCS_LINK_BROKEN')).toEqual([]);
      expect(await ofCode('TECHDOCS_IMAGE_MISSING')).toMatchObject([{ line: 3 }]);
    });
  }, 40_000);

  test('names a problem once, however many read the site at the same time', async () => {
    await portal.write({
      'twice/catalog-info.yaml': component('twice', 'backstage.io/techdocs-ref: dir:.'),
      'twice/docs/index.md': '# Twice\n\n[gone](gone.md)\n',
    });
    await eventually(async () => {
      const reports = await Promise.all(Array.from({ length: 5 }, () => portal.get(`${one('twice')}/report`)));
      expect(reports.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    });
    const { body } = await portal.get('/api/catalog/problems?entityRef=component:default/twice');
    expect(body.items.filter((each: any) => each.code === 'TECHDOCS_LINK_BROKEN')).toHaveLength(1);
  });

  test('tells what is wrong with documents only to those who may see the entity', async () => {
    const two = (name: string, owner: string) =>
      component(name, 'backstage.io/techdocs-ref: dir:.').replace('group:default/docs-team', owner);
    const person = (name: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: ${name}\nspec: { memberOf: [] }\n`;
    const other = await testPortal({
      place: await databases.place(),
      files: {
        'entities/ann/catalog-info.yaml': person('ann'),
        'entities/ben/catalog-info.yaml': person('ben'),
        'entities/open/catalog-info.yaml': two('open', 'user:default/ann'),
        'entities/open/docs/index.md': '# Open\n\n[gone](gone.md)\n',
        'entities/closed/catalog-info.yaml': two('closed', 'user:default/ben'),
        'entities/closed/docs/index.md': '# Closed\n\n[vault](vault.md)\n',
      },
      config: `
catalog: { locations: [{ type: file, target: ./entities }] }
access:
  defaultRole: none
  trustedProxies: [127.0.0.1, '::1']
  signIn:
    proxy: {}
    resolvers: [{ resolver: usernameMatchingUserEntityName }]
  roles:
    - name: own-things
      permissions: [search.read, { permissions: [catalog.entity.read], when: IS_ENTITY_OWNER }]
  bindings:
    - { role: own-things, to: [user:default/ann] }
    - { role: administrator, to: [user:default/ben] }
`,
    });
    try {
      const as = async (who: string, path: string) => {
        const response = await fetch(other.url + path, { headers: { 'x-forwarded-user': who } });
        return { status: response.status, text: await response.text() };
      };
      const problems = '/api/catalog/problems';
      await eventually(async () => {
        const { text } = await as('ben', problems);
        expect(text).toContain('The link to vault.md leads to nothing');
        expect(text).toContain('The link to gone.md leads to nothing');
      });
      const seen = await as('ann', problems);
      expect(seen.status).toBe(200);
      expect(JSON.parse(seen.text).items.map((each: any) => each.message)).toEqual([
        'The link to gone.md leads to nothing',
      ]);
      for (const path of [
        problems,
        `${problems}?entityRef=component:default/closed`,
        '/api/techdocs/sites',
        '/api/search/query?term=vault',
      ])
        expect((await as('ann', path)).text).not.toMatch(/vault\.md|[Cc]losed/);
      for (const path of ['', '/page', '/report'])
        expect((await as('ann', `${one('closed')}${path}`)).status).toBe(404);
      expect((await as('ann', `${one('open')}/report`)).status).toBe(200);
    } finally {
      await other.stop();
    }
  }, 40_000);

  test('reads a repository at any branch or tag, with who changed what', async () => {
    const folder = await temporaryFolder('callboard-docs-git-');
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
        env: { ...process.env, GIT_COMMITTER_DATE: '2024-01-01T00:00:00Z', GIT_AUTHOR_DATE: '2024-01-01T00:00:00Z' },
      });
    await putFiles(folder, {
      'catalog-info.yaml': component('versions', 'backstage.io/techdocs-ref: dir:.'),
      'docs/index.md': '# Old words\n',
    });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'One');
    git('tag', 'v1');
    await putFiles(folder, { 'docs/index.md': '# New words\n' });
    git('commit', '-qam', 'Two');
    const other = await testPortal({
      place: await databases.place(),
      config: `catalog:\n  locations:\n    - type: git\n      target: ${folder}\n`,
    });
    try {
      const site = await other.get(one('versions'));
      expect(site.body).toMatchObject({ version: 'main', isOld: false });
      expect(site.body.versions.map((each: any) => [each.name, each.kind, each.isCurrent])).toEqual(
        expect.arrayContaining([
          ['main', 'branch', true],
          ['v1', 'tag', false],
        ]),
      );
      const page = await other.get(`${one('versions')}/page`);
      expect(page.body).toMatchObject({
        title: 'New words',
        lastChange: { at: '2024-01-01T00:00:00.000Z', author: 'Ada' },
      });
      expect((await other.get(`${one('versions')}/page?version=v1`)).body.title).toBe('Old words');
      expect((await other.get(`${one('versions')}?version=v1`)).body.isOld).toBe(true);
      expect((await other.get(`${one('versions')}/report`)).body.pages).toBe(1);
      expect((await other.get('/api/techdocs/sites')).body.items).toMatchObject([
        { pages: 1, changedAt: '2024-01-01T00:00:00.000Z' },
      ]);
      expect((await other.get(`${one('versions')}/page?version=--exec`)).body.error.code).toBe(
        'CATALOG_BRANCH_NOT_FOUND',
      );
    } finally {
      await other.stop();
    }
  }, 40_000);

  if (dialect === 'sqlite')
    test('shows what another pipeline has published, from a folder and from a bucket', async () => {
      const root = await temporaryFolder('callboard-docs-published-');
      await putFiles(root, {
        'default/component/pay/index.html': '<h1>Published</h1>',
        'default/component/pay/techdocs_metadata.json': '{"site_name":"From the pipeline"}',
        'secret.txt': 'secret',
      });
      const asked: { url: string; authorization: string }[] = [];
      const bucket = createServer((request, response) => {
        asked.push({ url: request.url!, authorization: request.headers.authorization ?? '' });
        response.statusCode = request.url === '/docs/all/default/component/pay/index.html' ? 200 : 404;
        response.end('<h1>In the bucket</h1>');
      }).listen(0, '127.0.0.1');
      await new Promise((done) => bucket.once('listening', done));
      const { port } = bucket.address() as { port: number };
      const publishers = {
        local: `    local:\n      publishDirectory: ${root}\n`,
        awsS3: `    type: awsS3\n    awsS3:\n      bucketName: docs\n      bucketRootPath: all\n      endpoint: http://127.0.0.1:${port}\n      s3ForcePathStyle: true\n      region: eu-west-1\n      credentials:\n        accessKeyId: AKID\n        secretAccessKey: shh\n`,
      };
      for (const [name, publisher] of Object.entries(publishers)) {
        const other = await testPortal({
          place: await databases.place(),
          files,
          folder: portal.folder,
          config: `catalog:\n  locations:\n    - type: file\n      target: ${portal.folder}/pay\ntechdocs:\n  publisher:\n${publisher}`,
        });
        try {
          const page = await other.get(staticOf('pay', 'index.html'));
          expect(page.body).toBe(name === 'local' ? '<h1>Published</h1>' : '<h1>In the bucket</h1>');
          expect(page.headers.get('content-security-policy')).toMatch(/^sandbox/);
          expect((await other.get(staticOf('pay', '..%2f..%2f..%2fsecret.txt'))).status).toBe(404);
          // What is not published is rendered here.
          expect((await other.get(staticOf('pay', 'guides/start/index.html'))).body).toContain('Second part');
        } finally {
          await other.stop();
        }
      }
      bucket.close();
      expect(asked[0]!.url).toBe('/docs/all/default/component/pay/index.html');
      expect(asked[0]!.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
      );
    }, 60_000);
});

test('signs as the description of Signature Version 4 says', () => {
  const headers = signed(new URL('https://examplebucket.s3.amazonaws.com/test.txt'), {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
    now: new Date('2013-05-24T00:00:00Z'),
  });
  expect(headers['x-amz-date']).toBe('20130524T000000Z');
  // The documented example also signs a range header; without it the signature is this one.
  expect(headers['authorization']).toContain('Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request');
});
