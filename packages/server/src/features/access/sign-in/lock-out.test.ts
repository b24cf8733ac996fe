import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { type TestPortal, testPortal } from '../../../testing/portal.ts';
import { aPassword, openRoom } from './testing/room.ts';

const user = (name: string, memberOf = '') => `apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ${name} }
spec: { memberOf: [${memberOf}] }
`;
const files = {
  'people.yaml': [
    user('dan'),
    user('ben', 'night'),
    user('amy'),
    `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: night }
spec: { type: team, parent: operations, children: [] }
`,
    `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: operations }
spec: { type: department, children: [] }
`,
  ].join('---\n'),
};
const config = `
catalog:
  locations: [{ type: file, target: ./people.yaml }]
  rules: [{ allow: [User, Group, Location] }]
access:
  trustedProxies: [127.0.0.1, '::1']
  signIn:
    local: false
    proxy: {}
    resolvers: [{ resolver: usernameMatchingUserEntityName }]
  bindings: [{ role: administrator, to: [user:default/dan] }]
`;

forEachDatabase((_dialect, databases) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await databases.place(), files, config });
    for (const name of ['dan', 'amy']) expect((await as(name)('GET', '/api/access/me')).status).toBe(200);
  }, 60_000);
  afterAll(() => portal.stop());

  const call = async (headers: Record<string, string>, method: string, path: string, body?: unknown) => {
    const answer = await fetch(portal.url + path, {
      method,
      headers: {
        origin: portal.url,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const read = text === '' ? undefined : JSON.parse(text);
    return { status: answer.status, code: read?.error?.code as string | undefined, body: read };
  };
  const as = (name: string) => (method: string, path: string, body?: unknown) =>
    call({ 'x-forwarded-user': name }, method, path, body);
  const disabled = (name: string, value: boolean) =>
    ['PUT', `/api/access/users/default/${name}`, { disabled: value }] as const;

  test('the last administrator stays, whether by role, group or the hand of a program', async () => {
    const [dan, ben] = [as('dan'), as('ben')];
    const last = { status: 409, code: 'ACCESS_LAST_ADMINISTRATOR' };
    expect(await dan(...disabled('dan', true))).toMatchObject(last);
    expect(await dan('DELETE', '/api/access/users/default/dan')).toMatchObject(last);
    expect((await dan(...disabled('amy', true))).status).toBe(200);

    const given = await dan('POST', '/api/access/bindings', {
      role: 'administrator',
      subject: 'group:default/operations',
    });
    expect(given.status).toBe(201);
    // Ben is in the group, but was never here: whether he can sign in at all is not known.
    expect(await dan(...disabled('dan', true))).toMatchObject(last);
    expect((await ben('GET', '/api/access/me')).status).toBe(200);
    const { token } = (
      await dan('POST', '/api/access/all/tokens', { subject: 'robot', title: 'Robot', grants: ['access.*'] })
    ).body;
    const robot = (method: string, path: string, body?: unknown) =>
      call({ authorization: `Bearer ${token}` }, method, path, body);
    expect((await dan(...disabled('dan', true))).status).toBe(200);
    expect((await dan('GET', '/api/access/users')).status).toBe(401);

    for (const who of [ben, robot]) expect(await who(...disabled('ben', true))).toMatchObject(last);
    const taking = ['DELETE', `/api/access/bindings/${given.body.id}`] as const;
    expect(await ben(...taking)).toMatchObject({ status: 409, code: 'ACCESS_POLICY_LOCKED_OUT' });
    expect(await robot(...taking)).toMatchObject({ status: 409, code: 'ACCESS_NOBODY_LEFT' });

    expect((await ben(...disabled('dan', false))).status).toBe(200);
    expect((await robot(...taking)).status).toBe(204);
    expect(await dan(...disabled('dan', true))).toMatchObject(last);
  });

  test('a simulation looks at those who signed in as well, with what was said of their groups', async () => {
    const eve = { 'x-forwarded-user': 'eve', 'x-forwarded-groups': 'operations' };
    expect((await call(eve, 'GET', '/api/access/me')).body.entityRef).toBe('user:personal/eve');
    const addBindings = [{ role: 'administrator', subject: 'group:default/operations' }];
    const { items } = (await as('dan')('POST', '/api/access/simulate', { addBindings })).body;
    // Dan may do everything already.
    expect(items.map((item: { principal: string }) => item.principal).toSorted()).toEqual([
      'user:default/ben',
      'user:personal/eve',
    ]);
  });

  test('two who take it from each other at the same moment do not both succeed', async () => {
    const room = await openRoom(await databases.open());
    const root = await room.administrator();
    const ann = await room.addUser(root, 'ann');
    const demote = (name: string) =>
      ['PUT', `/api/access/users/default/${name}`, { body: { administrator: false } }] as const;
    await root.ask('PUT', '/api/access/users/default/ann', { body: { administrator: true } });
    const [byRoot, byAnn] = await Promise.all([root.ask(...demote('ann')), ann.ask(...demote('root'))]);
    expect([byRoot, byAnn].filter(({ status }) => status === 200)).toHaveLength(1);
    const [left, lost] = byRoot.status === 200 ? [root, ann] : [ann, root];
    const { items } = (await left.ask('GET', '/api/access/users')).body;
    expect(items.filter((item: { administrator: boolean }) => item.administrator)).toHaveLength(1);
    expect((await lost.ask('GET', '/api/access/users')).status).toBe(403);

    // A new administrator counts from when they have chosen a password.
    const name = left === root ? 'root' : 'ann';
    const { body } = await left.ask('POST', '/api/access/users', { body: { name: 'lea', administrator: true } });
    expect((await left.ask(...demote(name))).body.error.code).toBe('ACCESS_LAST_ADMINISTRATOR');
    const code = String(body.link).split('#')[1]!;
    await room.browser().ask('POST', '/api/access/password/reset', { body: { code, password: aPassword } });
    expect((await left.ask(...demote(name))).status).toBe(200);
    await room.close();
  });
});
