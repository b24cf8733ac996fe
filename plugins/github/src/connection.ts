import type { Connection, ConnectionResult } from '@callboard/plugin-api';
import type { Client } from './client.ts';
import type { App, GithubHost, Organization } from './hosts.ts';
import { at, list, record, textOf } from './json.ts';

type Item = ConnectionResult;
const settingsPage = 'Admin → Plugins → GitHub';

/** What an app should be allowed, and what for. */
const wishes: [permission: string, level: 'read' | 'write', use: string, isNeeded: boolean][] = [
  ['metadata', 'read', 'seeing repositories', true],
  ['contents', 'read', 'reading descriptors and documentation', true],
  ['members', 'read', 'people and teams', false],
  ['contents', 'write', 'pushing files from templates', false],
  ['pull_requests', 'write', 'opening pull requests', false],
  ['administration', 'write', 'making repositories and protecting branches', false],
  ['organization_hooks', 'write', 'registering the webhook', false],
];
const scopeWishes: [scopes: string[], use: string][] = [
  [['repo'], 'private repositories, pushing files and opening pull requests'],
  [['read:org', 'write:org', 'admin:org'], 'people and teams'],
  [['admin:org_hook'], 'registering the webhook'],
  [['workflow'], 'pushing workflows of GitHub Actions'],
];

/** What a failure of a call means, and what to do. */
function problem(title: string, error: unknown): Item {
  const { message, code = '' } = error as { message: string; code?: string };
  const bad = (fix: string): Item => ({ title, state: 'bad', message: message.slice(0, 1500), fix });
  if (code === 'OUTBOUND_TLS' || /cannot be trusted|certificate/i.test(message))
    return bad('Paste the certificate of your authority, as PEM, into "Certificate of the authority" of this host.');
  if (code === 'TOKEN_REFUSED') return bad(`Make a new token and put it into ${settingsPage}.`);
  if (code === 'RATE_LIMITED') return bad('Wait; with an app the limit is higher.');
  if (code === 'RIGHT_MISSING') return bad('Give the token or the app this right.');
  if (code.startsWith('OUTBOUND_') || code.startsWith('PLUGINS_'))
    return bad(
      'Check the address, the name resolution, the proxy (outbound.proxy) and outbound.allow from this machine.',
    );
  return bad('Check the address and what the host says about it.');
}

function scopeItems(host: string, scopes: string): Item[] {
  const has = scopes
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return scopeWishes.map(([any, use]): Item => {
    const found = any.find((scope) => has.includes(scope));
    return found
      ? { title: `${host}: scope ${found}`, state: 'good', message: `For ${use}.` }
      : {
          title: `${host}: scope ${any[0]}`,
          state: 'warning',
          message: `The token lacks it; it is needed for ${use}.`,
          fix: `Make a token with the scope ${any[0]} if you want that.`,
        };
  });
}

const covers = (has: unknown, level: 'read' | 'write') => has === 'admin' || has === 'write' || has === level;

async function testApp(client: Client, target: GithubHost, app: App): Promise<Item[]> {
  const title = `${target.host}: app ${app.id}`;
  const installations = await client.installations(target, app);
  if (installations.length === 0)
    return [
      {
        title,
        state: 'bad',
        message: 'The app is installed nowhere.',
        fix: 'Install it for your organisation: the page of the app, Install App.',
      },
    ];
  return installations.flatMap(({ owner, permissions }): Item[] => [
    { title, state: 'good', message: `It is installed for ${owner}.` },
    ...wishes
      .filter(([permission, level]) => !covers(permissions[permission], level))
      .map(([permission, level, use, isNeeded]): Item => ({
        title: `${title}: ${permission} for ${owner}`,
        state: isNeeded ? 'bad' : 'warning',
        message: `It may not ${level} ${permission}, which is needed for ${use}.`,
        fix: `Give the app the permission ${permission}: ${level}${isNeeded ? '' : ' if you want that'}, and accept it for ${owner}.`,
      })),
  ]);
}

async function testHost(client: Client, target: GithubHost, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = [];
  try {
    const answer = await client.call(target, '/rate_limit', { signal, ...(target.token && { token: target.token }) });
    const core = record(at(answer.json(), 'resources', 'core'));
    const [limit, remaining] = [Number(core['limit']), Number(core['remaining'])];
    if (!Number.isFinite(limit)) throw new Error(`${target.host}: what answers at ${target.api} is no API of GitHub`);
    items.push({
      title: target.host,
      state: remaining > limit / 10 ? 'good' : 'warning',
      message: `It can be reached; ${remaining} of ${limit} calls are left in this hour.`,
    });
  } catch (error) {
    // Instances may have their limits switched off, and then say that there is no such address.
    if ((error as { code?: string }).code !== 'NOT_FOUND') return [problem(target.host, error)];
    items.push({ title: target.host, state: 'good', message: 'It can be reached and counts no calls.' });
  }
  if (target.token !== undefined)
    try {
      const answer = await client.call(target, '/user', { signal, token: target.token, what: 'say whose token it is' });
      const scopes = answer.headers['x-oauth-scopes'];
      items.push({
        title: `${target.host}: token`,
        state: 'good',
        message: `It is the token of ${textOf(record(answer.json())['login']) ?? 'somebody'}${scopes === undefined ? ', with permissions of its own' : ''}.`,
      });
      if (scopes !== undefined) items.push(...scopeItems(target.host, scopes));
    } catch (error) {
      items.push(problem(`${target.host}: token`, error));
    }
  for (const app of target.apps)
    try {
      items.push(...(await testApp(client, target, app)));
    } catch (error) {
      items.push(problem(`${target.host}: app ${app.id}`, error));
    }
  if (target.token === undefined && target.apps.length === 0)
    items.push({
      title: `${target.host}: token`,
      state: 'warning',
      message: 'There is neither a token nor an app: only public files can be read, 60 times an hour.',
      fix: `Put a token or an app into ${settingsPage}.`,
    });
  return items;
}

async function testOrganization(
  client: Client,
  hosts: GithubHost[],
  { name, host, people }: Organization,
  signal: AbortSignal,
): Promise<Item> {
  const title = `${host}: ${name}`;
  const target = hosts.find((each) => each.host === host);
  if (!target)
    return {
      title,
      state: 'bad',
      message: `${host} is not among the hosts.`,
      fix: 'Add the host above, or correct the name.',
    };
  const query = `query($owner: String!) { repositoryOwner(login: $owner) { __typename repositories(ownerAffiliations: OWNER) { totalCount } }${people ? ' organization(login: $owner) { teams(first: 1) { totalCount } membersWithRole(first: 1) { totalCount } }' : ''} }`;
  try {
    const data = await client.graphql(target, query, { owner: name }, { owner: name, signal, what: `see ${name}` });
    const total = at(data, 'repositoryOwner', 'repositories', 'totalCount');
    if (typeof total !== 'number')
      return {
        title,
        state: 'bad',
        message: 'There is no such organisation, or the token may not see it.',
        fix: 'Check the name; install the app there, or let the token see it.',
      };
    const seen = `${total} repositories can be seen`;
    if (!people) return { title, state: 'good', message: `${seen}.` };
    const [teams, members] = ['teams', 'membersWithRole'].map((what) => at(data, 'organization', what, 'totalCount'));
    if (typeof teams !== 'number' || typeof members !== 'number')
      return {
        title,
        state: 'bad',
        message: `${seen}, its people cannot.`,
        fix: 'Give the token the scope read:org, or the app the permission Members: read.',
      };
    return { title, state: 'good', message: `${seen}, ${members} members and ${teams} teams.` };
  } catch (error) {
    return problem(title, error);
  }
}

/** Tests everything that the configuration names, one line for each thing. */
export function createConnection(
  prepare: (configuration: Record<string, unknown>) => {
    hosts: GithubHost[];
    organizations: Organization[];
    client: Client;
  },
): Connection {
  return async ({ configuration }, { signal }) => {
    let prepared;
    try {
      prepared = prepare(configuration);
    } catch (error) {
      return {
        items: [{ title: 'Configuration', state: 'bad', message: (error as Error).message, fix: 'Correct it.' }],
      };
    }
    const { hosts, organizations, client } = prepared;
    if (hosts.length === 0)
      return {
        items: [
          {
            title: 'Hosts',
            state: 'warning',
            message: 'No host is configured: the portal reads public addresses without the API.',
            fix: 'Add github.com or your own instance, with a token or an app.',
          },
        ],
      };
    const tested = await Promise.all([
      ...hosts.map((target) => testHost(client, target, signal)),
      ...organizations.map(async (each) => [await testOrganization(client, hosts, each, signal)]),
    ]);
    return { items: list(tested.flat()).slice(0, 200) as unknown as Item[] };
  };
}
