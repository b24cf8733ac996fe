import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';

const component = (name: string, annotations = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name}, annotations: { ${annotations} } }\nspec: { type: service, lifecycle: production, owner: crew }\n`;
const config = (folder: string) => `
catalog: { locations: [{ type: file, target: ${folder} }] }
access:
  roles:
    - { name: herald, title: Herald, permissions: [plugins.use, plugin.announcements.*] }
`;

let folder: string;
let portal: TestPortal;
const entries = '/api/plugins/announcements/entries';
const view = async (plugin: string, id: string, more = '') =>
  (await portal.get(`/api/plugins/${plugin}/views/${id}${more}`)).body;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-first-plugins-'));
  portal = await testPortal({
    place: {},
    folder,
    files: {
      'catalog-info.yaml': `${component('ferry', "'example.com/runbook': 'how to/tow'")}---\n${component('tug')}`,
    },
    config: config('.'),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('what comes with the portal waits to be enabled, and says so', async () => {
  const { items } = (await portal.get('/api/admin/plugins')).body;
  for (const id of ['announcements', 'links'])
    expect(items.find((item: any) => item.id === id)).toMatchObject({
      state: 'disabled',
      firstParty: true,
      reason: 'it came with the portal and waits to be enabled',
    });
  expect((await portal.get(entries)).status).toBe(503);
  for (const id of ['announcements', 'links'])
    expect((await portal.send('POST', `/api/admin/plugins/${id}/enable`)).body.state).toBe('enabled');
});

test('what a plugin permits is listed, and looked at before a role with it is given', async () => {
  const { items } = (await portal.get('/api/access/permissions')).body;
  expect(items.find((item: any) => item.name === 'plugin.announcements.manage')).toEqual({
    name: 'plugin.announcements.manage',
    meaning: 'Write announcements. Add, change and remove announcements.',
    action: 'update',
  });
  const addBindings = [{ role: 'herald', subject: 'user:default/joe' }];
  expect((await portal.send('POST', '/api/access/simulate', { addBindings })).body.items).toEqual([
    {
      principal: 'user:default/joe',
      gains: [{ permission: 'plugin.announcements.manage', before: 'deny', after: 'allow' }],
      loses: [],
    },
  ]);
});

test('announcements are written, shown, found and removed', async () => {
  expect((await view('announcements', 'current')).view).toEqual({
    model: 'timeline',
    note: 'There is nothing that everybody has to know at the moment.',
    items: [],
  });
  const { status, body: freeze } = await portal.send('POST', entries, {
    title: 'Release freeze',
    text: 'Nothing is deployed until Monday.',
    tone: 'warning',
    until: '2999-01-01',
  });
  expect(status).toBe(201);
  expect(freeze).toMatchObject({ until: '2999-01-01T00:00:00.000Z', author: 'user:default/local-administrator' });
  await portal.send('POST', entries, { title: 'Old news', until: '2001-01-01' });
  await portal.send('POST', entries, { title: 'Next year', from: '2998-01-01' });
  expect((await portal.get(entries)).body).toEqual({ items: [freeze], mayWrite: true });
  const all = (await portal.get(`${entries}?all=true`)).body.items;
  expect(all.map((entry: any) => entry.title).toSorted()).toEqual(['Next year', 'Old news', 'Release freeze']);
  // The view forgets at once what it showed before.
  expect((await view('announcements', 'current')).view.items).toEqual([
    {
      at: freeze.createdAt,
      title: 'Release freeze',
      tone: 'warning',
      href: `/plugins/announcements/all/${freeze.id}`,
      detail: 'Nothing is deployed until Monday.',
    },
  ]);
  const found = async (term: string) =>
    (await portal.get(`/api/search/query?term=${term}`)).body.results.map((each: any) => each.document.location);
  await eventually(async () => expect(await found('freeze')).toEqual([`/plugins/announcements/all/${freeze.id}`]));
  expect(await found('news')).toEqual([]);
  await portal.send('PUT', `${entries}/${freeze.id}`, { title: 'Thaw', tone: 'good' });
  await eventually(async () => expect(await found('thaw')).toHaveLength(1));
  expect((await portal.send('DELETE', `${entries}/${freeze.id}`)).status).toBe(200);
  await eventually(async () => expect(await found('thaw')).toEqual([]));
  expect((await portal.send('DELETE', `${entries}/${freeze.id}`)).status).toBe(404);
});

test.each([
  [null, 'Send an object with a title.'],
  [{ title: ' ' }, 'title must be a text of 1 to 200 characters.'],
  [{ title: 'x', text: 'x'.repeat(10_001) }, 'text must be at most 10,000 characters.'],
  [{ title: 'x', tone: 'loud' }, 'tone must be one of info, good, warning, bad.'],
  [{ title: 'x', from: 'soon' }, 'from must be a time such as 2027-01-31T12:00:00Z.'],
  [{ title: 'x', from: '2027-01-02', until: '2027-01-01' }, 'until must be later than from.'],
])('a wrong announcement is refused (%#)', async (body, message) => {
  expect(await portal.send('POST', entries, body)).toMatchObject({ status: 400, body: { message } });
});

test('links are made of what the entity says, and left out where it does not', async () => {
  expect((await view('links', 'links', '?entity=component:default/ferry')).view.note).toBe(
    'No links are configured. An administrator can add them in Admin → Plugins → Links.',
  );
  await portal.send('PUT', '/api/admin/plugins/links/configuration', {
    configuration: {
      links: [
        { title: 'Dashboard', url: 'https://boards.example.com/{namespace}/{name}', description: 'All graphs' },
        { title: 'Runbook', url: 'https://wiki.example.com/{annotation:example.com/runbook}' },
      ],
    },
  });
  await eventually(async () =>
    expect((await view('links', 'links', '?entity=component:default/ferry&fresh=true')).view).toEqual({
      model: 'links',
      items: [
        { title: 'Dashboard', href: 'https://boards.example.com/default/ferry', description: 'All graphs' },
        { title: 'Runbook', href: 'https://wiki.example.com/how%20to%2Ftow' },
      ],
    }),
  );
  const { view: tug } = await view('links', 'links', '?entity=component:default/tug');
  expect(tug.items.map((item: any) => item.title)).toEqual(['Dashboard']);
  const refused = await portal.send('PUT', '/api/admin/plugins/links/configuration', {
    configuration: { links: [{ title: 'Bad', url: 'javascript:alert(1)' }] },
  });
  expect(refused.status).toBe(400);
});

test('writing needs the permission that the plugin declares, which roles can grant', async () => {
  const ask = async (guestRole: string) => {
    const guests = await testPortal({
      place: {},
      folder,
      config: `${config('.')}  open: true\n  signIn: { local: true }\n  guestRole: ${guestRole}\n`,
    });
    try {
      const { mayWrite } = (await guests.get(entries)).body;
      const { status, body } = await guests.send('POST', entries, { title: 'From a guest' });
      return { mayWrite, status, code: body.error?.code };
    } finally {
      await guests.stop();
    }
  };
  await portal.stop();
  expect(await ask('viewer')).toEqual({ mayWrite: false, status: 403, code: 'ACCESS_POLICY_NOT_ALLOWED' });
  expect(await ask('herald')).toEqual({ mayWrite: true, status: 201 });
});
