/** Hosts of code whose deployments are read, and which repository there belongs to an entity. */
import { createHash } from 'node:crypto';
import type { ConnectionResult, Host, HostResponse, HostTls } from '@callboard/plugin-api';
import { connectionLine } from '@callboard/plugin-api/connections';
import { type App, appsOf } from '@callboard/plugin-api/formats/github-apps';
import type { Deployment, Difference } from './record.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
export type Data = Record<string, unknown>;
export type Vendor = 'github' | 'gitlab';
export const products: Record<Vendor, string> = { github: 'GitHub', gitlab: 'GitLab' };
export type CodeHost = {
  vendor: Vendor;
  name: string;
  address: string;
  api: string;
  token?: string;
  /** Of GitHub, where there is no token */
  apps: App[];
  tls?: HostTls;
};
export type Repository = { at: CodeHost; project: string; evidence: string };
/** What is kept of a repository; problems stay until it answers again. */
export type RepositoryRecord = {
  project: string;
  etag?: string;
  deployments: Deployment[];
  problem?: Problem;
  /** Of the default branch, when it was compared the last time */
  head?: Head;
  /** By commit; null for one that the repository does not have */
  differences?: Record<string, Difference | null>;
  /** Why it could not be compared */
  uncompared?: Problem;
};
/** What is wrong, and since when. */
export type Problem = { message: string; since: string };
/** The newest commit of the default branch; `etag` makes asking for it again cheap. */
export type Head = { commit: string; etag?: string };
/** How a vendor is asked. */
export type Reader = {
  /** The deployments of a repository; undefined when none of them changed since an answer with this mark. */
  deployments(
    repository: Repository,
    etag: string | undefined,
    signal?: AbortSignal,
  ): Promise<{ deployments: Deployment[]; etag?: string } | undefined>;
  /** The head of the default branch; the one that was known, when it is still that. */
  head(repository: Repository, known: Head | undefined, signal?: AbortSignal): Promise<Head>;
  /** How far a commit is from the head of the default branch; undefined when the repository does not have it. */
  compare(repository: Repository, commit: string, head: string, signal?: AbortSignal): Promise<Difference | undefined>;
  /** Looks at a host and its token; `repository` is one that the catalog names. */
  test(at: CodeHost, repository: Repository | undefined, signal?: AbortSignal): Promise<ConnectionResult>;
};

export const record = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
export const list = (value: unknown): Data[] => (Array.isArray(value) ? value.map(record) : []);
export const text = (value: unknown, most = 300): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined;
const bare = (address: string) => address.replace(/\/+$/, '');

export type Fault = Error & { code?: string; fix?: string };

/** What a test of a host found wrong; of the network the portal's own words tell most. */
export async function failedLine(title: string, error: Fault): Promise<ConnectionResult> {
  const { message, code, fix = 'Check address, network and token.' } = error;
  if (code?.startsWith('OUTBOUND_')) return connectionLine(title, () => Promise.reject(error));
  return { title, state: 'bad', message, fix };
}

/** Words for an answer of a kind that no call of ours explains. */
export function faultOf({ at, project }: Repository, answer: HostResponse, right: string): Fault {
  const { status, headers } = answer;
  const isLimited = status === 429 || (status === 403 && headers['x-ratelimit-remaining'] === '0');
  const said = {
    401: [`${at.name} does not take the token`, 'It may be over or revoked: make a new one.'],
    403: [`the token may not read the deployments of ${project} at ${at.name}`, `Give it ${right}.`],
    404: [`${at.name} has no ${project}, or the token may not see it`, 'Check the name and the token.'],
  }[status] ?? [`${at.name} answered ${status}`, 'Look at the host; the portal asks again by itself.'];
  const [message, fix] = isLimited ? [`${at.name} takes no more calls for now`, 'Wait.'] : said;
  return Object.assign(new Error(message), { fix });
}

/** @throws in words when an answer is no JSON */
export function jsonOf(at: CodeHost, answer: HostResponse): unknown {
  try {
    return answer.json();
  } catch {
    throw new Error(`${at.name} answered something that is not JSON`);
  }
}

const usual = (vendor: Vendor, host: string, address: string): string =>
  vendor === 'gitlab' ? `${address}/api/v4` : host === 'github.com' ? 'https://api.github.com' : `${address}/api/v3`;

/**
 * The hosts of the form, then those of `integrations` in the configuration file that the form does not name. Without token and apps there is
 * nothing to ask.
 */
export function hostsOf(configuration: Data, settings: Data): CodeHost[] {
  const found = (['github', 'gitlab'] as const).flatMap((vendor) =>
    [
      ...list(configuration[vendor]),
      ...list(settings[`integrations.${vendor}`]).map(
        ({ host = `${vendor}.com`, baseUrl, apiBaseUrl, token, apps }): Data => ({
          address: text(baseUrl, 2000) ?? `https://${String(host)}`,
          apiUrl: apiBaseUrl,
          token,
          apps: vendor === 'github' ? apps : [],
        }),
      ),
    ].flatMap((each): CodeHost[] => {
      const address = bare(String(each['address']));
      const [token, apps, ca] = [text(each['token'], 2000), appsOf(each['apps']), text(each['ca'], 20_000)];
      if ((token === undefined && apps.length === 0) || !URL.canParse(address)) return [];
      const { host } = new URL(address);
      return [
        {
          vendor,
          name: host,
          address,
          api: bare(text(each['apiUrl'], 2000) ?? usual(vendor, host, address)),
          apps,
          ...(token !== undefined && { token }),
          ...(ca !== undefined && { tls: { ca } }),
        },
      ];
    }),
  );
  return found.filter((each, index) => found.findIndex(({ name }) => name === each.name) === index);
}

/** Projects of GitLab lie in groups within groups. */
const isProject = (vendor: Vendor, slug: string) =>
  (vendor === 'github' ? /^[\w.-]+\/[\w.-]+$/ : /^[\w.-]+(?:\/[\w.-]+)+$/).test(slug) &&
  !slug.split('/').some((word) => /^\.+$/.test(word));

/** What of a path on a host names the project: all before `/-/` at GitLab, where old addresses lack it. */
function projectOf({ vendor, address }: CodeHost, url: URL): string {
  const path = url.pathname.slice(new URL(address).pathname.replace(/\/$/, '').length);
  const words = path.split('/').filter((word) => word !== '');
  const end = vendor === 'github' ? 2 : words.findIndex((word) => /^(-|blob|tree|raw)$/.test(word));
  return words
    .slice(0, end < 0 ? undefined : end)
    .join('/')
    .replace(/\.git$/, '');
}

/** The repository of an entity, by annotation or by where its source is. */
export function repositoryOf(entity: Entity, hosts: readonly CodeHost[]): Repository | undefined {
  const said = entity.metadata.annotations ?? {};
  const sources = ['backstage.io/source-location', 'backstage.io/managed-by-location'].flatMap((key) => {
    const address = /^url:(.+)$/.exec(said[key] ?? '')?.[1];
    const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
    const at = url && hosts.find(({ name }) => name === url.host);
    const project = at ? projectOf(at, url) : '';
    return at && isProject(at.vendor, project) ? [{ at, project, evidence: key }] : [];
  });
  for (const vendor of ['github', 'gitlab'] as const) {
    const key = `${vendor}.com/project-slug`;
    const slug = said[key]?.trim();
    if (slug === undefined) continue;
    const own = hosts.filter((each) => each.vendor === vendor);
    const at =
      sources.find((each) => each.at.vendor === vendor)?.at ??
      own.find(({ name }) => name === `${vendor}.com`) ??
      own[0];
    if (at) return isProject(vendor, slug) ? { at, project: slug, evidence: key } : undefined;
  }
  return sources[0];
}

/** Under what a repository is kept. */
export const storeKey = ({ at, project }: Repository): string =>
  `repository/${createHash('sha256').update(`${at.name}/${project}`.toLowerCase()).digest('hex')}`;
