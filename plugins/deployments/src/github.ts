/** Deployments that GitHub knows of, of the repositories of components. */
import type { Host } from '@callboard/plugin-api';
import { createAppTokens } from '@callboard/plugin-api/formats/github-apps';
import { failedLine, type Fault, faultOf, jsonOf, list, type Reader, record, type Repository, text } from './hosts.ts';
import type { Deployment, Status } from './record.ts';

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
export function deploymentsOf({ at: github, project }: Repository, answer: unknown): Deployment[] {
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

const right = 'Deployments: read';

/** Asks GitHub. What did not change costs one call that counts for no limit. */
export function createGithub(host: Host): Reader {
  const apps = createAppTokens(host);
  const headersOf = async ({ at, project }: Repository, more: Record<string, string> = {}) => ({
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    authorization: `Bearer ${at.token ?? (await apps.tokenFor(at, project))}`,
    ...more,
  });
  const when = (etag: string | undefined): Record<string, string> =>
    etag === undefined ? {} : { 'if-none-match': etag };
  const get = async (repository: Repository, path: string, more: Record<string, string>, signal?: AbortSignal) =>
    host.fetch(`${repository.at.api}/repos/${repository.project}/${path}`, {
      headers: await headersOf(repository, more),
      tls: repository.at.tls,
      timeoutMs: 15_000,
      signal,
    });

  const reader: Reader = {
    async deployments(repository, etag, signal) {
      const { at, project } = repository;
      const known = await get(repository, 'deployments?per_page=50', when(etag), signal);
      if (known.status === 304) return undefined;
      if (!known.ok) throw faultOf(repository, known, right);
      const [owner, name] = project.split('/');
      const answer = await host.fetch(at.api.replace(/\/v3$/, '').concat('/graphql'), {
        method: 'POST',
        headers: await headersOf(repository, { 'content-type': 'application/json' }),
        body: JSON.stringify({ query, variables: { owner, name } }),
        tls: at.tls,
        timeoutMs: 15_000,
        signal,
      });
      if (!answer.ok) throw faultOf(repository, answer, right);
      const body = record(jsonOf(at, answer));
      const [problem] = list(body['errors']);
      if (problem) throw new Error(`${at.name} says: ${text(problem['message']) ?? 'an error without words'}`);
      return { deployments: deploymentsOf(repository, body), etag: known.headers['etag'] };
    },
    async head(repository, known, signal) {
      const answer = await get(repository, 'commits/HEAD', when(known?.etag), signal);
      if (answer.status === 304 && known) return known;
      if (!answer.ok) throw faultOf(repository, answer, 'Contents: read');
      const commit = text(record(jsonOf(repository.at, answer))['sha'], 64);
      if (commit === undefined) throw new Error(`${repository.at.name} answered in a shape that is not known`);
      return { commit, etag: answer.headers['etag'] };
    },
    async compare(repository, commit, head, signal) {
      // The files, which nobody asks for, are on the first page only.
      const path = `compare/${commit}...${head}?per_page=1&page=2`;
      const answer = await get(repository, path, {}, signal);
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw faultOf(repository, answer, 'Contents: read');
      // The head is ahead of what runs by what is not there yet.
      const { ahead_by: behind, behind_by: ahead } = record(jsonOf(repository.at, answer));
      if (typeof behind !== 'number' || typeof ahead !== 'number')
        throw new Error(`${repository.at.name} answered in a shape that is not known`);
      return { behind, ahead };
    },
    async test(at, repository, signal) {
      const title = at.name;
      const around = repository ?? { at, project: 'API of GitHub at this address', evidence: '' };
      try {
        const [app] = at.token === undefined ? at.apps : [];
        const first = app
          ? await apps.ask(at, app, 'GET', '/app')
          : await host.fetch(`${at.api}/rate_limit`, { headers: await headersOf(around), tls: at.tls, signal });
        if (!first.ok) throw faultOf(around, first, right);
        jsonOf(at, first);
        if (!repository)
          return { title, state: 'good', message: `It answers and takes the ${app ? 'key of the app' : 'token'}.` };
        await reader.deployments(repository, undefined, signal);
        return { title, state: 'good', message: `It answers; deployments of ${repository.project} can be read.` };
      } catch (error) {
        return failedLine(title, error as Fault);
      }
    },
  };
  return reader;
}
