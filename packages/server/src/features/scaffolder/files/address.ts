import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../../core/errors/index.ts';
import type { Outbound } from '../../../core/outbound/index.ts';
import type { FindHost } from '../../catalog/index.ts';
import { scaffolderErrors } from '../errors.ts';
import { repositoryPlace } from '../formats/backstage/tree-url.ts';
import { inBatches } from './batches.ts';
import { git } from './git.ts';
import { resolveBelow } from './workspace.ts';

/** Whether an address stands for itself, not for a place beside the template. */
export const isAddress = (url: string): boolean => URL.canParse(url);

type Reading = {
  outbound?: Outbound;
  /** code hosts that are read through their API, unless a token says who asks */
  hostOf?: FindHost;
  token?: string;
  signal: AbortSignal;
};

/** More files than these are cloned: that is one question instead of many. */
const mostByApi = 500;

/** Copies a folder of a code host, file by file. Undefined where there is nobody to ask, or too much to ask for. */
async function copyFromHost(url: string, { hostOf, token, signal }: Reading) {
  const host = token === undefined ? await hostOf?.(url) : undefined;
  if (!host) return undefined;
  const base = url.replace(/\/+$/, '');
  const tree = await host.tree(base, undefined, signal);
  const files = tree === 'unchanged' ? [] : tree.entries.filter(({ type }) => type === 'file');
  if (files.length > mostByApi) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'callboard-tree-'));
  const close = () => rm(directory, { recursive: true, force: true });
  try {
    await inBatches(files, async ({ path }) => {
      const found = await host.read(`${base}/${path}`, undefined, signal);
      if (found === undefined || found === 'unchanged') return;
      const target = resolveBelow(directory, path, 'the repository');
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, found.bytes);
    });
    return { directory, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function assertReadable(url: string, { outbound }: Reading): Outbound {
  const { protocol } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw scaffolderErrors.addressRefused({ url, reason: `${protocol} addresses are not read` });
  if (!outbound) throw scaffolderErrors.repositoryUnreadable({ url, reason: 'this command uses no network' });
  outbound.assertAllowed(url, 'template');
  return outbound;
}

type Credentials = { username: string; password: string };

/** The token of a call, else what the plugin of the host signs in with. */
async function credentialsFor(remote: string, { token, hostOf, signal }: Reading): Promise<Credentials | undefined> {
  if (token !== undefined) return { username: 'x-access-token', password: token };
  return (await hostOf?.(remote))?.gitAccess(remote, signal);
}

/** Credentials leave by an environment variable, so that no list of processes shows them, and go to this host only, not where it may lead. */
const environmentOf = (remote: string, { username, password }: Credentials): Record<string, string> => ({
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: `http.${new URL(remote).origin}/.extraHeader`,
  GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** Reads a folder of a repository elsewhere; the caller closes it. */
export async function openTree(url: string, reading: Reading): Promise<{ directory: string; close(): Promise<void> }> {
  const outbound = assertReadable(url, reading);
  const copied = await copyFromHost(url, reading);
  if (copied) return copied;
  const found = repositoryPlace(url);
  if (!found) throw scaffolderErrors.addressRefused({ url, reason: 'it is not a folder of a repository' });
  const directory = await mkdtemp(join(tmpdir(), 'callboard-tree-'));
  const close = () => rm(directory, { recursive: true, force: true });
  const tree = join(directory, 'tree');
  try {
    const access = await credentialsFor(found.remote, reading);
    const branch = found.ref === undefined || found.ref === '' ? [] : ['--branch', found.ref];
    await git(['clone', '--quiet', '--depth', '1', ...branch, '--', found.remote, tree], {
      environment: { ...outbound.environment(found.remote), ...(access && environmentOf(found.remote, access)) },
      signal: reading.signal,
      hidden: [access?.password ?? ''],
    });
    await rm(join(tree, '.git'), { recursive: true, force: true });
    const place = resolveBelow(tree, found.path || '.', 'the repository');
    if (!existsSync(place))
      throw scaffolderErrors.pathMissing({ what: 'folder', path: found.path, place: found.remote, looked: url });
    return { directory: place, close };
  } catch (error) {
    await close();
    if (error instanceof AppError && error.code !== 'SCAFFOLDER_GIT_FAILED') throw error;
    throw scaffolderErrors.repositoryUnreadable({ url, reason: (error as Error).message }, { cause: error });
  }
}

/** Reads one file elsewhere. */
export async function readAddress(url: string, reading: Reading): Promise<Buffer> {
  const outbound = assertReadable(url, reading);
  const host = reading.token === undefined ? await reading.hostOf?.(url) : undefined;
  if (host) {
    const found = await host.read(url, undefined, reading.signal);
    if (found === undefined || found === 'unchanged')
      throw scaffolderErrors.pathMissing({ what: 'file', path: url.split('/').at(-1), place: url, looked: url });
    return Buffer.from(found.bytes);
  }
  if (/\/(?:blob|tree|edit|src)\//.test(url) || url.includes('/_git/')) {
    const at = url.lastIndexOf('/');
    const tree = await openTree(url, reading);
    try {
      return await readFile(tree.directory);
    } catch {
      throw scaffolderErrors.pathMissing({
        what: 'file',
        path: url.slice(at + 1),
        place: url.slice(0, at),
        looked: url,
      });
    } finally {
      await tree.close();
    }
  }
  const { body } = await outbound.request(url, {
    signal: reading.signal,
    purpose: 'template',
    headers: reading.token === undefined ? {} : { authorization: `Bearer ${reading.token}` },
  });
  return Buffer.from(body ?? new Uint8Array());
}
