import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Outbound } from '../../../core/outbound/index.ts';
import type { FindHost } from '../../catalog/index.ts';
import { scaffolderErrors } from '../errors.ts';
import { repositoryPlace } from '../formats/backstage/tree-url.ts';
import { openTree, readAddress } from './address.ts';
import { git } from './git.ts';
import { folderSource, gitSource, repositoryOf, type TemplateSource } from './source.ts';
import { resolveBelow } from './workspace.ts';

export type SourceOptions = {
  outbound?: Outbound;
  /** code hosts that are read through their API */
  hostOf?: FindHost;
  signal: AbortSignal;
  /** the folder of a clone of a repository that the catalog reads, if it has one */
  cloneOf?(repository: string): Promise<string | undefined>;
  /** the commit to read from instead of the newest one of the branch */
  commit?: string;
};

/** A template behind an address: its repository is cloned once, when something of it is first asked for. */
function addressSource(url: string, { outbound, signal, hostOf }: SourceOptions): TemplateSource {
  const place = repositoryPlace(url);
  let opened: ReturnType<typeof openTree> | undefined;
  const root = async () => {
    if (!place) throw scaffolderErrors.addressRefused({ url, reason: 'it is not a file of a repository' });
    const base = place.remote.replace(/\.git$/, '');
    opened ??= openTree(place.ref ? `${base}/tree/${place.ref}` : base, { outbound, signal });
    return (await opened).directory;
  };
  const at = async (path: string) => {
    const directory = await root();
    const target = resolveBelow(directory, join(dirname(place?.path ?? ''), path), 'the repository of the template');
    if (!existsSync(target))
      throw scaffolderErrors.pathMissing({ what: 'file or folder', path, place: url, looked: path });
    return target;
  };
  const copies: { close(): Promise<void> }[] = [];
  const beside = (path: string) => new URL(path, url).href;
  return {
    location: `url:${url}`,
    async folder(path) {
      if (!(await hostOf?.(url))) return at(path);
      const copy = await openTree(beside(path), { outbound, signal, hostOf });
      copies.push(copy);
      return copy.directory;
    },
    file: async (path) =>
      (await hostOf?.(url)) ? readAddress(beside(path), { outbound, signal, hostOf }) : readFile(await at(path)),
    async close() {
      for (const copy of copies) await copy.close();
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

/**
 * The files around a template that the catalog knows.
 *
 * @param location - of its entity: `file:/…`, `url:https://…` or `git:<repository>/blob/<branch>/<path>`
 * @throws AppError SCAFFOLDER_ADDRESS_REFUSED for other locations
 */
export async function sourceOf(location: string, options: SourceOptions): Promise<TemplateSource> {
  const [, type, target = ''] = /^(file|url|git):(.+)$/s.exec(location) ?? [];
  if (type === 'file') {
    const directory = dirname(target);
    return folderSource({ directory, root: repositoryOf(directory) });
  }
  if (type === 'url') return addressSource(target, options);
  const [, repository, branch = '', path = ''] = /^(.+?)\/blob\/([^/]+)\/(.+)$/s.exec(target) ?? [];
  if (type !== 'git' || repository === undefined)
    throw scaffolderErrors.addressRefused({
      url: location,
      reason: 'templates are read from file:, url: and git: only',
    });
  const clone = (await options.cloneOf?.(repository)) ?? (existsSync(repository) ? repository : undefined);
  if (clone) {
    const newest = () => git(['rev-parse', '--verify', '--end-of-options', `${branch}^{commit}`], { directory: clone });
    const commit = options.commit ?? (await newest()).trim();
    return gitSource({ repository: clone, commit, path });
  }
  return addressSource(`${repository.replace(/\.git$/, '')}/blob/${branch}/${path}`, options);
}
