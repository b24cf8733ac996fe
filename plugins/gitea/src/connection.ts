import type { Connection, ConnectionResult, Host } from '@callboard/plugin-api';
import { connectionLine } from '@callboard/plugin-api/connections';
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
  return `Check that the portal reaches ${at.api}: name, port, proxy and firewall.`;
}

/** A call that failed, as a line. */
async function lineOf(title: string, failed: Failure, at: GiteaHost): Promise<ConnectionResult> {
  if (failed.code?.startsWith('OUTBOUND_')) {
    const line = await connectionLine(title, () => Promise.reject(failed));
    const fix = 'Put the certificate of your authority, as PEM, into the field for it.';
    return failed.code === 'OUTBOUND_TLS' ? { ...line, fix } : line;
  }
  return { title, state: 'bad', message: failed.message, fix: fixOf(failed, at) };
}

async function testHost(api: Api, at: GiteaHost, signal: AbortSignal): Promise<ConnectionResult[]> {
  const items: ConnectionResult[] = [];
  const look = async (title: string, work: () => Promise<string>) => {
    try {
      items.push({ title, state: 'good', message: await work() });
      return true;
    } catch (error) {
      const failed = error as Failure;
      items.push(await lineOf(title, failed, at));
      return false;
    }
  };
  const answers = await look(at.host, async () => {
    const found = await api.find(at, '/version', { signal });
    if (!found) throw Object.assign(new Error(`There is no API of Gitea at ${at.api}`), { code: 'NONSENSE' });
    return `It answers: ${found['version']}`;
  });
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
              message:
                name === ''
                  ? 'There are several hosts, and it does not say which'
                  : `The host '${name}' is not among the hosts`,
              fix: 'Name one of the hosts above.',
            },
          ];
        try {
          await ownerIdOf(api, at, owner, signal);
          return [{ title, state: 'good', message: 'It is there' }];
        } catch (error) {
          const failed = error as Failure;
          if (failed.code !== 'NOT_FOUND') return [await lineOf(title, failed, at)];
          const fix = 'Check the name; add the account of the portal to a team of the organisation.';
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
