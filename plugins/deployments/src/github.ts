/** Deployments that GitHub knows of, of the repositories of components. */
import { createHash } from 'node:crypto';
import type { ConnectionResult, Host, HostResponse, HostTls } from '@callboard/plugin-api';
import { type App, appsOf, createAppTokens } from '@callboard/plugin-api/formats/github-apps';
import type { Deployment, Status } from './record.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
type Data = Record<string, unknown>;
export type GithubHost = {
  name: string;
  address: string;
  api: string;
  token?: string;
  /** Where there is no token */
  apps: App[];
  tls?: HostTls;
};
export type Repository = { github: GithubHost; project: string; evidence: string };
/** What is kept of a repository; `problem` stays until it answers again. */
export type RepositoryRecord = {
  project: string;
  etag?: string;
  deployments: Deployment[];
  problem?: { message: string; since: string };
};

const record = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
const list = (value: unknown): Data[] => (Array.isArray(value) ? value.map(record) : []);
const text = (value: unknown, most = 300): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined;
const bare = (address: string) => address.replace(/\/+$/, '');

/** The hosts of the form, then those of `integrations.github` that the form does not name. Without token and apps there is nothing to ask. */
export function githubHosts(configuration: Data, settings: Data): GithubHost[] {
  const given = [
    ...list(configuration['github']),
    ...list(settings['integrations.github']).map(({ host = 'github.com', apiBaseUrl, token, apps }) => ({
      address: `https://${String(host)}`,
      apiUrl: apiBaseUrl,
      token,
      apps,
    })),
  ] as Data[];
  const found = given.flatMap((each): GithubHost[] => {
    const address = bare(String(each['address']));
    const [token, apps, ca] = [text(each['token'], 2000), appsOf(each['apps']), text(each['ca'], 20_000)];
    if ((token === undefined && apps.length === 0) || !URL.canParse(address)) return [];
    const { host } = new URL(address);
    const api = text(each['apiUrl'], 2000) ?? (host === 'github.com' ? 'https://api.github.com' : `${address}/api/v3`);
    return [
      {
        name: host,
        address,
        api: bare(api),
        apps,
        ...(token !== undefined && { token }),
        ...(ca !== undefined && { tls: { ca } }),
      },
    ];
  });
  return found.filter((each, index) => found.findIndex(({ name }) => name === each.name) === index);
}

const isProject = (slug: string) =>
  /^[\w.-]+\/[\w.-]+$/.test(slug) && !slug.split('/').some((word) => /^\.+$/.test(word));

/** The repository of an entity, by annotation or by where its source is. */
export function repositoryOf(entity: Entity, hosts: readonly GithubHost[]): Repository | undefined {
  const said = entity.metadata.annotations ?? {};
  const sources = ['backstage.io/source-location', 'backstage.io/managed-by-location'].flatMap((key) => {
    const address = /^url:(.+)$/.exec(said[key] ?? '')?.[1];
    const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
    const github = hosts.find(({ name }) => name === url?.host);
    const project =
      url?.pathname
        .split('/')
        .slice(1, 3)
        .join('/')
        .replace(/\.git$/, '') ?? '';
    return github && isProject(project) ? [{ github, project, evidence: key }] : [];
  });
  const slug = said['github.com/project-slug']?.trim();
  if (slug === undefined) return sources[0];
  const github = sources[0]?.github ?? hosts.find(({ name }) => name === 'github.com') ?? hosts[0];
  return github && isProject(slug) ? { github, project: slug, evidence: 'github.com/project-slug' } : undefined;
}

const states: Record<string, Status> = {
  SUCCESS: 'succeeded',
  INACTIVE: 'succeeded',
  FAILURE: 'failed',
  ERROR: 'failed',
};
const query = `query ($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
  deployments(first: 50, orderBy: { field: CREATED_AT, direction: DESC }) { nodes {
    databaseId environment commitOid createdAt ref { name } creator { login }
    latestStatus { state logUrl environmentUrl } } } } }`;

/** The deployments of an answer. */
export function deploymentsOf({ github, project }: Repository, answer: unknown): Deployment[] {
  const repository = record(record(record(answer)['data'])['repository']);
  const seen = new Set<string>();
  return list(record(repository['deployments'])['nodes']).flatMap((node) => {
    const [environment, at] = [text(node['environment'], 60), Date.parse(String(node['createdAt']))];
    const id = node['databaseId'];
    if (environment === undefined || Number.isNaN(at) || typeof id !== 'number') return [];
    const status = record(node['latestStatus']);
    const state = String(status['state']);
    // What is inactive was followed by another; the newest of its environment was taken away.
    const isGone = state === 'INACTIVE' && !seen.has(environment);
    seen.add(environment);
    const commit = text(node['commitOid'], 64);
    const ref = text(record(node['ref'])['name'], 100);
    const href = [status['environmentUrl'], status['logUrl'], `${github.address}/${project}/deployments`].find(
      (each): each is string => typeof each === 'string' && /^https?:\/\//.test(each) && each.length <= 2000,
    );
    const by = text(record(node['creator'])['login'], 100);
    return [
      {
        id: `github:${github.name}/${project}#${id}`,
        environment,
        // Tags name versions; branches move on.
        version: ref !== undefined && /\d\.\d/.test(ref) ? ref : (commit?.slice(0, 7) ?? ref ?? 'unknown'),
        status: isGone ? ('removed' as const) : (states[state] ?? ('running' as const)),
        at: new Date(at).toISOString(),
        ...(commit !== undefined && { commit }),
        ...(by !== undefined && { by }),
        ...(href !== undefined && { href }),
        from: `GitHub deployments of ${project} at ${github.name}`,
      },
    ];
  });
}

/** Why an answer is none, and what helps. */
function faultOf({ github, project }: Repository, answer: HostResponse): Error & { fix?: string } {
  const { status, headers } = answer;
  const isLimited = status === 429 || (status === 403 && headers['x-ratelimit-remaining'] === '0');
  const said = {
    401: [`${github.name} does not take the token`, 'It may be over or revoked: make a new one.'],
    403: [`the token may not read the deployments of ${project} at ${github.name}`, 'Give it Deployments: read.'],
    404: [`${github.name} has no ${project}, or the token may not see it`, 'Check the name and the token.'],
  }[status] ?? [`${github.name} answered ${status}`, 'Look at the host; the portal asks again by itself.'];
  const [message, fix] = isLimited ? [`${github.name} takes no more calls for now`, 'Wait.'] : said;
  return Object.assign(new Error(message), { fix });
}

/** Asks GitHub for deployments. What did not change costs one call that counts for no limit. */
export function createGithub(host: Host) {
  const apps = createAppTokens(host);
  const headersOf = async ({ github, project }: Repository, etag?: string) => ({
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    authorization: `Bearer ${github.token ?? (await apps.tokenFor(github, project))}`,
    ...(etag !== undefined && { 'if-none-match': etag }),
  });
  const listed = async (repository: Repository, etag: string | undefined, signal?: AbortSignal) =>
    host.fetch(`${repository.github.api}/repos/${repository.project}/deployments?per_page=50`, {
      headers: await headersOf(repository, etag),
      tls: repository.github.tls,
      timeoutMs: 15_000,
      signal,
    });
  const json = ({ github }: Repository, answer: HostResponse): Data => {
    try {
      return record(answer.json());
    } catch {
      throw new Error(`${github.name} answered something that is not JSON`);
    }
  };

  /** The deployments of a repository; undefined when none of them changed. */
  async function deployments(repository: Repository, etag: string | undefined, signal?: AbortSignal) {
    const { github, project } = repository;
    const known = await listed(repository, etag, signal);
    if (known.status === 304) return undefined;
    if (!known.ok) throw faultOf(repository, known);
    const [owner, name] = project.split('/');
    const answer = await host.fetch(github.api.replace(/\/v3$/, '').concat('/graphql'), {
      method: 'POST',
      headers: { ...(await headersOf(repository)), 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { owner, name } }),
      tls: github.tls,
      timeoutMs: 15_000,
      signal,
    });
    if (!answer.ok) throw faultOf(repository, answer);
    const body = json(repository, answer);
    const [problem] = list(body['errors']);
    if (problem) throw new Error(`${github.name} says: ${text(problem['message']) ?? 'an error without words'}`);
    return { deployments: deploymentsOf(repository, body), etag: known.headers['etag'] };
  }

  return {
    storeKey: ({ github, project }: Repository) =>
      `repository/${createHash('sha256').update(`${github.name}/${project}`.toLowerCase()).digest('hex')}`,
    deployments,
    /** Looks at a host and its token; `repository` is one that the catalog names. */
    async test(
      github: GithubHost,
      repository: Repository | undefined,
      signal?: AbortSignal,
    ): Promise<ConnectionResult> {
      const title = github.name;
      const around = repository ?? { github, project: 'its API', evidence: '' };
      try {
        const [app] = github.token === undefined ? github.apps : [];
        const first = app
          ? await apps.ask(github, app, 'GET', '/app')
          : await host.fetch(`${github.api}/rate_limit`, { headers: await headersOf(around), tls: github.tls, signal });
        if (!first.ok) throw faultOf(around, first);
        json(around, first);
        if (!repository)
          return { title, state: 'good', message: `It answers and takes the ${app ? 'key of the app' : 'token'}.` };
        await deployments(repository, undefined, signal);
        return { title, state: 'good', message: `It answers; deployments of ${repository.project} can be read.` };
      } catch (error) {
        const { message, fix = 'Check address, network and token.' } = error as Error & { fix?: string };
        return { title, state: 'bad', message, fix };
      }
    },
  };
}
