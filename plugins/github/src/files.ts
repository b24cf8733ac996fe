import type { CodeHost, TreeEntry } from '@callboard/plugin-api';
import { escapePath, type Place, placeOf, slugOf } from './address.ts';
import type { Client } from './client.ts';
import type { Heads } from './heads.ts';
import { type GithubHost, hostFor } from './hosts.ts';
import { at, list, numberOf, record, textOf } from './json.ts';

const mostBytes = 32 * 1024 * 1024;
const mostEntries = 50_000;
/** So many entries of trees are kept in memory. */
const keptEntries = 200_000;

const missing = (message: string) => Object.assign(new Error(message), { code: 'NOT_FOUND' });
type Spot = { target: GithubHost; place: Place; branch: string; path: string };

/** Files and folders of repositories, asked for with what is known of them. */
export function createFiles(hosts: readonly GithubHost[], client: Client, heads: Heads) {
  const trees = new Map<string, TreeEntry[]>();
  const branches = new Map<string, string>();

  function begin(url: string): { target: GithubHost; place: Place } {
    const target = hostFor(hosts, url);
    const place = placeOf(url);
    if (!target || !place) throw missing(`${url} is no address of a repository`);
    return { target, place };
  }

  /** The branch that is meant where an address names none. */
  async function defaultBranch(target: GithubHost, place: Place, signal?: AbortSignal): Promise<string> {
    const path = `/repos/${place.owner}/${place.repository}`;
    const found = await client.find(target, path, { owner: place.owner, signal, what: `read ${slugOf(place)}` });
    if (found === undefined)
      throw missing(`${target.host}: there is no repository ${slugOf(place)}, or the token may not see it`);
    return textOf(record(found)['default_branch']) ?? 'main';
  }

  /** Branches with slashes look like folders: the longest that exists is meant. */
  async function longestBranch(target: GithubHost, place: Place, signal?: AbortSignal): Promise<string | undefined> {
    const { owner, repository, rest } = place;
    if (rest.length < 3) return undefined;
    const key = `${target.host}/${slugOf(place)} ${rest[0]}`;
    const known = branches.get(key);
    if (known !== undefined && rest.join('/').startsWith(`${known}/`)) return known;
    for (const kind of ['heads', 'tags']) {
      const path = `/repos/${owner}/${repository}/git/matching-refs/${kind}/${escapePath(rest[0]!)}/`;
      const found = list(await client.find(target, path, { owner, signal }))
        .flatMap((each) => textOf(each['ref'])?.slice(`refs/${kind}/`.length) ?? [])
        .filter((name) => `${rest.join('/')}/`.startsWith(`${name}/`))
        .toSorted((one, other) => other.length - one.length);
      if (found[0] !== undefined) {
        branches.set(key, found[0]);
        return found[0];
      }
    }
    return undefined;
  }

  const spotOf = (target: GithubHost, place: Place, branch: string): Spot => ({
    target,
    place,
    branch,
    path: place.rest.join('/').slice(branch.length + 1),
  });

  /** Reads with the first word as branch, and with the longest branch there is when that finds nothing. */
  async function atSpot<T>(url: string, signal: AbortSignal, read: (spot: Spot) => Promise<T | undefined>): Promise<T> {
    const { target, place } = begin(url);
    const branch = place.rest[0] ?? (await defaultBranch(target, place, signal));
    const found = await read(spotOf(target, place, branch));
    if (found !== undefined) return found;
    const longer = await longestBranch(target, place, signal);
    const again = longer === undefined ? undefined : await read(spotOf(target, place, longer));
    if (again === undefined)
      throw missing(`${target.host}: ${slugOf(place)} has no ${place.rest.slice(1).join('/') || 'files'} in ${branch}`);
    return again;
  }

  type Answer = Awaited<ReturnType<CodeHost['readFile']>>;

  async function readAt(spot: Spot, version: string | undefined, signal: AbortSignal): Promise<Answer | undefined> {
    const { target, place, branch, path } = spot;
    const { owner, repository } = place;
    const head = await heads.get(target.host, place, branch);
    const [sha, ...etag] = version?.split(' ') ?? [];
    if (sha !== undefined && head?.files.get(path) === sha) return null;
    let answer;
    try {
      answer = await client.call(
        target,
        `/repos/${owner}/${repository}/contents/${escapePath(path)}?ref=${encodeURIComponent(branch)}`,
        {
          owner,
          signal,
          purpose: 'background',
          maxBytes: mostBytes,
          what: `read ${path} of ${slugOf(place)}`,
          ...(etag.length > 0 && { etag: etag.join(' ') }),
        },
      );
    } catch (error) {
      if ((error as { status?: number }).status === 404) return undefined;
      throw error;
    }
    if (answer.status === 304) {
      if (head && sha !== undefined) head.files.set(path, sha);
      return null;
    }
    const body = record(answer.json());
    const blob = textOf(body['sha']);
    if (body['type'] !== 'file' || blob === undefined) return undefined;
    if (head) head.files.set(path, blob);
    if (blob === sha) return null;
    const bytes = Buffer.from(
      body['encoding'] === 'base64' ? (textOf(body['content']) ?? '') : await contentOf(spot, blob, signal),
      'base64',
    );
    const text = bytes.toString('utf8');
    const tag = answer.headers['etag'];
    const now = `${blob}${tag === undefined ? '' : ` ${tag}`}`.slice(0, 500);
    return Buffer.from(text).equals(bytes)
      ? { text, version: now }
      : { text: bytes.toString('base64'), version: now, encoding: 'base64' };
  }

  /** The content of files that are too large for the other answer. */
  async function contentOf({ target, place }: Spot, blob: string, signal: AbortSignal): Promise<string> {
    const { owner, repository } = place;
    const answer = await client.call(target, `/repos/${owner}/${repository}/git/blobs/${blob}`, {
      owner,
      signal,
      purpose: 'background',
      maxBytes: mostBytes,
    });
    return textOf(record(answer.json())['content']) ?? '';
  }

  /** The last commit of a branch, or the commit itself. */
  async function commitOf({ target, place, branch }: Spot, signal: AbortSignal): Promise<string | undefined> {
    const known = await heads.get(target.host, place, branch);
    if (known) return known.commit;
    const { owner, repository } = place;
    const call = { owner, signal, purpose: 'background' as const };
    const start = `/repos/${owner}/${repository}`;
    const found = await client.find(target, `${start}/branches/${escapePath(branch)}`, call);
    const commit = textOf(at(found, 'commit', 'sha'));
    if (commit !== undefined) {
      heads.learn(target.host, place, branch, commit);
      return commit;
    }
    return textOf(record(await client.find(target, `${start}/commits/${escapePath(branch)}`, call))['sha']);
  }

  async function entriesOf(spot: Spot, commit: string, signal: AbortSignal): Promise<TreeEntry[]> {
    const { target, place } = spot;
    const { owner, repository } = place;
    const key = `${target.host}/${slugOf(place)} ${commit}`;
    const known = trees.get(key);
    if (known) {
      trees.delete(key);
      trees.set(key, known);
      return known;
    }
    const answer = await client.call(target, `/repos/${owner}/${repository}/git/trees/${commit}?recursive=1`, {
      owner,
      signal,
      purpose: 'background',
      maxBytes: mostBytes,
      what: `list the files of ${slugOf(place)}`,
    });
    const body = record(answer.json());
    if (body['truncated'] === true)
      throw new Error(
        `${target.host}: ${slugOf(place)} has more files than one answer holds; it is cloned instead where that is possible`,
      );
    const entries = list(body['tree']).flatMap((each): TreeEntry[] => {
      const type = each['type'] === 'blob' ? 'file' : each['type'] === 'tree' ? 'folder' : undefined;
      const path = textOf(each['path']);
      if (type === undefined || path === undefined) return [];
      const size = numberOf(each['size']);
      return [{ path, type, version: textOf(each['sha']) ?? '', ...(size !== undefined && { size }) }];
    });
    trees.set(key, entries);
    let kept = 0;
    for (const [name, tree] of [...trees].toReversed()) {
      kept += tree.length;
      if (kept > keptEntries && name !== key) trees.delete(name);
    }
    return entries;
  }

  const readFile: CodeHost['readFile'] = ({ url, version }, { signal }) =>
    atSpot<Answer>(url, signal, (spot) => readAt(spot, version, signal));

  const readTree: CodeHost['readTree'] = ({ url, version }, { signal }) =>
    atSpot(url, signal, async (spot) => {
      const commit = await commitOf(spot, signal);
      if (commit === undefined) return undefined;
      if (commit === version) return null;
      const all = await entriesOf(spot, commit, signal);
      const folder = spot.path === '' ? '' : `${spot.path.replace(/\/+$/, '')}/`;
      const entries = all
        .filter(({ path }) => path.startsWith(folder) && path !== folder)
        .map((entry) => ({ ...entry, path: entry.path.slice(folder.length) }));
      if (entries.length === 0 && folder !== '') return undefined;
      if (entries.length > mostEntries)
        throw new Error(`${spot.target.host}: ${slugOf(spot.place)} has ${entries.length} files; name a folder of it`);
      return { entries, version: commit };
    });

  return { readFile, readTree };
}
