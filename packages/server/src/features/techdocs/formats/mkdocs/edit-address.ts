import { posix } from 'node:path';
import type { FileTree } from '../../../../core/files/index.ts';
import type { Site } from '../../site/types.ts';

/** What follows the address of a repository where `edit_uri` is not given, by the host's name. */
const usual: [host: RegExp, edit: (branch: string | undefined) => string][] = [
  [/^(?:www\.)?github\.com$/, (branch = 'master') => `edit/${branch}/docs/`],
  [/^(?:www\.)?gitlab\.com$/, (branch = 'master') => `edit/${branch}/docs/`],
  [/^(?:www\.)?bitbucket\.org$/, (branch = 'default') => `src/${branch}/docs/`],
];

/** Where a page can be changed and seen on its code host: what the source knows, else what the configuration says. */
export function addressesOf(
  tree: FileTree,
  site: Site,
  source: string,
  file: string,
): { view?: string; edit?: string } {
  const known = tree.pages(source);
  if (known.edit !== undefined) return known;
  const { repoUrl } = site;
  if (repoUrl === undefined || !/^https?:\/\//.test(repoUrl) || !URL.canParse(repoUrl)) return known;
  const uri = site.editUri ?? usual.find(([host]) => host.test(new URL(repoUrl).hostname))?.[1](tree.version);
  if (!uri) return known;
  const base = /^[?#]/.test(uri) ? `${repoUrl}${uri}` : `${repoUrl.replace(/\/?$/, '/')}${uri.replace(/^\//, '')}`;
  // A README lies beside the folder that the address is of.
  const lies = site.beside.get(file);
  const below = lies === undefined || site.docsDir === '' ? file : posix.relative(site.docsDir, lies);
  const edit = `${/^https?:/.test(uri) ? uri : base}${/[?#]/.test(uri) ? '' : base.endsWith('/') ? '' : '/'}${below}`;
  return { ...known, edit: below.startsWith('../') && URL.canParse(edit) ? new URL(edit).href : edit };
}
