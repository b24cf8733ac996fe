/** Products that keep repositories and have their own shapes of URL. */
export type HostType =
  | 'github'
  | 'gitlab'
  | 'bitbucketCloud'
  | 'bitbucketServer'
  | 'azure'
  | 'gerrit'
  | 'gitea'
  | 'harness';

/** A code host by name, as under `integrations` in the configuration. */
export type CodeHost = { type: HostType; host: string };

const publicHosts: CodeHost[] = [
  { type: 'github', host: 'github.com' },
  { type: 'gitlab', host: 'gitlab.com' },
  { type: 'bitbucketCloud', host: 'bitbucket.org' },
  { type: 'azure', host: 'dev.azure.com' },
];

/** The type of the code host that a URL points at; undefined for all other servers. */
export function hostTypeOf(url: string, configured: CodeHost[]): HostType | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host } = new URL(url);
  return [...configured, ...publicHosts].find((each) => each.host === host)?.type;
}

/** Where a file stands in a repository, as far as its URL tells. */
export type FileInRepository = { host: string; repository: string; ref: string; path: string };

const markers = ['blob', 'tree', 'issues', 'commit', 'src', 'raw', 'edit'];
const withRef = new Set(['raw', 'src', 'blob', 'tree', 'edit']);

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

// …/_git/<repository>?path=/x&version=GBmain, with one or two parts before it.
const inAzure = (url: URL, parts: string[]): FileInRepository | undefined => {
  const at = parts.indexOf('_git');
  const path = url.searchParams.get('path')?.replace(/^\/+/, '');
  if (at < 1 || !parts[at + 1] || !path) return undefined;
  const ref = (url.searchParams.get('version') ?? '').replace(/^G[BT]/, '');
  return { host: url.hostname, repository: parts.slice(0, at + 2).join('/'), ref, path };
};

const inBitbucketServer = (url: URL, parts: string[]): FileInRepository | undefined => {
  const at = parts.indexOf('repos');
  const [project, repository, type, ...path] = [parts[at - 1], ...parts.slice(at + 1)];
  if (at < 2 || !repository || (type !== 'raw' && type !== 'browse') || path.length === 0) return undefined;
  return {
    host: url.hostname,
    repository: `${project}/${repository}`,
    ref: url.searchParams.get('at') ?? '',
    path: path.join('/'),
  };
};

/**
 * Takes the URL of a file apart. Undefined when it does not look like a file in a repository.
 */
export function fileInRepository(address: string): FileInRepository | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const parts = decode(url.pathname)
    .replace(/^\/|\/$/g, '')
    .split('/');
  if (parts.includes('_git')) return inAzure(url, parts);
  if (/^(?:.*\/)?(?:projects|users)\/[^/]+\/repos\//.test(parts.join('/'))) return inBitbucketServer(url, parts);
  const dash = parts.indexOf('-', 2);
  const found = markers.map((marker) => parts.indexOf(marker, 2)).filter((index) => index > 0);
  const [blob, tree] = [parts.indexOf('blob', 2), parts.indexOf('tree', 2)];
  const marker = dash > 0 ? dash : blob > 0 && tree > 0 ? Math.min(blob, tree) : found[0];
  if (marker === undefined) return undefined;
  const at = dash > 0 ? dash + 1 : marker;
  const [type, ref, ...path] = parts.slice(at);
  if (!withRef.has(type ?? '') || !ref || path.length === 0) return undefined;
  return {
    host: url.hostname,
    repository: parts
      .slice(0, marker)
      .join('/')
      .replace(/\.git$/, ''),
    ref,
    path: path.join('/'),
  };
}

/** Whether both URLs are files of different repositories; unknown shapes are not. */
export function inOtherRepository(target: string, base: string): boolean {
  const [one, other] = [fileInRepository(target), fileInRepository(base)];
  if (!one || !other) return false;
  return one.host !== other.host || one.repository !== other.repository;
}
