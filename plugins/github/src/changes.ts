import { createHash } from 'node:crypto';
import { escapePath } from './address.ts';
import type { Call, Client } from './client.ts';
import type { GithubHost } from './hosts.ts';
import { at, list, numberOf, record, textOf } from './json.ts';

export type ChangedFile = { path: string; content: Uint8Array; executable: boolean };
export type Change = {
  owner: string;
  repository: string;
  /** Where the branch is: the owner, or who has the fork */
  headOwner: string;
  base: string;
  branch: string;
  message: string;
  files: ChangedFile[];
  deleted: string[];
  author?: { name: string; email: string };
  /** A branch that is there with other files gets a further commit */
  mayUpdate: boolean;
  /** Whether a change without a difference is made */
  evenEmpty: boolean;
};
type How = Pick<Call, 'owner' | 'token' | 'signal'>;

/** What goes into the list of a tree as it is; larger files are sent by themselves. */
const inlineBytes = 100_000;
const blobOf = (content: Uint8Array) =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

/**
 * Puts files on a branch through the API. A branch that has them already is found.
 *
 * @returns the commit at the end of the branch; undefined when nothing differs and that is not to be proposed
 */
export async function commitChange(
  client: Client,
  target: GithubHost,
  change: Change,
  how: How,
): Promise<{ commit: string; isNew: boolean } | undefined> {
  const { owner, repository, headOwner, base, branch } = change;
  const from = `/repos/${owner}/${repository}`;
  const into = `/repos/${headOwner}/${repository}`;
  const post = async (path: string, body: unknown, what: string) =>
    record((await client.call(target, path, { ...how, method: 'POST', body, what })).json());
  const tipOf = async (path: string, name: string) =>
    textOf(at(await client.find(target, `${path}/git/ref/heads/${escapePath(name)}`, how), 'object', 'sha'));
  const treeOf = async (path: string, commit: string) =>
    textOf(at((await client.call(target, `${path}/git/commits/${commit}`, how)).json(), 'tree', 'sha'))!;

  const baseTip = await tipOf(from, base);
  if (baseTip === undefined) throw new Error(`${target.host}: ${owner}/${repository} has no branch ${base}`);
  const tip = await tipOf(into, branch);
  const parent = tip !== undefined && change.mayUpdate ? tip : baseTip;
  const parentTree = await treeOf(parent === tip ? into : from, parent);
  const listed = record(
    (
      await client.call(target, `${parent === tip ? into : from}/git/trees/${parentTree}?recursive=1`, {
        ...how,
        maxBytes: 32 * 1024 * 1024,
      })
    ).json(),
  );
  const before = new Map(list(listed['tree']).map((each) => [textOf(each['path']), each]));
  const entries: Record<string, unknown>[] = [];
  for (const { path, content, executable } of change.files) {
    const known = before.get(path);
    const mode = executable ? '100755' : '100644';
    if (known?.['sha'] === blobOf(content) && (known['mode'] === mode || known['mode'] === '120000')) continue;
    const text = Buffer.from(content).toString('utf8');
    const entry = { path, mode, type: 'blob' };
    if (content.length <= inlineBytes && Buffer.from(text).equals(content)) entries.push({ ...entry, content: text });
    else {
      const body = { content: Buffer.from(content).toString('base64'), encoding: 'base64' };
      entries.push({ ...entry, sha: (await post(`${into}/git/blobs`, body, 'send files'))['sha'] });
    }
  }
  for (const path of change.deleted)
    if (before.has(path)) entries.push({ path, mode: '100644', type: 'blob', sha: null });
  if (entries.length === 0 && (tip === undefined ? !change.evenEmpty : parent === tip))
    return tip === undefined ? undefined : { commit: tip, isNew: false };
  const tree =
    entries.length === 0
      ? parentTree
      : textOf((await post(`${into}/git/trees`, { base_tree: parentTree, tree: entries }, 'write files'))['sha'])!;
  if (tip !== undefined && (await treeOf(into, tip)) === tree) return { commit: tip, isNew: false };
  if (tip !== undefined && !change.mayUpdate)
    throw new Error(
      `${target.host}: ${headOwner}/${repository} has a branch ${branch} with other files: choose another name, or set update: true`,
    );
  const { author, message } = change;
  const made = await post(
    `${into}/git/commits`,
    { message, tree, parents: [parent], ...(author && { author: { ...author, date: new Date().toISOString() } }) },
    'commit files',
  );
  const commit = textOf(made['sha'])!;
  if (tip === undefined)
    await post(`${into}/git/refs`, { ref: `refs/heads/${branch}`, sha: commit }, `make the branch ${branch}`);
  else
    await client.call(target, `${into}/git/refs/heads/${escapePath(branch)}`, {
      ...how,
      method: 'PATCH',
      body: { sha: commit },
      what: `move the branch ${branch}`,
    });
  return { commit, isNew: true };
}

/** Opens a pull request, or finds the one that is open for the branch. */
export async function openPullRequest(
  client: Client,
  target: GithubHost,
  { owner, repository, headOwner, base, branch }: Change,
  words: { title: string; body: string; draft?: boolean },
  how: How,
): Promise<{ number: number; url: string; isNew: boolean }> {
  const path = `/repos/${owner}/${repository}/pulls`;
  const head = `${headOwner}:${branch}`;
  const asked = `${path}?state=open&head=${encodeURIComponent(head)}&base=${encodeURIComponent(base)}`;
  const open = list((await client.call(target, asked, how)).json()).find((each) => at(each, 'head', 'ref') === branch);
  const found =
    open ??
    record(
      (
        await client.call(target, path, {
          ...how,
          what: `open a pull request in ${owner}/${repository}`,
          method: 'POST',
          body: {
            ...words,
            head: headOwner === owner ? branch : head,
            base,
            maintainer_can_modify: headOwner !== owner,
          },
        })
      ).json(),
    );
  return {
    number: numberOf(found['number']) ?? 0,
    url: textOf(found['html_url']) ?? `${target.site}/${owner}/${repository}/pulls`,
    isNew: open === undefined,
  };
}
