import type { HostTls } from '@callboard/plugin-api';
import { list, numberOf, record, textOf, textsOf } from './json.ts';
import { pemOf } from '@callboard/plugin-api/settings';

/** An app of GitHub, by which the portal signs in without anybody's account. */
export type App = { id: string; privateKey: string; webhookSecret?: string; owners: string[] };
/** A host of code: github.com, or an instance of GitHub Enterprise. */
export type GithubHost = {
  host: string;
  /** How the addresses of its pages begin, without the last slash */
  site: string;
  api: string;
  graphql: string;
  token?: string;
  apps: App[];
  tls?: HostTls;
};
/** An organisation, or an account, whose repositories and people the catalog takes over. */
export type Organization = {
  name: string;
  host: string;
  /** Where descriptors lie in a repository; may be a pattern */
  path: string;
  branch?: string;
  repository?: RegExp;
  topics: string[];
  withoutTopics: string[];
  visibility: string[];
  archived: boolean;
  forks: boolean;
  repositories: boolean;
  people: boolean;
};
export type Settings = {
  hosts: GithubHost[];
  organizations: Organization[];
  webhookSecret?: string;
  /** How this portal is reached from outside */
  portal?: string;
};

const withoutSlash = (address: string) => address.replace(/\/+$/, '');

function hostOf(given: Record<string, unknown>): GithubHost {
  const host = (textOf(given['host']) ?? 'github.com').toLowerCase();
  const api = withoutSlash(
    textOf(given['apiBaseUrl']) ?? (host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`),
  );
  // What is tried out on this machine has no certificate.
  const site = `${api.startsWith('http:') ? 'http' : 'https'}://${host}`;
  const id = textOf(given['appId']) ?? numberOf(given['appId']);
  const key = textOf(given['privateKey']);
  const own = id !== undefined && key !== undefined ? [{ appId: id, privateKey: key }] : [];
  const apps = [...own, ...list(given['apps'])].flatMap((app): App[] => {
    const { appId, privateKey, webhookSecret, allowedInstallationOwners } = app as Record<string, unknown>;
    if (textOf(privateKey) === undefined || (appId ?? '') === '') return [];
    return [
      {
        id: String(appId),
        privateKey: textOf(privateKey)!,
        webhookSecret: textOf(webhookSecret),
        owners: textsOf(allowedInstallationOwners).map((owner) => owner.toLowerCase()),
      },
    ];
  });
  const ca = textOf(given['certificate']);
  return {
    host,
    site,
    api,
    graphql: `${api.replace(/\/api\/v3$/, '/api')}/graphql`,
    token: textOf(given['token']),
    apps,
    ...(ca && { tls: { ca: pemOf(ca) } }),
  };
}

/** Whether a text is a pattern; one that is no pattern is named. */
function patternOf(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    throw new Error(`organizations: repository '${text.slice(0, 100)}' is no regular expression`);
  }
}

function organizationOf(given: Record<string, unknown>, hosts: GithubHost[]): Organization[] {
  const name = textOf(given['organization']);
  if (name === undefined) return [];
  const filters = record(given['filters']);
  const topic = record(filters['topic']);
  const either = (key: string) => given[key] ?? filters[key];
  return [
    {
      name,
      host: (textOf(given['host']) ?? hosts[0]?.host ?? 'github.com').toLowerCase(),
      path: (textOf(given['catalogPath']) ?? 'catalog-info.yaml').replace(/^\/+/, ''),
      branch: textOf(either('branch')),
      repository: patternOf(textOf(either('repository'))),
      topics: textsOf(given['topics'] ?? topic['include']),
      withoutTopics: textsOf(given['withoutTopics'] ?? topic['exclude']),
      visibility: textsOf(either('visibility')),
      archived: either('allowArchived') === true,
      forks: either('allowForks') !== false,
      repositories: given['repositories'] !== false,
      people: given['people'] === true,
    },
  ];
}

/** Hosts of one name, in the form and in the file, are one: what is set in the form counts before. */
function merged(hosts: GithubHost[]): GithubHost[] {
  const byName = new Map<string, GithubHost>();
  for (const next of hosts) {
    const before = byName.get(next.host);
    byName.set(
      next.host,
      before
        ? {
            ...before,
            token: before.token ?? next.token,
            tls: before.tls ?? next.tls,
            apps: [...before.apps, ...next.apps],
          }
        : next,
    );
  }
  return [...byName.values()];
}

/** What Backstage keeps under `catalog.providers`: one provider, or several by their names. */
const providersIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value)
    ? list(value)
    : 'organization' in record(value) || 'orgs' in record(value)
      ? [record(value)]
      : Object.values(record(value)).map(record);

/** The organisations of Backstage's providers for repositories, and for people. */
function organizationsIn(file: Record<string, unknown>, hosts: GithubHost[]): Organization[] {
  const repositories = providersIn(file['catalog.providers.github']);
  const people = providersIn(file['catalog.providers.githubOrg']).flatMap(({ githubUrl, orgs }) => {
    const host = URL.canParse(String(githubUrl)) ? new URL(String(githubUrl)).host : 'github.com';
    return textsOf(orgs).map((organization) => ({ organization, host, people: true, repositories: false }));
  });
  return [...repositories.map((each) => ({ host: 'github.com', ...each })), ...people].flatMap((each) =>
    organizationOf(each, hosts),
  );
}

/**
 * What an administrator has set: in the form, and under Backstage's keys of the configuration file.
 *
 * @throws Error that names what is wrong
 */
export function settingsOf(configuration: Record<string, unknown>, file: Record<string, unknown>): Settings {
  const hosts = merged([...list(configuration['hosts']), ...list(file['integrations.github'])].map(hostOf));
  const portal = textOf(configuration['portal']);
  return {
    hosts,
    organizations: [
      ...list(configuration['organizations']).flatMap((each) => organizationOf(each, hosts)),
      ...organizationsIn(file, hosts),
    ],
    webhookSecret: textOf(configuration['webhookSecret']),
    ...(portal && { portal: withoutSlash(portal) }),
  };
}

/** The host whose an address is. */
export function hostFor(hosts: readonly GithubHost[], url: string): GithubHost | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host } = new URL(url);
  return hosts.find((each) => each.host === host.toLowerCase());
}
