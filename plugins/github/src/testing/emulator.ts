import { createServer } from 'node:net';
import type { TestSurroundings } from '@callboard/plugin-api/testing';
import { createEmulator, type Emulator } from 'emulate';

/** A key that only tests use. */
export const token = 'ghp_test';

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

/** A host of code with an organisation, two repositories, an app and the token of octocat. */
export async function startEmulator(): Promise<
  Emulator & { configuration: NonNullable<TestSurroundings['configuration']>; host: string }
> {
  const hub = await createEmulator({
    service: 'github',
    port: await freePort(),
    seed: {
      tokens: { [token]: { login: 'octocat', scopes: ['repo', 'user', 'admin:org'] } },
      github: {
        users: [{ login: 'octocat', name: 'The Octocat', email: 'octocat@example.com' }, { login: 'hubot' }],
        orgs: [{ login: 'acme', name: 'Acme', members: [{ login: 'octocat', role: 'admin' }] }],
        repos: [
          { owner: 'octocat', name: 'pay', language: 'TypeScript', auto_init: true },
          { owner: 'acme', name: 'shop', auto_init: true },
        ],
        apps: [
          {
            app_id: 12345,
            slug: 'callboard',
            name: 'Callboard',
            permissions: { contents: 'read', metadata: 'read' },
            installations: [{ installation_id: 100, account: 'acme' }],
          },
        ],
      },
    },
  } as never);
  const host = new URL(hub.url).host;
  return { ...hub, host, configuration: { hosts: [{ host, apiBaseUrl: hub.url, token }] } };
}
