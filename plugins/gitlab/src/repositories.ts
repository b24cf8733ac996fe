import type { Source, SourcePage } from '@callboard/plugin-api';
import { type Api, eachOf, encoded, failure, jsonOf, nextPage, type Thing } from './api.ts';
import { pageOf } from './address.ts';
import { globOf } from './glob.ts';
import type { GitlabHost, RepositorySource, Settings } from './settings.ts';
import { digest, type Known, type List, type Listed, unnotedMs } from './store.ts';

/** A list is read whole after this time, for what no order by activity shows: renamed and moved projects. */
const wholeMs = 6 * 3_600_000;
/** A page of the source has a minute. */
const workMs = 35_000;
const atOnce = 8;

const listed = (project: Thing): Listed => ({
  id: project['id'],
  project: String(project['path_with_namespace']),
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

/** What is known already, with the new facts of it; `isNews` says whether something of it differs. */
function merge(list: List, fresh: Listed): boolean {
  const before = list.projects.get(fresh.id);
  const isSame =
    before !== undefined &&
    before.activeAt >= fresh.activeAt &&
    before.project === fresh.project &&
    before.branch === fresh.branch;
  list.projects.set(fresh.id, {
    ...fresh,
    activeAt: Math.max(fresh.activeAt, before?.activeAt ?? 0),
    ...(isSame && { checkedAt: before.checkedAt, descriptors: before.descriptors }),
  });
  return !isSame;
}

/**
 * Brings a list up to date. Projects come in the order of their last activity, so that everything behind the first page without news is as it
 * was, and their count tells of those that have gone.
 */
async function refresh(
  api: Api,
  at: GitlabHost,
  source: RepositorySource,
  list: List,
  now: number,
  signal: AbortSignal,
) {
  const start = addressOfList(at, source);
  const options = { signal, maxBytes: 16 * 1024 * 1024 };
  let isWhole = now - list.wholeAt > wholeMs;
  for (;;) {
    const seen = new Set<number>();
    let next: string | undefined = start;
    let total = Number.NaN;
    while (next !== undefined) {
      const isFirst: boolean = next === start;
      const known = isFirst && !isWhole && list.etag !== undefined;
      const answer = await api.call(at, next, {
        ...options,
        ...(known && { headers: { 'if-none-match': list.etag! }, allow: [304] }),
      });
      if (isFirst) total = Number(answer.headers['x-total'] ?? Number.NaN);
      if (answer.status === 304) break;
      const projects = jsonOf(at, answer);
      if (!Array.isArray(projects)) throw failure('NONSENSE', `${at.host} answered no list of projects`);
      if (isFirst) list.etag = answer.headers['etag'];
      let last = true;
      for (const project of projects) {
        const fresh = listed(project);
        seen.add(fresh.id);
        last = merge(list, fresh);
      }
      next = !isWhole && !last ? undefined : nextPage(answer, start);
    }
    if (isWhole) {
      for (const id of list.projects.keys()) if (!seen.has(id)) list.projects.delete(id);
      list.wholeAt = now;
    }
    list.seenAt = now;
    // Some have gone, and which is only to be seen in all of them.
    if (isWhole || Number.isNaN(total) || total === list.projects.size) return;
    isWhole = true;
  }
}

const needsLook = ({ checkedAt, activeAt }: Listed) => checkedAt === undefined || checkedAt < activeAt + unnotedMs;

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

const isWanted = (source: RepositorySource, project: Listed): boolean =>
  (source.archived || !project.archived) &&
  (source.forks || !project.fork) &&
  (source.topics.length === 0 || source.topics.some((topic) => project.topics.includes(topic))) &&
  !source.withoutTopics.some((topic) => project.topics.includes(topic)) &&
  (source.names === undefined || globOf(source.names)(project.project));

function locationOf(
  at: GitlabHost,
  source: RepositorySource,
  project: Listed,
  path: string,
): SourcePage['entities'][number] {
  const target = pageOf(at, project.project, source.branch ?? project.branch!, path);
  const name = project.project
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .slice(-50)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: `${name}-${digest(target).slice(0, 8)}`,
      annotations: { 'gitlab.com/project-slug': project.project },
    },
    spec: { type: 'url', target, presence: 'optional' },
  };
}

/** Repositories of groups as a source: one Location for each descriptor. */
export function createRepositories(api: Api, settings: Settings, known: Known): Source {
  return async ({ cursor = '0' }, { signal }) => {
    const [index = 0, begun] = cursor.split('+').map(Number);
    const source = settings.repositories[index];
    if (!source) return { entities: [] };
    const at = settings.hosts.find(({ host }) => host === source.host);
    if (!at)
      throw failure('INPUT', `A source of repositories names the host '${source.host}', which is not configured`);
    const begunAt = begun ?? known.now();
    const end = known.now() + workMs;
    const list = await known.read(source);
    if (begun === undefined) await refresh(api, at, source, list, known.now(), signal);
    const wanted = [...list.projects.values()].filter((project) => isWanted(source, project));
    let isLate = false;
    try {
      await eachOf(
        // Each once in a reading, however many pages it takes.
        wanted.filter((each) => needsLook(each) && (each.checkedAt ?? 0) < begunAt),
        async (project) => {
          isLate ||= known.now() > end;
          if (isLate) return;
          const checkedAt = known.now();
          project.descriptors = await look(api, at, source, project, signal);
          project.checkedAt = checkedAt;
        },
        atOnce,
      );
    } finally {
      await known.write(source, list);
    }
    if (isLate) return { entities: [], cursor: `${index}+${begunAt}` };
    const entities = wanted.flatMap((project) =>
      (project.descriptors ?? []).map((path) => locationOf(at, source, project, path)),
    );
    const isLast = index + 1 >= settings.repositories.length;
    return { entities, ...(!isLast && { cursor: String(index + 1) }) };
  };
}
