import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../core/db/index.ts';
import { forEachDatabase } from '../../../testing/databases.ts';
import { createAccess } from '../index.ts';
import { aPassword, openRoom, type Room } from './testing/room.ts';

const minute = 60_000;
const hour = 60 * minute;
const session = 'callboard-session';

test('a portal that others can reach starts only when somebody says who may use it', () => {
  const start = (options: { open?: boolean; signIn?: boolean }) => () =>
    createAccess({ host: '0.0.0.0', open: false, ...options });
  expect(start({})).toThrowError('would listen on 0.0.0.0, where others can reach it');
  try {
    start({})();
  } catch (error) {
    expect((error as { fix: string }).fix).toContain('access: { signIn: { local: true } }');
  }
  expect(start({ open: true })().stranger).toMatchObject({ kind: 'guest' });
  expect(start({ signIn: true })().stranger).toBeUndefined();
  expect(createAccess({ host: '127.0.0.1', open: false }).stranger).toMatchObject({ kind: 'local-administrator' });
  expect(createAccess({ host: '127.0.0.1', open: false, signIn: true }).stranger).toBeUndefined();
});

forEachDatabase((_dialect, databases) => {
  let db: Database;
  let room: Room;
  let root: ReturnType<Room['browser']>;
  beforeAll(async () => {
    db = await databases.open();
    room = await openRoom(db, { signIn: { guest: true, sessionIdle: '2h', sessionLifetime: '10h' } });
    root = await room.administrator();
  });
  afterAll(() => room.close());

  test('lets nobody in who is not known, and says where to sign in', async () => {
    const answer = await room.ask('GET', '/api/test/read');
    expect([answer.status, answer.body.error.code, answer.body.error.name]).toEqual([
      401,
      'ACCESS_SIGN_IN_REQUIRED',
      'AuthenticationError',
    ]);
    expect((await room.ask('GET', '/api/access/me')).status).toBe(401);
    expect((await room.ask('GET', '/api/access/sign-in')).body).toEqual({
      required: true,
      signedIn: false,
      methods: [
        { id: 'local', title: 'Password', kind: 'password' },
        { id: 'guest', title: 'Guest', kind: 'guest' },
      ],
    });
  });

  test('makes one first administrator', async () => {
    expect((await root.ask('GET', '/api/access/me')).body).toMatchObject({
      entityRef: 'user:default/root',
      title: 'Ruth',
      administrator: true,
    });
    expect((await root.ask('GET', '/api/test/admin')).status).toBe(200);
    expect(await room.signIn.firstAdministrator()).toBeUndefined();
  });

  test('keeps a session in a cookie that scripts and other sites do not get, and nothing of it in the database', async () => {
    const jane = await room.enter('root');
    const [line = ''] = jane.answer.setCookie;
    expect(line).toMatch(/^callboard-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=36000$/);
    const rows = await db.reader().selectFrom('access_session').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(jane.jar.get(session)!);
    const { rows: users } = await sql<{ password: string }>`select password from access_user`.execute(db.reader());
    expect(users[0]!.password).toMatch(/^scrypt\$65536\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  });

  test('ends sessions that rest, and all after their time', async () => {
    const jane = await room.enter('root');
    const read = async () => (await jane.ask('GET', '/api/test/read')).status;
    for (let step = 0; step < 5; step += 1) {
      room.clock.now += 110 * minute;
      expect(await read()).toBe(200);
    }
    room.clock.now += 60 * minute;
    expect(await read()).toBe(401);
    const other = await room.enter('root');
    room.clock.now += 121 * minute;
    expect((await other.ask('GET', '/api/test/read')).status).toBe(401);
    await room.signIn.prune();
    const left = await db.reader().selectFrom('access_session').select('id').execute();
    expect(left).toEqual([]);
    root = await room.enter('root');
  });

  test('lists sessions, ends others, and all of them with a new password', async () => {
    const jane = await room.addUser(root, 'jane');
    const second = await room.enter('jane');
    const { items } = (await jane.ask('GET', '/api/access/sessions')).body;
    expect(items.map((item: any) => [item.entityRef, item.provider, item.current])).toContainEqual([
      'user:default/jane',
      'local',
      true,
    ]);
    expect(items).toHaveLength(2);
    const other = items.find((item: any) => !item.current).id;
    expect((await jane.ask('DELETE', `/api/access/sessions/${other}`)).status).toBe(204);
    expect((await second.ask('GET', '/api/test/read')).status).toBe(401);
    const third = await room.enter('jane');
    const change = { current: aPassword, password: 'quite another one' };
    expect((await jane.ask('PUT', '/api/access/password', { body: change })).status).toBe(204);
    expect((await jane.ask('GET', '/api/test/read')).status).toBe(200);
    expect((await third.ask('GET', '/api/test/read')).status).toBe(401);
    expect((await room.enter('jane')).answer.status).toBe(401);
    expect((await room.enter('jane', 'quite another one')).answer.status).toBe(204);
    expect((await jane.ask('POST', '/api/access/sign-out')).body).toEqual({});
    expect((await jane.ask('GET', '/api/test/read')).status).toBe(401);
  });

  test('lets guests in as guests', async () => {
    const guest = room.browser();
    expect((await guest.ask('POST', '/api/access/sign-in/guest')).status).toBe(204);
    expect((await guest.ask('GET', '/api/access/me')).body).toMatchObject({ kind: 'guest', canSignIn: true });
    expect((await guest.ask('GET', '/api/access/users')).status).toBe(403);
    expect((await guest.ask('POST', '/api/access/tokens', { body: { title: 'x', days: 1 } })).status).toBe(403);
  });

  test('switches accounts off and on, and keeps an administrator', async () => {
    const joe = await room.addUser(root, 'joe');
    expect((await joe.ask('GET', '/api/test/read')).status).toBe(200);
    expect((await root.ask('PUT', '/api/access/users/default/joe', { body: { disabled: true } })).body).toMatchObject({
      disabled: true,
    });
    expect((await joe.ask('GET', '/api/test/read')).status).toBe(401);
    expect((await room.enter('joe')).answer.body.error.code).toBe('ACCESS_SIGN_IN_FAILED');
    await root.ask('PUT', '/api/access/users/default/joe', { body: { disabled: false } });
    expect((await room.enter('joe')).answer.status).toBe(204);
    for (const body of [{ disabled: true }, { administrator: false }])
      expect((await root.ask('PUT', '/api/access/users/default/root', { body })).body.error.code).toBe(
        'ACCESS_LAST_ADMINISTRATOR',
      );
    expect((await root.ask('DELETE', '/api/access/users/default/root')).status).toBe(409);
    expect((await root.ask('DELETE', '/api/access/users/default/joe')).status).toBe(204);
    expect((await room.enter('joe')).answer.status).toBe(401);
  });

  test.for(['short', 'aaaaaaaaaaaa', 'ann123456789', 'x'.repeat(201)])('refuses the password %s', async (password) => {
    const name = `ann${password.length}`;
    const { body } = await root.ask('POST', '/api/access/users', {
      body: { name: password.startsWith('ann') ? 'ann' : name },
    });
    const code = String(body.link).split('#')[1]!;
    const answer = await room.browser().ask('POST', '/api/access/password/reset', { body: { code, password } });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'ACCESS_WEAK_PASSWORD']);
    // The link was not used up by that.
    const again = await room
      .browser()
      .ask('POST', '/api/access/password/reset', { body: { code, password: aPassword } });
    expect(again.status).toBe(204);
    const third = await room
      .browser()
      .ask('POST', '/api/access/password/reset', { body: { code, password: aPassword } });
    expect([third.status, third.body.error.code]).toEqual([401, 'ACCESS_LINK_INVALID']);
  });

  test('knows a link for a day, and the last one only', async () => {
    await root.ask('POST', '/api/access/users', { body: { name: 'lea' } });
    const link = async () =>
      String((await root.ask('POST', '/api/access/users/default/lea/reset')).body.link).split('#')[1]!;
    const use = async (code: string) =>
      (await room.browser().ask('POST', '/api/access/password/reset', { body: { code, password: aPassword } })).status;
    const first = await link();
    const second = await link();
    expect(await use(first)).toBe(401);
    room.clock.now += 24 * hour;
    expect(await use(second)).toBe(401);
    root = await room.enter('root');
    expect(await use(await link())).toBe(204);
  });
});

describe('cookies of a portal behind TLS', () => {
  forEachDatabase((_dialect, databases) => {
    test('are bound to the host', async () => {
      const room = await openRoom(await databases.open(), { baseUrl: 'https://portal.example.com' });
      const code = (await room.signIn.firstAdministrator())!.split('#')[1]!;
      const { setCookie } = await room.ask('POST', '/api/access/setup', {
        body: { code, name: 'root', password: aPassword },
        headers: { host: 'portal.example.com' },
      });
      expect(setCookie[0]).toMatch(
        /^__Host-callboard-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=/,
      );
      await room.close();
    });
  });
});
