import { hostTypeOf } from '../formats/backstage/hosts.ts';
import { fileInRepository } from '../formats/backstage/hosts.ts';

/** A folder of a repository on a code host, as its address tells. `version` is the branch, tag or commit in the address. */
export type RepositoryAddress = { remote: string; page: string; version: string; folder: string };

/**
 * Takes the address of a folder on a code host apart, such as `https://host.example/team/repository/tree/main/docs`.
 *
 * @returns undefined when it does not look like one
 */
export function repositoryAddress(address: string): RepositoryAddress | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  // The shapes are those of files; a folder is where a file in it would be.
  const file = 'callboard-folder';
  const probe = new URL(url);
  probe.pathname = `${url.pathname.replace(/\/+$/, '')}/${file}`;
  if (url.searchParams.has('path')) {
    probe.pathname = url.pathname;
    probe.searchParams.set('path', `${url.searchParams.get('path')!.replace(/\/+$/, '')}/${file}`);
  }
  const found = fileInRepository(probe.href);
  if (!found) return bare(url);
  const ref = found.ref === '' ? 'HEAD' : found.ref;
  // One product puts the kind of the ref into the path: src/branch/main.
  const named = /^(?:branch|tag)$/.test(ref) && hostTypeOf(address, []) === undefined;
  const [version, path] = named
    ? [found.path.split('/')[0]!, found.path.split('/').slice(1).join('/')]
    : [ref, found.path];
  const base = `${url.origin}/${found.repository}`;
  const clone = /\/repos\//.test(url.pathname) ? `${url.origin}/scm/${found.repository}.git` : `${base}.git`;
  return {
    remote: url.pathname.includes('/_git/') ? base : clone,
    page: base,
    version,
    folder: path.slice(0, -file.length).replace(/\/$/, ''),
  };
}

/** A repository as a whole. */
function bare(url: URL): RepositoryAddress | undefined {
  const parts = url.pathname.split('/').filter(Boolean);
  if (parts.length < 2 || (hostTypeOf(url.href, []) === undefined && !url.pathname.endsWith('.git'))) return undefined;
  const page = `${url.origin}/${parts.join('/').replace(/\.git$/, '')}`;
  return { remote: `${page}.git`, page, version: 'HEAD', folder: '' };
}
