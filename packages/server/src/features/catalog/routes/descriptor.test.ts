import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, testPortal } from '../../../testing/portal.ts';
import type { TestPortal } from '../../../testing/portal.ts';

const base = '/api/catalog';
const component = (name: string, owner: string, more = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: ${owner}\n${more}`;
const group = `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: payments\nspec:\n  type: team\n  children: []\n`;

const files = {
  'shop/catalog-info.yaml': `# the shop\n${component('cart', 'payments')}---\n${component('till', 'payments', '  dependsOn: [component:cart]\n')}`,
  'windows/catalog-info.yaml': `\uFEFF${component('windows', 'payments')}`.replaceAll('\n', '\r\n'),
  'team/catalog-info.yaml': group,
  'broken/catalog-info.yaml': component('good', 'payments') + '---\n' + component('bad', '""'),
  'locked/catalog-info.yaml': component('locked', 'payments'),
  'lost/catalog-info.yaml': component('lost', 'nobody'),
  'swap/inner/catalog-info.yaml': component('swapped', 'payments'),
};

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await place(), files });
  });
  afterAll(async () => portal.stop());

  const open = async (ref: string) => {
    const { status, body } = await portal.get(`${base}/descriptor?entityRef=${ref}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const save = (document: number, text: string, hash: string, more = {}) =>
    portal.send('PUT', `${base}/descriptor`, { document, text, hash, ...more });
  const onDisk = (path: string) => readFile(join(portal.folder, path), 'utf8');

  test('the text of a file, with the place of each document and value', async () => {
    const found = await open('Component:default/Till');
    expect(found).toMatchObject({
      location: `file:${portal.folder}/shop/catalog-info.yaml`,
      sourceType: 'file',
      sourceState: 'ok',
      text: files['shop/catalog-info.yaml'],
      lineEnding: 'lf',
      writable: true,
      problems: [],
    });
    expect(found.hash).toMatch(/^[0-9a-f]{64}$/);
    const [cart, till] = found.documents;
    expect([cart.entityRef, cart.line, cart.endLine]).toEqual(['component:default/cart', 2, 9]);
    expect([till.entityRef, till.line, till.endLine]).toEqual(['component:default/till', 11, 19]);
    expect(till.values.find(({ path }: { path: string }) => path === '/spec/owner')).toEqual({
      path: '/spec/owner',
      line: 18,
      column: 3,
    });
    expect(till.values.at(-1)).toEqual({ path: '/spec/dependsOn/0', line: 19, column: 15 });
  });

  test('what is asked for must be one known thing', async () => {
    const { status, body } = await portal.get(`${base}/descriptor`);
    expect([status, body.error.code]).toEqual([400, 'CATALOG_DESCRIPTOR_UNSPECIFIED']);
    const both = await portal.get(`${base}/descriptor?entityRef=component:cart&problem=1`);
    expect(both.body.error.code).toBe('CATALOG_DESCRIPTOR_UNSPECIFIED');
    const none = await portal.get(`${base}/descriptor?entityRef=component:default/none`);
    expect([none.status, none.body.error.code]).toEqual([404, 'CATALOG_DESCRIPTOR_UNKNOWN']);
    const path = await portal.get(`${base}/descriptor?entityRef=${encodeURIComponent('../../etc/passwd')}`);
    expect([path.status, path.body.error.code]).toEqual([400, 'CATALOG_ENTITY_REF_INVALID']);
    const foreign = await portal.send('POST', `${base}/descriptor/check`, { document: 999_999, text: '' });
    expect([foreign.status, foreign.body.error.code]).toEqual([404, 'CATALOG_DESCRIPTOR_UNKNOWN']);
  });

  test('a check says every fault with its place, and what would change', async () => {
    const { document, text } = await open('component:default/cart');
    const check = async (edited: string) => {
      const { status, body } = await portal.send('POST', `${base}/descriptor/check`, { document, text: edited });
      expect(status, JSON.stringify(body)).toBe(200);
      return body;
    };
    const same = await check(text);
    expect(same.entities.map((each: any) => [each.entityRef, each.action])).toEqual([
      ['component:default/cart', 'unchanged'],
      ['component:default/till', 'unchanged'],
    ]);
    expect([same.problems, same.removed, same.relations]).toEqual([[], [], { added: [], removed: [] }]);

    const renamed = await check(
      text.replace('name: cart', 'name: basket').replace('lifecycle: production', 'lifecycle: beta'),
    );
    expect(renamed.removed).toEqual(['component:default/cart']);
    expect(renamed.entities.map((each: any) => [each.entityRef, each.action, each.changes])).toEqual([
      ['component:default/basket', 'created', []],
      ['component:default/till', 'unchanged', []],
    ]);
    expect(renamed.relations.added).toEqual([
      { source: 'component:default/basket', type: 'ownedBy', target: 'group:default/payments', exists: true },
    ]);
    expect(renamed.problems.map((each: any) => [each.code, each.line, each.column])).toEqual([
      ['CATALOG_RELATION_TARGET_MISSING', 19, 15],
    ]);

    const faulty = await check(text.replace('  type: service\n', '').replace('name: till', 'name: to ll'));
    expect(faulty.problems.map((each: any) => [each.severity, each.line, each.path])).toEqual([
      ['error', 6, '/spec/type'],
      ['error', 13, '/metadata/name'],
    ]);
    const clash = await check(text.replace('name: cart', 'name: windows'));
    expect(clash.entities[0]).toMatchObject({
      entityRef: 'component:default/windows',
      action: 'conflict',
      heldBy: `file:${portal.folder}/windows/catalog-info.yaml`,
    });
    expect((await check('a: [b')).problems[0].code).toMatch(/^CATALOG_YAML/);
  });

  test('bombs and floods end as problems', async () => {
    const { document } = await open('component:default/cart');
    const check = (text: string) => portal.send('POST', `${base}/descriptor/check`, { document, text });
    const laughs = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`)
      .join('\n')}\n`;
    for (const text of [laughs, '['.repeat(100_000), `${'- '.repeat(50_000)}x`, `a: "${'x'.repeat(900_000)}"`]) {
      const { status, body } = await check(text);
      expect(status).toBe(200);
      expect(body.entities).toEqual([]);
      expect(body.problems.length).toBeGreaterThan(0);
    }
    expect((await check('x'.repeat(1_048_577))).status).toBe(400);
    expect((await check('x'.repeat(4_000_000))).status).toBe(413);
    const outside = `${component('peek', 'payments')}  note:\n    $text: ../../../../../../../etc/passwd\n`;
    const { body } = await check(outside);
    expect(body.problems[0].severity).toBe('error');
    expect(JSON.stringify(body)).not.toContain('root:');
  });

  test('saving writes the file, keeps its manner, and says who did it', async () => {
    const path = join(portal.folder, 'windows/catalog-info.yaml');
    await chmod(path, 0o640);
    const { document, text, hash, lineEnding } = await open('component:default/windows');
    expect(lineEnding).toBe('crlf');
    expect(text).not.toContain('\r');
    const edited = text.replace('lifecycle: production', 'lifecycle: deprecated');
    const { status, body } = await save(document, edited, hash);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.check.entities[0].changes).toEqual([
      { path: 'spec.lifecycle', before: 'production', after: 'deprecated' },
    ]);
    expect(await onDisk('windows/catalog-info.yaml')).toBe(`\uFEFF${edited.replaceAll('\n', '\r\n')}`);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(join(portal.folder, 'windows'))).toEqual(['catalog-info.yaml']);
    const history = await eventually(async () => {
      const { body: answer } = await portal.get(`${base}/entities/by-name/component/default/windows/history`);
      expect(answer.items[0].action).toBe('updated');
      return answer.items[0];
    });
    expect(history.actor).toBe('user:default/local-administrator');
    const feed = await portal.get('/api/events?after=0&limit=1000');
    const saved = feed.body.events.find((event: any) => event.type === 'catalog.descriptor.saved');
    expect(saved).toMatchObject({
      subject: `file:${path}`,
      actor: 'user:default/local-administrator',
      data: { hash: body.hash, before: hash },
    });
  });

  test('saving is refused when the file changed meanwhile, and when it would break', async () => {
    const { document, text, hash } = await open('component:default/good');
    const faulty = await save(document, text, hash);
    expect([faulty.status, faulty.body.error.code]).toEqual([400, 'CATALOG_DESCRIPTOR_FAULTY']);
    expect(faulty.body.error.message).toContain('1 error that keep');
    const path = join(portal.folder, 'broken/catalog-info.yaml');
    await writeFile(path, `# by hand\n${text}`);
    const late = await save(document, `${text}# mine\n`, hash, { withErrors: true });
    expect([late.status, late.body.error.code]).toEqual([409, 'CATALOG_DESCRIPTOR_CHANGED']);
    expect(await readFile(path, 'utf8')).toBe(`# by hand\n${text}`);
    const again = await open('component:default/good');
    const kept = await save(document, `${again.text}# mine\n`, again.hash, { withErrors: true });
    expect(kept.status).toBe(200);
    expect(await readFile(path, 'utf8')).toBe(`# by hand\n${text}# mine\n`);
  });

  test('a file that may not be written, and other sites, are refused', async () => {
    const path = join(portal.folder, 'locked/catalog-info.yaml');
    await chmod(path, 0o444);
    const { document, text, hash, writable, reason } = await open('component:default/locked');
    expect([writable, reason]).toEqual([false, 'it is marked as read-only']);
    const refused = await save(document, `${text}\n`, hash);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'CATALOG_DESCRIPTOR_NOT_WRITABLE']);
    const foreign = await fetch(`${portal.url}${base}/descriptor`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify({ document, text, hash }),
    });
    expect(foreign.status).toBe(403);
  });

  test('a link that takes the place of the file or its folder leads nowhere', async () => {
    const outside = `${portal.folder}-outside`;
    await mkdir(outside);
    const secret = component('swapped', 'payments');
    await writeFile(join(outside, 'catalog-info.yaml'), secret);
    const { document, text, hash } = await open('component:default/swapped');
    const folder = join(portal.folder, 'swap/inner');
    await rename(folder, `${folder}-away`);
    await symlink(outside, folder);
    const byFolder = await save(document, `${text}# got out\n`, hash);
    expect([byFolder.status, byFolder.body.error.code]).toEqual([403, 'CATALOG_TARGET_OUTSIDE']);
    await rm(folder);
    await rename(`${folder}-away`, folder);
    await rename(join(folder, 'catalog-info.yaml'), join(folder, 'away.yaml'));
    await symlink(join(outside, 'catalog-info.yaml'), join(folder, 'catalog-info.yaml'));
    const byFile = await save(document, `${text}# got out\n`, hash);
    expect([byFile.status, byFile.body.error.code]).toEqual([403, 'CATALOG_TARGET_OUTSIDE']);
    expect((await portal.get(`${base}/descriptor?entityRef=component:default/swapped`)).status).toBe(403);
    expect(await readFile(join(outside, 'catalog-info.yaml'), 'utf8')).toBe(secret);
    await rm(outside, { recursive: true });
  });

  test('the lines around a problem', async () => {
    const { body } = await portal.get(`${base}/problems?severity=error`);
    const problem = body.items.find((each: any) => each.location.endsWith('broken/catalog-info.yaml'));
    const { status, body: excerpt } = await portal.get(`${base}/problems/${problem.id}/excerpt`);
    expect(status).toBe(200);
    expect(excerpt.lines[excerpt.line - excerpt.firstLine]).toContain('owner: ""');
    expect(excerpt.lines.length).toBeLessThanOrEqual(7);
    const dangling = await portal.get(`${base}/problems?code=CATALOG_RELATION_TARGET_MISSING`);
    const { id } = dangling.body.items.find((each: any) => each.entityRef === 'component:default/lost');
    const { body: field } = await portal.get(`${base}/problems/${id}/excerpt`);
    expect([field.line, field.column, field.lines[field.line - field.firstLine]]).toEqual([8, 3, '  owner: nobody']);
    const opened = await portal.get(`${base}/descriptor?problem=${problem.id}`);
    expect(opened.body.location).toBe(problem.location);
    const unknown = await portal.get(`${base}/problems/999999/excerpt`);
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'CATALOG_PROBLEM_UNKNOWN']);
  });

  test('the schemas that completion goes by are those of the kinds', async () => {
    const { body } = await portal.get(`${base}/descriptor/schemas`);
    const found = body.kinds.find((each: any) => each.kind === 'Component');
    expect(found.schema.properties.spec.required).toEqual(['type', 'lifecycle', 'owner']);
    expect(found.references.find((each: any) => each.field === 'owner')).toEqual({
      field: 'owner',
      kinds: ['Group', 'User'],
      isKindNeeded: false,
    });
  });
});

forEachDatabase((_dialect, { place }) => {
  test('a read-only catalog shows and checks, and writes nothing', async () => {
    const portal = await testPortal({
      place: await place(),
      files: { 'a/catalog-info.yaml': component('a', 'payments') },
      config: 'catalog:\n  readonly: true\n  locations:\n    - { type: file, target: ./a/catalog-info.yaml }\n',
    });
    try {
      const { body } = await portal.get(`${base}/descriptor?entityRef=component:default/a`);
      expect([body.writable, body.reason]).toEqual([false, 'the catalog is read-only (catalog.readonly)']);
      const refused = await portal.send('PUT', `${base}/descriptor`, {
        document: body.document,
        text: '',
        hash: body.hash,
      });
      expect([refused.status, refused.body.error.code]).toEqual([403, 'CATALOG_READONLY']);
      expect(await readFile(join(portal.folder, 'a/catalog-info.yaml'), 'utf8')).toBe(component('a', 'payments'));
    } finally {
      await portal.stop();
    }
  });
});
