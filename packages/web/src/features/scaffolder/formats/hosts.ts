/** The parts of a repository's address, as templates take it apart again. */
export type RepoParts = Partial<Record<'host' | 'owner' | 'repo' | 'organization' | 'workspace' | 'project', string>>;

type Part = { key: Exclude<keyof RepoParts, 'host'>; label: string };

const owner: Part = { key: 'owner', label: 'Owner' };
const repo: Part = { key: 'repo', label: 'Repository' };
const project: Part = { key: 'project', label: 'Project' };

/**
 * What a host calls the parts of an address; hosts that are not known have an owner and a repository.
 *
 * @param type - what is known of the host: its key under `integrations`
 */
export function partsOfHost(host: string, type?: string): Part[] {
  if (type !== undefined && !host.includes(type)) return partsOfHost(type);
  if (host === 'bitbucket.org') return [{ key: 'workspace', label: 'Workspace' }, project, repo];
  if (host.includes('bitbucket')) return [project, repo];
  if (host === 'dev.azure.com' || host.endsWith('.visualstudio.com'))
    return [{ key: 'organization', label: 'Organization' }, project, repo];
  if (host.includes('gitlab')) return [{ key: 'owner', label: 'Group' }, repo];
  if (host.includes('gerrit')) return [{ key: 'owner', label: 'Parent' }, repo];
  return [owner, repo];
}

/** Hosts to choose from where neither the template nor the portal names any. */
export const wellKnownHosts = ['github.com', 'gitlab.com', 'bitbucket.org', 'dev.azure.com'];

const isRemote = (text: string): boolean => /^(https?|ssh|git|file):\/\/|^[\w.-]+@[\w.-]+:|\.git$|^[./]/.test(text);

/** Reads `host?owner=o&repo=r`; a plain Git remote has no parts. */
export function readRepoUrl(text: string): { remote: string } | { parts: RepoParts } {
  if (isRemote(text)) return { remote: text };
  const [host = '', query = ''] = text.split('?');
  const said = new URLSearchParams(query);
  const parts: RepoParts = { host };
  for (const key of ['owner', 'repo', 'organization', 'workspace', 'project'] as const) {
    const value = said.get(key);
    if (value !== null) parts[key] = value;
  }
  return { parts };
}

/** Writes `host?owner=o&repo=r`, in the order that templates expect. */
export function writeRepoUrl({ host = '', ...parts }: RepoParts): string {
  const said = new URLSearchParams();
  for (const key of ['owner', 'repo', 'organization', 'workspace', 'project'] as const)
    if (parts[key]) said.set(key, parts[key]);
  return `${host}?${said.toString()}`;
}

/** The address that Git reads a repository from, as far as it follows from its parts; a name of the portal's own stays as it is. */
export function gitAddressOf(repoUrl: string): string | undefined {
  const read = readRepoUrl(repoUrl);
  if ('remote' in read) return read.remote;
  const { parts } = read;
  if (!parts.host || !parts.repo) return repoUrl.includes('?') || repoUrl === '' ? undefined : repoUrl;
  if (parts.organization && parts.project)
    return `https://${parts.host}/${parts.organization}/${parts.project}/_git/${parts.repo}`;
  const group = parts.owner ?? parts.workspace ?? parts.project;
  return group ? `https://${parts.host}/${group}/${parts.repo}.git` : undefined;
}
