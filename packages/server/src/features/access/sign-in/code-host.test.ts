/** Signing in with GitHub, through the plugin in plugins/github, against the emulator of npm's `emulate`. */
import { createEmulator, type Emulator } from 'emulate';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal, type TestPortal } from '../../../testing/portal.ts';

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

forEachDatabase((_dialect, databases) => {
  let portal: TestPortal;
  let hub: Emulator;
  let callback: string;
  beforeAll(async () => {
    const port = await freePort();
    callback = `http://localhost:${port}/api/access/sign-in/github/callback`;
    hub = await createEmulator({
      service: 'github',
      port: await freePort(),
      seed: {
        github: {
          users: [{ login: 'octocat', name: 'The Octocat', email: 'octocat@example.com' }],
          oauth_apps: [
            { client_id: 'client-1', client_secret: 'secret-1', name: 'Callboard', redirect_uris: [callback] },
          ],
        },
      },
    });
    portal = await testPortal({
      place: await databases.place(),
      flags: { port },
      files: {
        'entities.yaml':
          'apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: octocat }\nspec: { memberOf: [], profile: { email: octocat@example.com } }\n',
      },
      config: `
app: { baseUrl: "http://localhost:${port}" }
access:
  signIn:
    local: false
    providers:
      - id: github
        plugin: github
        settings: { url: "${hub.url}", apiUrl: "${hub.url}", clientId: client-1, clientSecret: secret-1 }
      - id: members
        plugin: github
        settings: { url: "${hub.url}", apiUrl: "${hub.url}", clientId: client-1, clientSecret: secret-1, organizations: [acme] }
catalog:
  locations: [{ type: file, target: ./entities.yaml }]
  rules: [{ allow: [User] }]
`,
    });
  });
  afterAll(async () => {
    await portal.stop();
    await hub.close();
  });

  const begin = async (method: string) => {
    const answer = await fetch(`${portal.url}/api/access/sign-in/${method}/start`, { redirect: 'manual' });
    return { to: new URL(answer.headers.get('location')!), cookie: answer.headers.getSetCookie()[0]!.split(';')[0]! };
  };
  /** Chooses the account, as a person does on the page of the host. */
  const consent = async (to: URL) => {
    const values = Object.fromEntries(to.searchParams);
    const answer = await fetch(`${hub.url}/login/oauth/callback`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...values, login: 'octocat' }),
    });
    return answer.headers.get('location')!;
  };
  const finish = async (address: string, cookie: string) => {
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie } });
    const session = answer.headers.getSetCookie().find((line) => line.startsWith('callboard-session='));
    return { to: answer.headers.get('location'), session: session?.split(';')[0] };
  };

  test('takes somebody for the user entity with their verified address', async () => {
    const { to, cookie } = await begin('github');
    expect(to.pathname).toBe('/login/oauth/authorize');
    expect(to.searchParams.get('redirect_uri')).toBe(callback);
    expect(to.searchParams.get('code_challenge_method')).toBe('S256');
    const back = await consent(to);
    expect(back.startsWith(`${callback}?`)).toBe(true);
    const { to: page, session } = await finish(back, cookie);
    expect(page).toBe('/');
    const me = await (await fetch(`${portal.url}/api/access/me`, { headers: { cookie: session! } })).json();
    expect(me).toMatchObject({ entityRef: 'user:default/octocat', title: 'The Octocat', kind: 'user' });
  });

  test('lets in members of the organizations only, and nobody with a made-up code', async () => {
    const first = await begin('members');
    first.to.searchParams.set('redirect_uri', callback);
    const back = new URL(await consent(first.to));
    const address = `${portal.url}/api/access/sign-in/members/callback${back.search}`;
    expect(await finish(address, first.cookie)).toEqual({
      to: '/sign-in?error=ACCESS_PROVIDER_FAILED',
      session: undefined,
    });
    const second = await begin('github');
    const made = `${callback}?code=made-up&state=${second.to.searchParams.get('state')}`;
    expect(await finish(made, second.cookie)).toEqual({
      to: '/sign-in?error=ACCESS_PROVIDER_FAILED',
      session: undefined,
    });
  });
});
