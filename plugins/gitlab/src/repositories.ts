import type { Source } from '@callboard/plugin-api';
import { globOf } from '@callboard/plugin-api/paths';
import type { Listed, Repositories, RepositoryList } from '@callboard/plugin-api/repositories';
import { type Api, encoded, failure, jsonOf, nextPage, type Thing } from './api.ts';
import { pageOf } from './address.ts';
import type { GitlabHost, RepositorySource, Settings } from './settings.ts';

/** GitLab notes an activity at most once an hour: for so long after one there may be others. */
export const unnotedMs = 65 * 60_000;

const listed = (project: Thing): Listed => ({
  id: project['id'],
  name: String(project['path_with_namespace']),
  ...(project['default_branch'] && { branch: String(project['default_branch']) }),
  activeAt: Date.parse(project['last_activity_at'] ?? project['created_at'] ?? '') || 0,
  topics: (project['topics'] ?? project['tag_list'] ?? []).map((topic: unknown) => String(topic).toLowerCase()),
  ...(project['archived'] && { archived: true }),
  ...(project['forked_from_project'] && { fork: true }),
});

function addressOfList(at: GitlabHost, { group, subgroups, archived }: RepositorySource): string {
  const all =
    group === undefined
      ? // At gitlab.com everything is seen by everybody.
        `/projects?${at.host === 'gitlab.com' ? 'membership=true&' : ''}`
      : `/groups/${encoded(group)}/projects?include_subgroups=${subgroups}&with_shared=false&`;
  return `${all}order_by=last_activity_at&sort=desc${archived ? '' : '&archived=false'}&per_page=100`;
}

/** The pages of the list, those with the last activity first; an empty one where the first is as it was. */
async function* pagesOf(
  api: Api,
  at: GitlabHost,
  source: RepositorySource,
  list: RepositoryList,
  { isWhole, signal }: { isWhole: boolean; signal: AbortSignal },
) {
  const start = addressOfList(at, source);
  let next: string | undefined = start;
  while (next !== undefined) {
    const isFirst: boolean = next === start;
    const before = isFirst && !isWhole && typeof list.mark === 'string' ? list.mark : undefined;
    const answer = await api.call(at, next, {
      signal,
      maxBytes: 16 * 1024 * 1024,
      ...(before !== undefined && { headers: { 'if-none-match': before }, allow: [304] }),
    });
    const count = answer.headers['x-total'];
    const total = count === undefined ? undefined : Number(count);
    // The count is that of now, also where the page is as it was.
    if (answer.status === 304) {
      yield { repositories: [], total };
      return;
    }
    const projects = jsonOf(at, answer);
    if (!Array.isArray(projects)) throw failure('NONSENSE', `${at.host} answered no list of projects`);
    if (isFirst) list.mark = answer.headers['etag'];
    yield { repositories: projects.map(listed), total };
    next = nextPage(answer, start);
  }
}

/** Which descriptors a project has. */
async function look(api: Api, at: GitlabHost, source: RepositorySource, project: Listed, signal: AbortSignal) {
  const ref = source.branch ?? project.branch;
  // Without a branch there is no file.
  if (ref === undefined) return [];
  const base = `/projects/${project.id}/repository`;
  if (!/[*?{]/.test(source.descriptor)) {
    const path = `${base}/files/${encoded(source.descriptor)}?ref=${encoded(ref)}`;
    const answer = await api.call(at, path, { method: 'HEAD', allow: [403, 404], signal });
    return answer.ok ? [source.descriptor] : [];
  }
  const isMeant = globOf(source.descriptor);
  const tree = await api
    .all(at, `${base}/tree?recursive=true&ref=${encoded(ref)}`, { signal })
    .catch((error: Error & { code?: string }) => {
      if (error.code === 'NOT_FOUND' || error.code === 'FORBIDDEN') return [];
      throw error;
    });
  return tree.filter(({ type, path }) => type === 'blob' && isMeant(path)).map(({ path }) => String(path));
}

/** Repositories of groups as a source: one Location for each descriptor. */
export function repositorySource(api: Api, settings: Settings, known: Repositories): Source {
  const hostOf = ({ host }: RepositorySource) => namedHost(settings.hosts, host);
  return known.source(settings.repositories, {
    pages: (source, list, how) => pagesOf(api, hostOf(source), source, list, how),
    look: (source, project, signal) => look(api, hostOf(source), source, project, signal),
    locationOf: (source, { name, branch }, path) => ({
      target: pageOf(hostOf(source), name, source.branch ?? branch!, path),
      annotations: { 'gitlab.com/project-slug': name },
    }),
  });
}

function namedHost(hosts: GitlabHost[], name: string): GitlabHost {
  const found = hosts.find(({ host }) => host === name);
  if (found) return found;
  throw failure('INPUT', `A source of repositories names the host '${name}', which is not configured`);
}
