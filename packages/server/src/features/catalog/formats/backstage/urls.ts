import { type CodeHost, fileInRepository, hostTypeOf } from './hosts.ts';

const githubShape = (url: string, word: string) =>
  url.replace(/\/\/([^/]+)\/([^/]+)\/([^/]+)\/(?:blob|tree|edit)\//, `//$1/$2/$3/${word}/`);

const escapes = (path: string): boolean => {
  let decoded = path;
  for (let previous = ''; previous !== decoded;) {
    previous = decoded;
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      break;
    }
  }
  return decoded.split('/').some((part) => part === '..' || part === '.');
};

const plain = (target: string, base: string): string => {
  if (URL.canParse(target)) return target;
  const start = new URL(base);
  let resolved: URL;
  if (target.startsWith('/')) {
    // A leading slash means the root of the repository.
    const path = fileInRepository(base)?.path ?? '';
    if (escapes(path)) throw new TypeError('the path leaves its repository');
    resolved = new URL(base);
    const root = path === '' ? '' : decodeURI(start.pathname).slice(0, -path.length).replace(/\/+$/, '');
    resolved.pathname = `${root}${target}`;
  } else resolved = new URL(target, base);
  resolved.search = start.search;
  return resolved.toString();
};

const inAzure = (target: string, base: string): string => {
  if (URL.canParse(target)) return target;
  const resolved = new URL(base);
  const path = resolved.searchParams.get('path');
  if (!resolved.pathname.split('/').includes('_git')) return new URL(target, base).toString();
  resolved.searchParams.set('path', new URL(target, `https://path.invalid${path ?? ''}`).pathname);
  return resolved.toString();
};

/**
 * Resolves a target against the URL of the file that names it, in the way of the code host it stands on.
 *
 * @throws TypeError when no URL can be made of the two
 */
export function resolveTarget(target: string, base: string, hosts: CodeHost[]): string {
  const type = hostTypeOf(base, hosts);
  if (type === 'azure') return inAzure(target, base);
  if (type === 'gerrit') return target.startsWith('/') ? plain(target, base) : new URL(target, base).toString();
  const resolved = plain(target, base);
  return type === 'github' ? githubShape(resolved, 'tree') : resolved;
}

/** The page on which a file can be edited; undefined on servers that are no code host, or have none. */
export function editUrlOf(url: string, hosts: CodeHost[]): string | undefined {
  const type = hostTypeOf(url, hosts);
  switch (type) {
    case undefined:
      return undefined;
    case 'github':
      return githubShape(url, 'edit');
    case 'gitlab':
      return url.replace(/\/-\/(?:blob|tree|edit)\//, '/-/edit/');
    case 'bitbucketCloud': {
      const edit = new URL(url);
      edit.searchParams.set('mode', 'edit');
      edit.searchParams.set('at', fileInRepository(url)?.ref ?? '');
      return edit.toString();
    }
    case 'bitbucketServer':
      return url.split('?')[0];
    case 'gitea': {
      // …/owner/name/src/branch/<ref>/<path>
      const { origin, pathname } = new URL(url);
      const [, owner, name, , , ref, ...path] = pathname.split('/');
      return `${origin}/${owner}/${name}/_edit/${ref}/${path.join('/')}`;
    }
    case 'harness':
      return url.replace('/files/', '/edit/');
    default:
      return url;
  }
}

/**
 * The web page of a file in a cloned repository, from the `<repository>/blob/<branch>/<path>` that such a location has. Undefined when the
 * repository was not cloned from a known code host.
 */
export function pageOfClonedFile(target: string, hosts: CodeHost[]): string | undefined {
  const type = hostTypeOf(target, hosts);
  const parts = /^(https?:\/\/.+?)(?:\.git)?\/blob\/([^/]+)\/(.+)$/.exec(target);
  if (!type || !parts) return undefined;
  const [, repository, branch, path] = parts;
  switch (type) {
    case 'github':
      return `${repository}/blob/${branch}/${path}`;
    case 'gitlab':
      return `${repository}/-/blob/${branch}/${path}`;
    case 'bitbucketCloud':
      return `${repository}/src/${branch}/${path}`;
    case 'gitea':
      return `${repository}/src/branch/${branch}/${path}`;
    case 'azure':
      return `${repository}?path=/${path}&version=GB${branch}`;
    default:
      return undefined;
  }
}
