import type { Connection, ConnectionResult, Host } from '@callboard/plugin-api';
import { connectionLine } from '@callboard/plugin-api/connections';
import { type Api, encoded, type Thing } from './api.ts';
import { type GitlabHost, settingsOf } from './settings.ts';

type Failure = Error & { code?: string };
const soonMs = 14 * 24 * 3_600_000;

/** What to do about a call that failed. */
function fixOf({ code }: Failure, at: GitlabHost): string {
  if (code === 'UNAUTHORIZED')
    return `Make a token at ${at.baseUrl}/-/user_settings/personal_access_tokens, or of a group, with the scopes read_api and read_repository.`;
  if (code === 'NONSENSE') return 'Correct the address of the API; it ends in /api/v4.';
  return `Check that the portal reaches ${at.api}: name, port, proxy and firewall.`;
}

/** Which of the scopes that are needed a token has. */
function scopesOf(at: GitlabHost, token: Thing): ConnectionResult[] {
  const scopes: string[] = (token['scopes'] ?? []).map(String);
  const has = (...names: string[]) => names.some((name) => scopes.includes(name));
  const reads = has('api', 'read_api') && has('api', 'read_repository');
  const lacking = [
    ...(has('api', 'read_api') ? [] : ['read_api']),
    ...(has('api', 'read_repository') ? [] : ['read_repository']),
  ];
  const items: ConnectionResult[] = [
    reads
      ? { title: `${at.host}: reading`, state: 'good', message: `The token has ${scopes.join(', ')}` }
      : {
          title: `${at.host}: reading`,
          state: 'bad',
          message: `The token lacks ${lacking.join(' and ')}; it has ${scopes.join(', ') || 'no scope'}`,
          fix: `Make a token with ${lacking.join(' and ')}.`,
        },
    has('api')
      ? { title: `${at.host}: writing`, state: 'good', message: 'Templates and webhooks can use the token' }
      : {
          title: `${at.host}: writing`,
          state: 'warning',
          message: 'The token lacks api: templates need tokens of their users, and webhooks are registered by hand',
          fix: 'Use a token with the scope api if the portal is to publish.',
        },
  ];
  const end = token['expires_at'] ? Date.parse(token['expires_at']) : Number.NaN;
  if (end - Date.now() < soonMs)
    items.push({
      title: `${at.host}: expiry`,
      state: 'warning',
      message: `The token expires on ${token['expires_at']}`,
      fix: 'Rotate it before that day.',
    });
  return items;
}

/** A call that failed, as a line. */
async function lineOf(title: string, failed: Failure, at: GitlabHost): Promise<ConnectionResult> {
  if (failed.code?.startsWith('OUTBOUND_')) {
    const line = await connectionLine(title, () => Promise.reject(failed));
    const fix = 'Put the certificate of your authority, as PEM, into the field for it.';
    return failed.code === 'OUTBOUND_TLS' ? { ...line, fix } : line;
  }
  return { title, state: 'bad', message: failed.message, fix: fixOf(failed, at) };
}

async function testHost(api: Api, at: GitlabHost, signal: AbortSignal): Promise<ConnectionResult[]> {
  if (at.token === undefined)
    return [
      {
        title: at.host,
        state: 'warning',
        message: 'There is no token: only what is public can be read',
        fix: 'Set a token with the scopes read_api and read_repository.',
      },
    ];
  try {
    // The first came with GitLab 15.2; the second is its older name.
    const { version, revision } =
      (await api.find(at, '/metadata', { signal })) ?? (await api.get(at, '/version', { signal }));
    const items: ConnectionResult[] = [
      { title: at.host, state: 'good', message: `GitLab ${version}${revision ? ` (${revision})` : ''} answers` },
    ];
    const token = await api.find(at, '/personal_access_tokens/self', { signal, allow: [400, 401, 403, 404] });
    if (Array.isArray(token?.['scopes'])) items.push(...scopesOf(at, token));
    else
      items.push({
        title: `${at.host}: scopes`,
        state: 'warning',
        message: 'This instance does not say which scopes the token has',
      });
    return items;
  } catch (error) {
    const failed = error as Failure;
    if (failed.code === 'NOT_FOUND')
      return [
        {
          title: at.host,
          state: 'bad',
          message: `There is no API of GitLab at ${at.api}`,
          fix: 'Correct the address of its API; it ends in /api/v4.',
        },
      ];
    return [await lineOf(at.host, failed, at)];
  }
}

async function testGroup(api: Api, at: GitlabHost | undefined, host: string, group: string, signal: AbortSignal) {
  const title = `${host}/${group}`;
  const bad = (message: string, fix: string): ConnectionResult => ({ title, state: 'bad', message, fix });
  if (!at && host === '')
    return bad('There are several hosts, and it does not say which', 'Name one of the hosts above.');
  if (!at) return bad(`The host '${host}' is not among the hosts`, 'Name one of the hosts above.');
  try {
    const answer = await api.call(
      at,
      `/groups/${encoded(group)}/projects?include_subgroups=true&simple=true&per_page=1`,
      {
        signal,
      },
    );
    const total = answer.headers['x-total'];
    return {
      title,
      state: 'good',
      message: total === '1' ? 'One project can be seen' : `${total ?? 'Many'} projects can be seen`,
    } satisfies ConnectionResult;
  } catch (error) {
    const failed = error as Failure;
    return failed.code === 'NOT_FOUND'
      ? bad(
          'There is no such group, or the token is not a member of it',
          'Check the full path; add the owner of the token to the group as Reporter.',
        )
      : lineOf(title, failed, at);
  }
}

/** Tests each host, its token and each group that is to be read. */
export function createConnection(host: Host, api: Api): Connection {
  return async ({ configuration }, { signal }) => {
    const settings = settingsOf(configuration, host.settings['integrations.gitlab']);
    const { hosts, repositories, people, portalUrl } = settings;
    if (hosts.length === 0)
      return {
        items: [
          {
            title: 'GitLab',
            state: 'bad',
            message: 'There is no host',
            fix: 'Add gitlab.com or your own host, with a token.',
          },
        ],
      };
    const groups = new Map(
      [...repositories, ...people].flatMap(({ host: name, group }) =>
        group === undefined ? [] : [[`${name}/${group}`, { name, group }] as const],
      ),
    );
    const found = await Promise.all([
      ...hosts.map((at) => testHost(api, at, signal)),
      ...[...groups.values()].map(async ({ name, group }) => {
        const at = hosts.find((each) => each.host === name);
        // What is wrong with the host is said above.
        return [await testGroup(api, at, name, group, signal)];
      }),
    ]);
    if (repositories.length > 0 && portalUrl === undefined)
      found.push([
        {
          title: 'Webhooks',
          state: 'warning',
          message: 'The address of the portal is not set: changes are found by asking only',
          fix: 'Set the address by which GitLab reaches the portal, then register the webhooks.',
        },
      ]);
    return { items: found.flat().slice(0, 200) };
  };
}
