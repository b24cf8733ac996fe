import type { Source } from '@callboard/plugin-api';
import { globOf } from '@callboard/plugin-api/paths';
import type { Listed, Repositories, RepositoryList } from '@callboard/plugin-api/repositories';
import { pageOf } from './address.ts';
import { type Api, encoded, encodedPath, failure, jsonOf, type Thing } from './api.ts';
import type { GiteaHost, RepositorySource, Settings } from './settings.ts';
import { treeOf } from './tree.ts';

/** Its clock may differ from the portal’s by so much. */
export const unnotedMs = 5 * 60_000;
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

/** The pages of the list, those that were changed last first. */
async function* pagesOf(api: Api, at: GiteaHost, source: RepositorySource, list: RepositoryList, signal: AbortSignal) {
  if (source.owner !== undefined) list.mark ??= await ownerIdOf(api, at, source.owner, signal);
  const owned = typeof list.mark === 'number' ? `uid=${list.mark}&exclusive=true&` : '';
  const start = `/repos/search?${owned}sort=updated&order=desc&limit=${pageSize}${source.archived ? '' : '&archived=false'}`;
  for (let page = 1, told = 0; page <= mostPages; page += 1) {
    const answer = await api.call(at, `${start}&page=${page}`, { signal, maxBytes: 16 * 1024 * 1024 });
    const { data } = jsonOf(at, answer);
    if (!Array.isArray(data)) throw failure('NONSENSE', `${at.host} answered no list of repositories`);
    const count = answer.headers['x-total-count'];
    const total = count === undefined ? undefined : Number(count);
    told += data.length;
    yield { repositories: data.map(listed), total };
    if (data.length === 0 || (total === undefined ? data.length < pageSize : told >= total)) return;
  }
}

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

/** Repositories of organisations and users as a source: one Location for each descriptor. */
export function repositorySource(api: Api, settings: Settings, known: Repositories): Source {
  const hostOf = ({ host }: RepositorySource) => namedHost(settings.hosts, host);
  return known.source(settings.repositories, {
    pages: (source, list, { signal }) => pagesOf(api, hostOf(source), source, list, signal),
    look: (source, repository, signal) => look(api, hostOf(source), source, repository, signal),
    locationOf: (source, { name, branch }, path) => ({
      target: pageOf(hostOf(source), name, source.branch ?? branch!, path),
    }),
  });
}

function namedHost(hosts: GiteaHost[], name: string): GiteaHost {
  const found = hosts.find(({ host }) => host === name);
  if (found) return found;
  throw failure('INPUT', `A source of repositories names the host '${name}', which is not configured`);
}
