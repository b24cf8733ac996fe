/** Deployments that GitLab knows of: those that jobs with an `environment` make. */
import type { Host } from '@callboard/plugin-api';
import { failedLine, type Fault, faultOf, jsonOf, list, type Reader, record, type Repository, text } from './hosts.ts';
import type { Deployment, Status } from './record.ts';

const states: Record<string, Status> = { success: 'succeeded', failed: 'failed', canceled: 'failed' };
/** What nobody began. */
const isWaiting = /^(created|blocked|skipped)$/;

/** The deployments of an answer. */
export function deploymentsOf({ at, project }: Repository, answer: unknown): Deployment[] {
  return list(answer).flatMap((each): Deployment[] => {
    const environment = text(record(each['environment'])['name'], 60);
    const when = Date.parse(String(each['updated_at'] ?? each['created_at']));
    const id = each['id'];
    const state = String(each['status']);
    if (environment === undefined || Number.isNaN(when) || typeof id !== 'number' || isWaiting.test(state)) return [];
    const [ref, commit] = [text(each['ref'], 100), text(each['sha'], 64)];
    const by = text(record(each['user'])['username'], 100);
    const job = record(each['deployable']);
    const href = [record(each['environment'])['external_url'], job['web_url'], record(job['pipeline'])['web_url']].find(
      (address): address is string =>
        typeof address === 'string' && /^https?:\/\//.test(address) && address.length <= 2000,
    );
    return [
      {
        id: `gitlab:${at.name}/${project}#${id}`,
        environment,
        // Tags name versions; branches move on.
        version: ref !== undefined && /\d\.\d/.test(ref) ? ref : (commit?.slice(0, 7) ?? ref ?? 'unknown'),
        status: states[state] ?? 'running',
        at: new Date(when).toISOString(),
        ...(commit !== undefined && { commit }),
        ...(by !== undefined && { by }),
        ...(href !== undefined && { href }),
        from: `GitLab deployments of ${project} at ${at.name}`,
      },
    ];
  });
}

const right = 'the scope read_api and the role Reporter';
/** So many commits are counted; more are that many and more. */
const mostCounted = 100;

/** Asks GitLab. */
export function createGitlab(host: Host): Reader {
  const get = ({ at, project }: Repository, path: string, etag: string | undefined, signal?: AbortSignal) =>
    host.fetch(`${at.api}/projects/${encodeURIComponent(project)}/${path}`, {
      headers: { 'private-token': at.token!, ...(etag !== undefined && { 'if-none-match': etag }) },
      tls: at.tls,
      timeoutMs: 15_000,
      signal,
    });
  async function count(repository: Repository, range: string, signal?: AbortSignal): Promise<number | undefined> {
    const path = `repository/commits?ref_name=${encodeURIComponent(range)}&per_page=${mostCounted}`;
    const answer = await get(repository, path, undefined, signal);
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw faultOf(repository, answer, right);
    return list(jsonOf(repository.at, answer)).length;
  }

  const reader: Reader = {
    async deployments(repository, etag, signal) {
      const answer = await get(repository, 'deployments?order_by=updated_at&sort=desc&per_page=50', etag, signal);
      if (answer.status === 304) return undefined;
      if (!answer.ok) throw faultOf(repository, answer, right);
      const body = jsonOf(repository.at, answer);
      if (!Array.isArray(body)) throw new Error(`${repository.at.name} answered in a shape that is not known`);
      return { deployments: deploymentsOf(repository, body), etag: answer.headers['etag'] };
    },
    async head(repository, known, signal) {
      const answer = await get(repository, 'repository/commits?per_page=1', known?.etag, signal);
      if (answer.status === 304 && known) return known;
      if (!answer.ok) throw faultOf(repository, answer, right);
      const commit = text(list(jsonOf(repository.at, answer))[0]?.['id'], 64);
      if (commit === undefined) throw new Error(`${repository.project} at ${repository.at.name} has no commits`);
      return { commit, etag: answer.headers['etag'] };
    },
    async compare(repository, commit, head, signal) {
      const [behind, ahead] = await Promise.all([
        count(repository, `${commit}..${head}`, signal),
        count(repository, `${head}..${commit}`, signal),
      ]);
      if (behind === undefined || ahead === undefined) return undefined;
      return { behind, ahead, ...((behind === mostCounted || ahead === mostCounted) && { most: mostCounted }) };
    },
    async test(at, repository, signal) {
      const title = at.name;
      try {
        if (repository) {
          await reader.deployments(repository, undefined, signal);
          return { title, state: 'good', message: `It answers; deployments of ${repository.project} can be read.` };
        }
        const headers = { 'private-token': at.token! };
        const answer = await host.fetch(`${at.api}/version`, { headers, tls: at.tls, timeoutMs: 15_000, signal });
        if (!answer.ok) throw faultOf({ at, project: 'API of GitLab at this address', evidence: '' }, answer, right);
        jsonOf(at, answer);
        return { title, state: 'good', message: 'It answers and takes the token.' };
      } catch (error) {
        return failedLine(title, error as Fault);
      }
    },
  };
  return reader;
}
