import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preferenceKeys } from '@callboard/model/http';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../../core/db/index.ts';
import { createHttp, type HttpServer } from '../../core/http/index.ts';
import { createLogger } from '../../core/log/index.ts';
import { forEachDatabase } from '../../testing/databases.ts';
import { testPortal } from '../../testing/portal.ts';
import { createPreferences } from './index.ts';

const at = '2026-03-01T08:00:00.000Z';

forEachDatabase((_dialect, databases) => {
  let db: Database;
  let http: HttpServer;
  /** Asks as somebody; what a person is, the feature `access` says, here by a header. */
  const ask = async (user: string, method: 'GET' | 'PUT' | 'DELETE' | 'POST', url: string, body?: unknown) => {
    const answer = await http.inject({
      method,
      url,
      headers: { 'x-user': user, host: '127.0.0.1' },
      ...(body !== undefined && { payload: body as object }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
  };
  const put = (key: string, value: unknown, user = 'ada') => ask(user, 'PUT', `/api/preferences/${key}`, { value });

  beforeAll(async () => {
    db = await databases.open();
    const config = { server: { host: '127.0.0.1', port: 0 } } as Parameters<typeof createHttp>[0]['config'];
    http = await createHttp({ config, log: await createLogger({ level: 'silent', format: 'json' }), version: '0' });
    const principalOf = (request: { headers: Record<string, unknown> }) => {
      const name = String(request.headers['x-user']);
      return {
        ref: `user:default/${name}`,
        title: name,
        kind: 'guest' as const,
        groups: [],
        claims: [],
        via: { type: 'local' as const },
      };
    };
    await createPreferences({ db, http }, { access: { principalOf } }).prepare();
    await http.ready();
  });
  afterAll(() => http.close());

  test('keeps a value, changes it and deletes it', async () => {
    expect((await ask('ada', 'GET', '/api/preferences/starred')).body.error).toMatchObject({
      name: 'NotFoundError',
      code: 'PREFERENCES_NOT_SET',
      message: "Nothing is stored under 'starred' for user:default/ada",
    });
    const first = await put('starred', ['component:default/a']);
    expect([first.status, first.body.key, first.body.value]).toEqual([200, 'starred', ['component:default/a']]);
    expect(Date.now() - Date.parse(first.body.updatedAt)).toBeLessThan(60_000);
    await put('starred', ['component:default/b', 'component:default/a']);
    expect((await ask('ada', 'GET', '/api/preferences/starred')).body.value).toEqual([
      'component:default/b',
      'component:default/a',
    ]);
    expect((await ask('ada', 'DELETE', '/api/preferences/starred')).status).toBe(204);
    expect((await ask('ada', 'DELETE', '/api/preferences/starred')).status).toBe(204);
    expect((await ask('ada', 'GET', '/api/preferences/starred')).status).toBe(404);
  });

  test('keeps a value of every key, and gives them all at once', async () => {
    const values: Record<string, unknown> = {
      starred: ['component:default/ü~1'],
      recent: [{ path: '/catalog/default/component/a', title: 'A\u0000 “b”', entityRef: 'component:default/a', at }],
      views: [{ id: 'v1', name: 'Ours', path: '/catalog?kind=component', at }],
      teams: ['group:default/payments'],
      'home-layout': { main: ['teams'], side: ['problems'], hidden: ['recent'] },
      theme: 'dark',
      'last-visit': { seenAt: at, cursor: 12, before: { seenAt: at, cursor: 3 } },
      docs: { textSize: 'large', width: 'full', tabs: ['Java', 'Go'] },
    };
    expect(Object.keys(values)).toEqual(preferenceKeys);
    for (const [key, value] of Object.entries(values)) expect((await put(key, value, 'all')).status).toBe(200);
    const { body } = await ask('all', 'GET', '/api/preferences');
    expect(Object.fromEntries(body.items.map((item: any) => [item.key, item.value]))).toEqual(values);
  });

  test('shows nobody the values of somebody else', async () => {
    await put('theme', 'dark', 'eve');
    await ask('eve', 'PUT', '/api/user-settings/buckets/b/keys/k', { value: 1 });
    expect((await ask('bob', 'GET', '/api/preferences')).body).toEqual({ items: [] });
    expect((await ask('bob', 'GET', '/api/preferences/theme')).status).toBe(404);
    expect((await ask('bob', 'GET', '/api/user-settings/buckets/b/keys/k')).status).toBe(404);
    await put('theme', 'light', 'bob');
    await ask('bob', 'DELETE', '/api/preferences/theme');
    expect((await ask('eve', 'GET', '/api/preferences/theme')).body.value).toBe('dark');
  });

  const badValues: [key: string, value: unknown, message: RegExp][] = [
    ['starred', 'component:default/a', /value/],
    ['starred', ['Component:default/A'], /value/],
    ['starred', ['component:default/a', 'component:default/a'], /value/],
    ['recent', [{ path: 'https://elsewhere.example', title: 'x', at }], /path/],
    ['recent', [{ path: '//elsewhere.example', title: 'x', at }], /path/],
    ['recent', [{ path: '/x', title: 'x', at: 'yesterday' }], /at/],
    ['views', [{ id: 'a', name: '', path: '/catalog', at }], /name/],
    ['home-layout', { main: [], side: [] }, /hidden/],
    ['home-layout', { main: [], side: [], hidden: [], extra: [] }, /extra/],
    ['theme', 'mauve', /light/],
    ['last-visit', { seenAt: at, cursor: -1 }, /cursor/],
    ['docs', { textSize: 'huge' }, /textSize/],
    ['docs', { tabs: ['a', 'a'] }, /tabs/],
  ];
  test.for(badValues)('refuses a bad value of %s: %j', async ([key, value, message]) => {
    const answer = await put(key, value, 'bad');
    expect([answer.status, answer.body.error.name]).toEqual([400, 'InputError']);
    expect(answer.body.error.message).toMatch(message);
    expect((await ask('bad', 'GET', '/api/preferences')).body).toEqual({ items: [] });
  });

  test('refuses keys that it does not know, and fields beside the value', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await ask('bad', method, '/api/preferences/secrets');
      expect([answer.status, answer.body.error.name]).toEqual([400, 'InputError']);
      expect(answer.body.error.message).toContain('starred');
    }
    expect((await ask('bad', 'PUT', '/api/preferences/secrets', { value: 1 })).status).toBe(405);
    expect((await ask('bad', 'PUT', '/api/preferences/theme', { value: 'dark', user: 'eve' })).status).toBe(400);
    expect((await ask('bad', 'PUT', '/api/preferences/theme', {})).status).toBe(400);
    expect((await ask('bad', 'GET', '/api/preferences?user=eve')).status).toBe(400);
  });

  test('has Backstage’s settings, and the same stars in both shapes', async () => {
    const stars = '/api/user-settings/buckets/starredEntities/keys/entityRefs';
    expect((await ask('sam', 'GET', stars)).body.error).toMatchObject({
      code: 'PREFERENCES_SETTING_NOT_FOUND',
      message: "Unable to find 'entityRefs' in bucket 'starredEntities'",
    });
    const value = ['Component:default/Payments', 'component:payments'];
    expect((await ask('sam', 'PUT', stars, { value })).body).toEqual({
      bucket: 'starredEntities',
      key: 'entityRefs',
      value: ['component:default/payments'],
    });
    expect((await ask('sam', 'GET', '/api/preferences/starred')).body.value).toEqual(['component:default/payments']);
    for (const bad of ['x', [1], ['no ref'], Array.from({ length: 2001 }, (_, index) => `component:default/c${index}`)])
      expect((await ask('sam', 'PUT', stars, { value: bad })).body.error.code).toBe('PREFERENCES_STARRED_INVALID');

    const other = { bucket: 'a/b', key: 'k é' };
    const path = `/api/user-settings/buckets/${encodeURIComponent(other.bucket)}/keys/${encodeURIComponent(other.key)}`;
    expect((await ask('sam', 'PUT', path, { value: { deep: [1, null] } })).body).toEqual({
      ...other,
      value: { deep: [1, null] },
    });
    const items = [other, { bucket: 'a', key: 'nothing' }, { bucket: 'starredEntities', key: 'entityRefs' }];
    expect((await ask('sam', 'POST', '/api/user-settings/multiget', { items })).body.items).toEqual([
      { ...other, value: { deep: [1, null] } },
      null,
      { bucket: 'starredEntities', key: 'entityRefs', value: ['component:default/payments'] },
    ]);
    expect((await ask('sam', 'DELETE', path)).status).toBe(204);
    expect((await ask('sam', 'GET', path)).status).toBe(404);
    // Settings of other programs are not among the preferences of the portal.
    expect((await ask('sam', 'GET', '/api/preferences')).body.items.map((item: any) => item.key)).toEqual(['starred']);
  });

  test('keeps no more than a person needs', async () => {
    const big = await ask('big', 'PUT', '/api/user-settings/buckets/b/keys/k', { value: 'x'.repeat(262_143) });
    expect([big.status, big.body.error.code]).toEqual([413, 'PREFERENCES_TOO_LARGE']);
    for (let index = 0; index < 500; index += 1)
      await ask('many', 'PUT', `/api/user-settings/buckets/b/keys/${index}`, { value: index });
    const more = await ask('many', 'PUT', '/api/user-settings/buckets/b/keys/500', { value: 1 });
    expect([more.status, more.body.error.code]).toEqual([400, 'PREFERENCES_TOO_MANY']);
    expect((await ask('many', 'PUT', '/api/user-settings/buckets/b/keys/7', { value: 'new' })).status).toBe(200);
  });

  test('is part of the portal, for the one person that it knows', async () => {
    const place = await databases.place();
    const folder = await mkdtemp(join(tmpdir(), 'callboard-restart-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const first = await testPortal({ place, folder });
    expect((await first.get('/api/access/me')).body).toEqual({
      entityRef: 'user:default/local-administrator',
      title: 'Local administrator',
      kind: 'local-administrator',
    });
    expect((await first.send('PUT', '/api/preferences/theme', { value: 'dark' })).status).toBe(200);
    await first.stop();
    const again = await testPortal({ place, folder });
    expect((await again.get('/api/preferences/theme')).body.value).toBe('dark');
    await again.stop();
  });
});
