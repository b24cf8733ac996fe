import type { FileTree } from '../../../../core/files/index.ts';
import type { Site } from '../../site/types.ts';

/** What follows the address of a repository where `edit_uri` is not given, by the host's name. */
const usual: [host: RegExp, edit: string][] = [
  [/^(?:www\.)?github\.com$/, 'edit/master/docs/'],
  [/^(?:www\.)?gitlab\.com$/, 'edit/master/docs/'],
  [/^(?:www\.)?bitbucket\.org$/, 'src/default/docs/'],
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
  const uri = site.editUri ?? usual.find(([host]) => host.test(new URL(repoUrl).hostname))?.[1];
  if (!uri) return known;
  const base = /^[?#]/.test(uri) ? `${repoUrl}${uri}` : `${repoUrl.replace(/\/?$/, '/')}${uri.replace(/^\//, '')}`;
  const edit = `${/^https?:/.test(uri) ? uri : base}${/[?#]/.test(uri) ? '' : base.endsWith('/') ? '' : '/'}${file}`;
  return { ...known, edit };
}
