import type { Connection, ConnectionResult, Host } from '@callboard/plugin-api';
import type { Api } from './api.ts';
import { ownerIdOf } from './repositories.ts';
import { type GiteaHost, settingsOf } from './settings.ts';

type Failure = Error & { code?: string };

/** What to do about a call that failed. */
function fixOf({ code, message }: Failure, at: GiteaHost): string {
  if (code === 'UNAUTHORIZED') return `Make a token at ${at.baseUrl}/user/settings/applications.`;
  if (code === 'FORBIDDEN') {
    const [, scope] = /required scope\(s\)[^[]*\[([^\]]+)\]/.exec(message) ?? [];
    return `Make a token with ${scope ?? 'read:repository, read:organization and read:user'}.`;
  }
  if (code === 'NONSENSE') return 'Correct the address of its pages.';
  if (/certificate|self.signed|CERT|issuer/i.test(message))
    return 'Put the certificate of your authority, as PEM, into the field for it.';
  if (/outbound/i.test(message)) return 'Allow the host under outbound.allow.';
  return `Check that the portal reaches ${at.api}: name, port, proxy and firewall.`;
}

async function testHost(api: Api, at: GiteaHost, signal: AbortSignal): Promise<ConnectionResult[]> {
  const items: ConnectionResult[] = [];
  const look = async (title: string, work: () => Promise<string>) => {
    try {
      items.push({ title, state: 'good', message: await work() });
      return true;
    } catch (error) {
      const failed = error as Failure;
      items.push({ title, state: 'bad', message: failed.message, fix: fixOf(failed, at) });
      return false;
    }
  };
  const answers = await look(
    at.host,
    async () => `It answers: ${(await api.get(at, '/version', { signal }))['version']}`,
  );
  if (!answers) return items;
  if (at.authorization === undefined) {
    items.push({
      title: `${at.host}: account`,
      state: 'warning',
      message: 'There is neither a token nor a password: only what is public can be read',
      fix: 'Set a token with read:repository, read:organization and read:user.',
    });
    return items;
  }
  await look(`${at.host}: account`, async () => `It is ${(await api.get(at, '/user', { signal }))['login']}`);
  await look(`${at.host}: repositories`, async () => {
    const answer = await api.call(at, '/repos/search?limit=1', { signal });
    return `${answer.headers['x-total-count'] ?? 'Some'} can be seen`;
  });
  return items;
}

/** Tests each host, its account and each organisation or user that is to be read. */
export function createConnection(host: Host, api: Api): Connection {
  return async ({ configuration }, { signal }) => {
    const { hosts, repositories, people, portalUrl } = settingsOf(configuration, host.settings['integrations.gitea']);
    if (hosts.length === 0) {
      const fix = 'Add your host, with a token.';
      return { items: [{ title: 'Gitea', state: 'bad', message: 'There is no host', fix }] };
    }
    const owners = new Map(
      [
        ...repositories.flatMap(({ host: name, owner }) => (owner === undefined ? [] : [{ name, owner }])),
        ...people.map(({ host: name, organization: owner }) => ({ name, owner })),
      ].map((each) => [`${each.name}/${each.owner}`, each]),
    );
    const found = await Promise.all([
      ...hosts.map((at) => testHost(api, at, signal)),
      ...[...owners].map(async ([title, { name, owner }]): Promise<ConnectionResult[]> => {
        const at = hosts.find((each) => each.host === name);
        if (!at)
          return [
            {
              title,
              state: 'bad',
              message: `The host '${name}' is not among the hosts`,
              fix: 'Name one of the hosts above.',
            },
          ];
        try {
          await ownerIdOf(api, at, owner, signal);
          return [{ title, state: 'good', message: 'It is there' }];
        } catch (error) {
          const failed = error as Failure;
          const fix =
            failed.code === 'NOT_FOUND'
              ? 'Check the name; add the account of the portal to a team of the organisation.'
              : fixOf(failed, at);
          return [{ title, state: 'bad', message: failed.message, fix }];
        }
      }),
    ]);
    if (repositories.length > 0 && portalUrl === undefined)
      found.push([
        {
          title: 'Webhooks',
          state: 'warning',
          message: 'The address of the portal is not set: changes are found by asking only',
          fix: 'Set the address by which Gitea reaches the portal, then register the webhooks.',
        },
      ]);
    return { items: found.flat().slice(0, 200) };
  };
}
