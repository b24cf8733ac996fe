import type { Source, SourcePage } from '@callboard/plugin-api';
import { pageOf } from './address.ts';
import { type Api, eachOf, encoded, encodedPath, failure, jsonOf, type Thing } from './api.ts';
import { globOf } from './glob.ts';
import type { GiteaHost, RepositorySource, Settings } from './settings.ts';
import { digest, type Known, type List, type Listed, unnotedMs } from './store.ts';
import { treeOf } from './tree.ts';

/** A list is read whole after this time, for what no order by time shows. */
const wholeMs = 6 * 3_600_000;
/** A page of the source has a minute. */
const workMs = 35_000;
const pageSize = 50;
const mostPages = 2_000;

const listed = (repository: Thing): Listed => ({
  id: repository['id'],
  name: String(repository['full_name']),
  ...(repository['default_branch'] && repository['empty'] !== true && { branch: String(repository['default_branch']) }),
  activeAt: Date.parse(repository['updated_at'] ?? '') || 0,
  topics: (repository['topics'] ?? []).map((topic: unknown) => String(topic).toLowerCase()),
  ...(repository['archived'] && { archived: true }),
  ...(repository['fork'] && { fork: true }),
});

/** The number by which lists are asked for. */
export async function ownerIdOf(api: Api, at: GiteaHost, owner: string, signal?: AbortSignal): Promise<number> {
  const found =
    (await api.find(at, `/orgs/${encoded(owner)}`, { signal })) ??
    (await api.find(at, `/users/${encoded(owner)}`, { signal }));
  if (!found) throw failure('NOT_FOUND', `${at.host} has no organisation or user ${owner}, or hides it`);
  return Number(found['id']);
}

/** Puts in what was told of a repository; says whether something of it differs. */
function merge(list: List, fresh: Listed): boolean {
  const before = list.repositories.get(fresh.id);
  const isSame =
    before !== undefined &&
    before.activeAt >= fresh.activeAt &&
    before.name === fresh.name &&
    before.branch === fresh.branch;
  list.repositories.set(fresh.id, {
    ...fresh,
    activeAt: Math.max(fresh.activeAt, before?.activeAt ?? 0),
    ...(isSame && { checkedAt: before.checkedAt, descriptors: before.descriptors }),
  });
  return !isSame;
}

/**
 * Brings a list up to date. Repositories come in the order of their last change, so that everything behind the first page without news is as it
 * was, and their count tells of those that have gone.
 */
async function refresh(
  api: Api,
  at: GiteaHost,
  source: RepositorySource,
  list: List,
  now: number,
  signal: AbortSignal,
) {
  if (source.owner !== undefined) list.ownerId ??= await ownerIdOf(api, at, source.owner, signal);
  const owned = list.ownerId === undefined ? '' : `uid=${list.ownerId}&exclusive=true&`;
  const start = `/repos/search?${owned}sort=updated&order=desc&limit=${pageSize}${source.archived ? '' : '&archived=false'}`;
  for (let isWhole = now - list.wholeAt > wholeMs; ; isWhole = true) {
    const seen = new Set<number>();
    let total = Number.NaN;
    for (let page = 1; page <= mostPages; page += 1) {
      const answer = await api.call(at, `${start}&page=${page}`, { signal, maxBytes: 16 * 1024 * 1024 });
      const { data } = jsonOf(at, answer);
      if (!Array.isArray(data)) throw failure('NONSENSE', `${at.host} answered no list of repositories`);
      if (page === 1) total = Number(answer.headers['x-total-count'] ?? Number.NaN);
      let isNews = true;
      for (const repository of data) {
        const fresh = listed(repository);
        seen.add(fresh.id);
        isNews = merge(list, fresh);
      }
      const isLast = data.length === 0 || (Number.isNaN(total) ? data.length < pageSize : seen.size >= total);
      if (isLast || (!isWhole && !isNews)) break;
    }
    if (isWhole) {
      for (const id of list.repositories.keys()) if (!seen.has(id)) list.repositories.delete(id);
      list.wholeAt = now;
    }
    list.seenAt = now;
    // Some have gone, and which is only to be seen in all of them.
    if (isWhole || Number.isNaN(total) || total === list.repositories.size) return;
  }
}

const needsLook = ({ checkedAt, activeAt }: Listed) => checkedAt === undefined || checkedAt < activeAt + unnotedMs;

/** Which descriptors a repository has. */
async function look(api: Api, at: GiteaHost, source: RepositorySource, repository: Listed, signal: AbortSignal) {
  const ref = source.branch ?? repository.branch;
  // Without a branch there is no file.
  if (ref === undefined) return [];
  const base = `/repos/${encodedPath(repository.name)}`;
  if (!/[*?{]/.test(source.descriptor)) {
    const path = `${base}/raw/${encodedPath(source.descriptor)}?ref=${encoded(ref)}`;
    const answer = await api.call(at, path, { allow: [403, 404, 409], signal });
    return answer.ok ? [source.descriptor] : [];
  }
  const isMeant = globOf(source.descriptor);
  const tree = await treeOf(api, at, repository.name, ref, signal).catch((error: Error & { code?: string }) => {
    if (error.code === 'NOT_FOUND' || error.code === 'FORBIDDEN') return [];
    throw error;
  });
  return tree.filter(({ type, path }) => type === 'blob' && isMeant(path)).map(({ path }) => String(path));
}

const isWanted = (source: RepositorySource, repository: Listed): boolean =>
  (source.archived || !repository.archived) &&
  (source.forks || !repository.fork) &&
  (source.topics.length === 0 || source.topics.some((topic) => repository.topics.includes(topic))) &&
  !source.withoutTopics.some((topic) => repository.topics.includes(topic)) &&
  (source.names === undefined || globOf(source.names)(repository.name));

function locationOf(
  at: GiteaHost,
  source: RepositorySource,
  repository: Listed,
  path: string,
): SourcePage['entities'][number] {
  const target = pageOf(at, repository.name, source.branch ?? repository.branch!, path);
  const name = repository.name
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .slice(-50)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: { name: `${name}-${digest(target).slice(0, 8)}` },
    spec: { type: 'url', target, presence: 'optional' },
  };
}

/** Repositories of organisations and users as a source: one Location for each descriptor. */
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
    const wanted = [...list.repositories.values()].filter((repository) => isWanted(source, repository));
    let isLate = false;
    try {
      await eachOf(
        // Each once in a reading, however many pages it takes.
        wanted.filter((each) => needsLook(each) && (each.checkedAt ?? 0) < begunAt),
        async (repository) => {
          isLate ||= known.now() > end;
          if (isLate) return;
          const checkedAt = known.now();
          repository.descriptors = await look(api, at, source, repository, signal);
          repository.checkedAt = checkedAt;
        },
      );
    } finally {
      await known.write(source, list);
    }
    if (isLate) return { entities: [], cursor: `${index}+${begunAt}` };
    const entities = wanted.flatMap((repository) =>
      (repository.descriptors ?? []).map((path) => locationOf(at, source, repository, path)),
    );
    const isLast = index + 1 >= settings.repositories.length;
    return { entities, ...(!isLast && { cursor: String(index + 1) }) };
  };
}
