import { CatalogClient } from '@backstage/catalog-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal, type TestPortal } from '../../../testing/portal.ts';

const files = {
  'own/catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: payments }
spec: { type: service, lifecycle: production, owner: team }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: root }
spec: { memberOf: [team] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: team }
spec: { type: team, parent: firm, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: firm }
spec: { type: firm, children: [] }
`,
};
const config = `
access:
  signIn: {}
  externalAccess:
    - type: static
      options: { token: a-token-for-the-pipeline, subject: pipeline }
    - type: static
      options: { token: a-token-that-only-reads, subject: reader }
      accessRestrictions: [{ plugin: catalog, permissionAttribute: { action: read } }]
catalog:
  locations: [{ type: file, target: ./own }]
  rules: [{ allow: [Component, User, Group, Location] }]
`;

forEachDatabase((_dialect, databases) => {
  let portal: TestPortal;
  let client: CatalogClient;
  let cookie: string;
  beforeAll(async () => {
    portal = await testPortal({ place: await databases.place(), files, config });
    client = new CatalogClient({
      discoveryApi: { getBaseUrl: async (id) => `${portal.url}/api/${id}` },
      fetchApi: { fetch },
    });
    const code = portal.portal.firstAdministrator!.split('#')[1];
    const answer = await send('POST', '/api/access/setup', { code, name: 'root', password: 'four words in a row' });
    cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  });
  afterAll(() => portal.stop());

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(portal.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        origin: portal.url,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const made = async (path: string, body: unknown): Promise<any> => (await send('POST', path, body, { cookie })).json();
  const listed = async (path: string): Promise<any> => (await send('GET', path, undefined, { cookie })).json();

  test('Backstage’s catalog client works with each kind of token, and with none it does not', async () => {
    await expect(client.getEntities()).rejects.toThrow('401');
    await expect(client.getEntities({}, { token: 'wrong' })).rejects.toThrow('401');
    const personal = await made('/api/access/tokens', { title: 'mine', days: 30 });
    const service = await made('/api/access/all/tokens', { subject: 'robot', title: 'Robot', grants: ['catalog.*'] });
    for (const token of [personal.token, service.token, 'a-token-for-the-pipeline', 'a-token-that-only-reads']) {
      const found = await client.getEntityByRef('component:default/payments', { token });
      expect([token, found?.metadata.name]).toEqual([token, 'payments']);
      const { items } = await client.queryEntities({ filter: { kind: 'component' } }, { token });
      expect(items).toHaveLength(1);
    }
    const location = { type: 'url', target: 'https://example.com/catalog-info.yaml' };
    await expect(client.addLocation(location, { token: 'a-token-that-only-reads' })).rejects.toThrow('403');
    const { location: added } = await client.addLocation(location, { token: service.token });
    expect(added.target).toBe(location.target);
    await client.removeLocationById(added.id, { token: 'a-token-for-the-pipeline' });
  });

  test('shows tokens without their secret, with their last use, and revokes them', async () => {
    const { token, item } = await made('/api/access/tokens', {
      title: 'used',
      days: 2,
      grants: ['catalog.entity.read'],
    });
    expect(token).toMatch(/^cbp_[\w-]{43}$/);
    expect(item).toMatchObject({ kind: 'personal', entityRef: 'user:default/root', grants: ['catalog.entity.read'] });
    expect(Date.parse(item.expiresAt) - Date.parse(item.createdAt)).toBe(2 * 86_400_000);
    expect(item.usedAt).toBeUndefined();
    await client.getEntities({}, { token });
    const { items } = await listed('/api/access/tokens');
    const shown = items.find((each: any) => each.id === item.id);
    expect([shown.usedFrom, typeof shown.usedAt]).toEqual(['127.0.0.1', 'string']);
    expect((await send('DELETE', `/api/access/tokens/${item.id}`, undefined, { cookie })).status).toBe(204);
    await expect(client.getEntities({}, { token })).rejects.toThrow('401');
    const all = (await listed('/api/access/all/tokens')).items;
    expect(all.some((each: any) => each.id === item.id)).toBe(false);
  });

  test('tells programs whom a token is about, as Backstage’s do ask', async () => {
    /** What Backstage's user info service does with a token that does not name the groups itself. */
    const userInfo = async (token: string | undefined, more: Record<string, string> = {}) => {
      const answer = await fetch(`${portal.url}/api/auth/v1/userinfo`, {
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...more },
      });
      const { claims, error } = (await answer.json()) as any;
      return answer.ok ? { sub: claims.sub, ent: claims.ent } : [answer.status, error.name, error.code];
    };
    const root = {
      sub: 'user:default/root',
      ent: ['user:default/root', 'group:default/firm', 'group:default/team'],
    };
    const { token } = await made('/api/access/identity-token', undefined);
    expect(await userInfo(token)).toEqual(root);
    const personal = await made('/api/access/tokens', { title: 'who', days: 1, grants: ['search.read'] });
    expect(await userInfo(personal.token)).toEqual(root);
    expect(await userInfo('a-token-for-the-pipeline')).toEqual([400, 'InputError', 'ACCESS_TOKEN_OF_PROGRAM']);
    expect(await userInfo(undefined, { cookie })).toEqual([401, 'AuthenticationError', 'ACCESS_TOKEN_MISSING']);
    expect(await userInfo(`${token}x`)).toEqual([401, 'AuthenticationError', 'ACCESS_TOKEN_INVALID']);
    expect(await userInfo(undefined)).toEqual([401, 'AuthenticationError', 'ACCESS_SIGN_IN_REQUIRED']);
    const found = await fetch(`${portal.url}/api/auth/.well-known/openid-configuration`);
    const told = (await found.json()) as Record<string, string>;
    expect(['userinfo_endpoint', 'jwks_uri'].map((key) => told[key])).toEqual([
      `${portal.url}/api/auth/v1/userinfo`,
      `${portal.url}/api/auth/.well-known/jwks.json`,
    ]);
  });

  test('refuses tokens that would live too long or act for no program', async () => {
    const long = await made('/api/access/tokens', { title: 'long', days: 366 });
    expect(long.error.code).toBe('ACCESS_LIFETIME_TOO_LONG');
    const bad = await made('/api/access/all/tokens', { subject: 'User:x', title: 'x', grants: ['catalog.*'] });
    expect(bad.error.code).toBe('HTTP_INVALID_REQUEST');
    const none = await made('/api/access/all/tokens', { subject: 'x', title: 'x' });
    expect(none.error.code).toBe('HTTP_INVALID_REQUEST');
  });

  test('sends the first visitor of a loopback portal without sign-in to no page of sign-in', async () => {
    const open = await testPortal({ place: await databases.place(), files });
    expect((await open.get('/api/access/me')).body).toEqual({
      entityRef: 'user:default/local-administrator',
      title: 'Local administrator',
      kind: 'local-administrator',
    });
    expect((await open.get('/api/access/sign-in')).body).toEqual({ required: false, signedIn: false, methods: [] });
    expect(open.portal.firstAdministrator).toBeUndefined();
    // A token of the local administrator works as they do.
    const { body } = await open.send('POST', '/api/access/tokens', { title: 'mine', days: 1 });
    const answer = await fetch(`${open.url}/api/access/me`, { headers: { authorization: `Bearer ${body.token}` } });
    expect(((await answer.json()) as { kind: string }).kind).toBe('local-administrator');
    await open.stop();
  });
});
