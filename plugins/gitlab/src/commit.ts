import { createHash } from 'node:crypto';
import { type Api, encoded, type Thing } from './api.ts';
import type { GitlabHost } from './settings.ts';

/** A file as it is to be in the repository. */
export type NewFile = { path: string; content: Uint8Array; executable?: boolean };
/** What is done with files; `auto` makes them what they should be, whether they are there or not. */
export type CommitAction = 'create' | 'update' | 'delete' | 'skip' | 'auto';

/** The name that Git gives to a content. */
export const blobId = (content: Uint8Array): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

/**
 * Commits files to a branch, which is made from `start` where there is none. Files that are as they should be are left out, so that a second
 * try changes nothing.
 *
 * @returns the commit; undefined when there was nothing to commit
 */
export async function commitFiles(
  api: Api,
  at: GitlabHost,
  project: string | number,
  options: {
    branch: string;
    start: string;
    message: string;
    files: NewFile[];
    action: CommitAction;
    allowEmpty?: boolean;
    token?: string;
    signal?: AbortSignal;
  },
): Promise<string | undefined> {
  const { branch, start, message, files, action, allowEmpty = false, token, signal } = options;
  const call = { token, signal };
  const base = `/projects/${encoded(project)}/repository`;
  const there = await api.find(at, `${base}/branches/${encoded(branch)}`, call);
  const tree = await api
    .all(at, `${base}/tree?recursive=true&ref=${encoded(there ? branch : start)}`, call)
    .catch((error: Error & { code?: string }) => {
      // A repository without a commit has no tree.
      if (error.code === 'NOT_FOUND') return [];
      throw error;
    });
  const blobs = new Map(tree.filter(({ type }) => type === 'blob').map(({ path, id }) => [String(path), String(id)]));
  const actions: Thing[] = [];
  for (const { path, content, executable } of action === 'skip' ? [] : files) {
    const now = blobs.get(path);
    if (action === 'delete') {
      if (now !== undefined) actions.push({ action, file_path: path });
      continue;
    }
    if (now === blobId(content)) continue;
    actions.push({
      action: action === 'auto' ? (now === undefined ? 'create' : 'update') : action,
      file_path: path,
      content: Buffer.from(content).toString('base64'),
      encoding: 'base64',
      ...(executable && { execute_filemode: true }),
    });
  }
  if (actions.length === 0 && !allowEmpty) {
    if (!there && blobs.size > 0)
      await api.call(at, `${base}/branches?branch=${encoded(branch)}&ref=${encoded(start)}`, {
        ...call,
        method: 'POST',
      });
    return undefined;
  }
  const isFirst = !there && tree.length === 0;
  const body = {
    branch,
    commit_message: message,
    actions,
    ...(!there && !isFirst && { start_branch: start }),
    ...(allowEmpty && { allow_empty: true }),
  };
  const commit = await api.get(at, `${base}/commits`, { ...call, method: 'POST', body });
  return String(commit['id']);
}
