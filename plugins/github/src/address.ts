/** A place in a repository, as the addresses of its pages say it. `rest` begins with the branch, which may have slashes. */
export type Place = { owner: string; repository: string; rest: string[] };

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Whether a text is a name as owners, repositories and teams have it: nothing that would lead elsewhere in an address of the API. */
export const isName = (text: string): boolean => /^[\w.-]{1,100}$/.test(text) && !/^\.+$/.test(text);

/** A name as a part of an address of the API. @throws Error when it is none */
export function partOf(text: unknown): string {
  const name = String(text);
  if (!isName(name)) throw new Error(`'${name.slice(0, 100)}' is no name of an account, team or repository`);
  return name;
}

/** Takes the address of a repository, file or folder apart; undefined when it is none. */
export function placeOf(url: string): Place | undefined {
  if (!URL.canParse(url)) return undefined;
  const [owner, name, marker, ...rest] = new URL(url).pathname.split('/').filter(Boolean).map(decode);
  if (!owner || !name || !isName(owner) || !isName(name)) return undefined;
  const isFile = marker !== undefined && ['blob', 'tree', 'raw', 'edit', 'blame', 'commits'].includes(marker);
  return { owner, repository: name.replace(/\.git$/, ''), rest: isFile ? rest : [] };
}

/** A path with everything escaped that would mean something else in an address. @throws Error when it leads out of where it begins */
export function escapePath(path: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '.' || part === '..')) throw new Error(`'${path.slice(0, 200)}' is no path`);
  return parts.map(encodeURIComponent).join('/');
}

/** One part of a path, slashes included. @throws Error when it leads out of where it begins */
export const escapePart = (text: unknown): string => {
  const part = String(text);
  return part.includes('/') ? encodeURIComponent(part) : escapePath(part);
};

/** `owner/repository`, in lower case: hosts do not tell capitals apart. */
export const slugOf = ({ owner, repository }: { owner: string; repository: string }): string =>
  `${owner}/${repository}`.toLowerCase();

/** Owner and repository of Backstage's `github.com?owner=acme&repo=pay`. */
export function repoUrlOf(text: unknown): { host: string; owner: string; repository: string } {
  const url = typeof text === 'string' && URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined;
  const owner = url?.searchParams.get('owner');
  const repository = url?.searchParams.get('repo');
  if (!url || !owner || !repository || !isName(owner) || !isName(repository))
    throw new Error(
      `repoUrl must name owner and repository, such as github.com?owner=acme&repo=pay; it is '${String(text).slice(0, 200)}'`,
    );
  return { host: url.host.toLowerCase(), owner, repository };
}
