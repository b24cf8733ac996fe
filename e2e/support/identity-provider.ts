import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A person of the identity provider, by the name that they type there. */
export type Person = { sub: string; name: string; email: string; email_verified: boolean; groups: string[] };

/** The certified provider of npm (`oidc-provider`) with its own login and consent pages, on a port of this machine. */
export async function startIdentityProvider(options: {
  people: Record<string, Person>;
  portalUrl: string;
  provider: string;
}) {
  let server: Server | undefined = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'callboard',
        client_secret: 'a-secret-of-the-test',
        redirect_uris: [`${options.portalUrl}/api/access/sign-in/${options.provider}/callback`],
        post_logout_redirect_uris: [`${options.portalUrl}/sign-in`],
      },
    ],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    scopes: ['openid', 'profile', 'email', 'groups'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['keys of the test'] },
    ttl: { Session: 600, Grant: 600, Interaction: 600, AccessToken: 600, IdToken: 600 },
    async findAccount(_context: unknown, id: string) {
      const person = options.people[id];
      return person && { accountId: id, claims: async () => ({ ...person, sub: id, preferred_username: id }) };
    },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    async stop() {
      server?.closeAllConnections();
      server?.close();
      server = undefined;
    },
  };
}
