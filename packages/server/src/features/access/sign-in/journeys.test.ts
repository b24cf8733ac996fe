import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { resolveIdentity, type Identity } from './people.ts';
import type { Resolver } from './config.ts';
import { createUserStore } from './store/users.ts';
import { openRoom, type Room } from './testing/room.ts';

const users: Record<string, string[]> = {
  'jane@example.com': ['user:default/jane'],
  'twin@example.com': ['user:default/a', 'user:default/b'],
};
const directory = {
  groupsOf: async () => [],
  existing: async (refs: readonly string[]) =>
    refs.filter((ref) => ['user:default/jane', 'user:default/joe'].includes(ref)),
  usersByEmail: async (email: string) => users[email] ?? [],
};

forEachDatabase((_dialect, databases) => {
  let room: Room;
  let told: Identity | null;
  let isAway = false;
  const asked: any[] = [];
  beforeAll(async () => {
    const db = await databases.open();
    room = await openRoom(db, {
      signIn: { providers: [{ id: 'company', title: 'Company', plugin: 'demo', settings: { key: 1 } }], local: false },
      directory,
      providers: {
        known: () => [{ plugin: 'demo', name: 'way', form: 'redirect' }],
        async call(_plugin, target, input) {
          asked.push([target, input]);
          if (isAway) throw new Error('demo 1.0: connect ECONNREFUSED 10.0.0.7:443');
          if (target.endsWith('/begin'))
            return { redirect: 'https://login.example.com/authorize', remember: { verifier: 'v' } };
          if (told === null) throw new Error('demo 1.0: it did not say yes');
          return told;
        },
      },
    });
  });
  afterAll(() => room.close());

  const begin = async (who: ReturnType<Room['browser']>, returnTo = '/docs') => {
    const answer = await who.ask('GET', `/api/access/sign-in/company/start?returnTo=${encodeURIComponent(returnTo)}`);
    expect([answer.status, answer.headers['location']]).toEqual([302, 'https://login.example.com/authorize']);
    return asked.at(-1)[1].state as string;
  };
  const finish = async (who: ReturnType<Room['browser']>, state: string) =>
    (await who.ask('GET', `/api/access/sign-in/company/callback?code=c&state=${state}`)).headers['location'];

  test('ends where it began, once, in the same browser', async () => {
    told = { subject: 's1', email: 'jane@example.com', name: 'Jane', groups: [] };
    const jane = room.browser();
    const state = await begin(jane);
    expect(asked.at(-1)[1]).toMatchObject({
      settings: { key: 1 },
      callbackUrl: 'http://localhost/api/access/sign-in/company/callback',
    });
    const thief = room.browser();
    await begin(thief);
    expect(await finish(thief, state)).toBe('/sign-in?error=ACCESS_FLOW_INVALID');
    // The state is used up by that: better a second try than a second chance.
    expect(await finish(jane, state)).toBe('/sign-in?error=ACCESS_FLOW_INVALID');
    const again = await begin(jane);
    expect(await finish(jane, again)).toBe('/docs');
    await expect
      .poll(() => room.audited.map(({ operation, actor, via, result }) => `${operation} ${actor} ${via} ${result}`))
      .toEqual([
        'FinishSignIn   refused',
        'FinishSignIn   refused',
        expect.stringMatching(/^FinishSignIn user:default\/jane session:[\w-]{16} done$/),
      ]);
    expect(room.audited[0]!.detail).toMatchObject({ code: 'ACCESS_FLOW_INVALID' });
    expect(asked.at(-1)[1]).toMatchObject({
      state: again,
      remember: { verifier: 'v' },
      url: `http://localhost/api/access/sign-in/company/callback?code=c&state=${again}`,
    });
    expect((await jane.ask('GET', '/api/access/me')).body).toMatchObject({
      entityRef: 'user:default/jane',
      title: 'Jane',
    });
    expect(await finish(jane, again)).toBe('/sign-in?error=ACCESS_FLOW_INVALID');
    expect(await finish(room.browser(), 'guessed')).toBe('/sign-in?error=ACCESS_FLOW_INVALID');
  });

  test('takes ten minutes at most, and leads to no other host', async () => {
    const jane = room.browser();
    const state = await begin(jane, 'https://evil.example/');
    expect(await finish(jane, state)).toBe('/');
    const late = await begin(jane);
    room.clock.now += 10 * 60_000;
    expect(await finish(jane, late)).toBe('/sign-in?error=ACCESS_FLOW_INVALID');
  });

  test('leads back to the page of sign-in when a provider is away, without what only the log may say', async () => {
    isAway = true;
    const answer = await room.browser().ask('GET', '/api/access/sign-in/company/start');
    isAway = false;
    expect([answer.status, answer.headers['location']]).toEqual([302, '/sign-in?error=ACCESS_PROVIDER_FAILED']);
  });

  test('says that a provider did not sign somebody in', async () => {
    told = null;
    const jane = room.browser();
    expect(await finish(jane, await begin(jane))).toBe('/sign-in?error=ACCESS_PROVIDER_FAILED');
    told = { subject: '', groups: [] };
    expect(await finish(jane, await begin(jane))).toBe('/sign-in?error=ACCESS_PROVIDER_FAILED');
    expect((await jane.ask('GET', '/api/access/me')).status).toBe(401);
    expect(
      (await jane.ask('POST', '/api/access/sign-in/company', { body: { username: 'a', password: 'b' } })).status,
    ).toBe(404);
    expect(
      (await jane.ask('POST', '/api/access/sign-in/local', { body: { username: 'a', password: 'b' } })).status,
    ).toBe(404);
  });

  const cases: [name: string, resolvers: Resolver[], identity: Partial<Identity>, found: string][] = [
    [
      'by address',
      [{ resolver: 'emailMatchingUserEntityProfileEmail' }],
      { email: 'Jane@Example.com' },
      'user:default/jane',
    ],
    [
      'by address without its tag',
      [{ resolver: 'emailMatchingUserEntityProfileEmail' }],
      { email: 'jane+x@example.com' },
      'user:default/jane',
    ],
    [
      'not by an address that nobody checked',
      [{ resolver: 'emailMatchingUserEntityProfileEmail' }],
      { email: 'jane@example.com', emailVerified: false, username: 'u1' },
      'user:personal/u1',
    ],
    [
      'not by an address of two',
      [{ resolver: 'emailMatchingUserEntityProfileEmail' }],
      { email: 'twin@example.com' },
      'user:personal/twin',
    ],
    [
      'by the part before the @',
      [{ resolver: 'emailLocalPartMatchingUserEntityName' }],
      { email: 'joe@example.com' },
      'user:default/joe',
    ],
    [
      'of allowed domains only',
      [{ resolver: 'emailLocalPartMatchingUserEntityName', allowedDomains: ['example.com'] }],
      { email: 'joe@evil.example' },
      'user:personal/joe',
    ],
    ['by name', [{ resolver: 'usernameMatchingUserEntityName' }], { username: 'Joe' }, 'user:default/joe'],
    [
      'by the first that finds one',
      [{ resolver: 'emailMatchingUserEntityProfileEmail' }, { resolver: 'usernameMatchingUserEntityName' }],
      { email: 'x@example.com', username: 'joe' },
      'user:default/joe',
    ],
    [
      'not by a name that is a ref',
      [{ resolver: 'usernameMatchingUserEntityName' }],
      { username: 'default/joe' },
      'user:personal/default-joe',
    ],
    [
      'under a name of their own',
      [{ resolver: 'usernameMatchingUserEntityName' }],
      { username: 'Zoë Ørsted!' },
      'user:personal/zoe-rsted',
    ],
    ['even without any name', [{ resolver: 'usernameMatchingUserEntityName' }], {}, 'user:personal/somebody'],
  ];
  test('resolvers find who somebody is', async () => {
    const store = createUserStore(await databases.open(await migrated()));
    for (const [name, resolvers, identity, found] of cases) {
      const whole: Identity = { subject: name, groups: [], ...identity };
      const parts = { users: store, directory, resolvers, unknownUsers: 'allow' as const, now: () => 1 };
      expect([name, await resolveIdentity(parts, `p-${name}`, whole)]).toEqual([name, found]);
    }
    const strict = { users: store, directory, resolvers: [], unknownUsers: 'refuse' as const, now: () => 1 };
    const stranger: Identity = { subject: 'x', username: 'Ann', groups: [] };
    await expect(resolveIdentity(strict, 'p', stranger)).rejects.toThrow(
      'There is no user entity in the catalog for Ann',
    );
    const allow: Resolver[] = [
      { resolver: 'usernameMatchingUserEntityName', dangerouslyAllowSignInWithoutUserInCatalog: true },
    ];
    expect(await resolveIdentity({ ...strict, resolvers: allow }, 'p', stranger)).toBe('user:personal/ann');
    // Two people with one name are two people; each stays who they are.
    expect(await resolveIdentity({ ...strict, resolvers: allow }, 'p', { ...stranger, subject: 'y' })).toBe(
      'user:personal/ann-2',
    );
    expect(await resolveIdentity({ ...strict, resolvers: allow }, 'p', stranger)).toBe('user:personal/ann');
    expect(await resolveIdentity({ ...strict, resolvers: allow }, 'q', stranger)).toBe('user:personal/ann-3');
  });

  /** An empty database that has the tables. */
  async function migrated() {
    const place = await databases.place();
    const db = await databases.open(place);
    const { accessMigrations } = await import('../migrations/index.ts');
    await db.migrate(accessMigrations);
    await db.close();
    return place;
  }
});
