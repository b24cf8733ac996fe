/** What the value of a repository picker says: `github.com?owner=o&repo=r`. Parts that a host does not have are absent. */
export type RepoSpec = {
  host: string;
  owner?: string;
  repo?: string;
  organization?: string;
  workspace?: string;
  project?: string;
};

/** Code hosts by name, as under `integrations` in the configuration. */
export type KnownHost = { host: string; type: string };

/** Hosts that everybody knows. */
const publicHosts: KnownHost[] = [
  { host: 'github.com', type: 'github' },
  { host: 'gitlab.com', type: 'gitlab' },
  { host: 'bitbucket.org', type: 'bitbucketCloud' },
  { host: 'dev.azure.com', type: 'azure' },
];

const needed: Record<string, string[]> = {
  bitbucketCloud: ['workspace', 'project', 'repo'],
  bitbucketServer: ['project', 'repo'],
  azure: ['project', 'repo'],
  gitea: ['repo'],
  gerrit: ['repo'],
};

/** Plain, as every process that renders loads this. */
const refuse = (value: string, reason: string) =>
  new Error(`The action parseRepoUrl did not succeed: '${value}' ${reason}`);

/**
 * Takes the value of a repository picker apart.
 *
 * @param hosts - configured code hosts; a host that is not known is refused, as templates expect
 */
export function parseRepoUrl(value: unknown, hosts: readonly KnownHost[]): RepoSpec {
  // A value that was taken apart before is returned as it is: a common slip, and its meaning is plain.
  if (typeof value === 'object' && value !== null && 'host' in value) return value as RepoSpec;
  const text = String(value);
  const address = `https://${text}`;
  if (!URL.canParse(address)) throw refuse(text, 'is not the address of a repository');
  const url = new URL(address);
  const type = [...hosts, ...publicHosts].find(({ host }) => host === url.host)?.type;
  if (!type) throw refuse(text, `names the host ${url.host}, which is not configured under integrations`);
  const part = (name: string) => url.searchParams.get(name)?.replace(/^\/+|\/+$/g, '');
  const required = type === 'gitlab' && part('project') ? [] : (needed[type] ?? ['repo', 'owner']);
  const lacking = required.find((name) => !url.searchParams.get(name));
  if (lacking) throw refuse(text, `does not say its ${lacking}`);
  const found: RepoSpec = { host: url.host };
  for (const name of ['owner', 'repo', 'organization', 'workspace', 'project'] as const) {
    const named = part(name);
    if (named !== undefined) found[name] = named;
  }
  return found;
}
