import { type Api, encoded, encodedPath, failure, type Thing } from './api.ts';
import type { GiteaHost } from './settings.ts';

const pageSize = 1_000;
const mostPages = 200;

/** Everything of a commit, branch or tag. */
export async function treeOf(
  api: Api,
  at: GiteaHost,
  full: string,
  ref: string,
  signal?: AbortSignal,
): Promise<Thing[]> {
  const found: Thing[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const path = `/repos/${encodedPath(full)}/git/trees/${encoded(ref)}?recursive=true&per_page=${pageSize}&page=${page}`;
    const { tree, total_count: total } = await api.get(at, path, { signal, maxBytes: 16 * 1024 * 1024 });
    if (!Array.isArray(tree)) throw failure('NONSENSE', `${at.host} answered no tree`);
    found.push(...tree);
    if (tree.length === 0 || found.length >= Number(total ?? 0)) break;
  }
  return found;
}
