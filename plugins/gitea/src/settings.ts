import type { Host, HostTls } from '@callboard/plugin-api';
import type { RepositoryFilters } from '@callboard/plugin-api/repositories';
import { bareAddress, pemOf, recordsOf, textOf, textsOf } from '@callboard/plugin-api/settings';

/** An instance of Gitea or Forgejo. */
export type GiteaHost = {
  /** As in the addresses of its pages, with the port if there is one */
  host: string;
  /** Where its pages begin, without a slash at the end */
  baseUrl: string;
  api: string;
  /** What it is called with */
  authorization?: string;
  /** The same for Git */
  git?: { username: string; password: string };
  tls?: HostTls;
};

/** Repositories that become entities. */
export type RepositorySource = RepositoryFilters & {
  /** Organisation or user; all that the account sees when absent */
  owner?: string;
  /** Path of the descriptors, perhaps with * and ** */
  descriptor: string;
  branch?: string;
};

/** Organisations that become entities, with their teams and members. */
export type PeopleSource = { host: string; organization: string; namespace?: string };

/** What an administrator has set, in the form or in the file. */
export type Settings = {
  hosts: GiteaHost[];
  repositories: RepositorySource[];
  people: PeopleSource[];
  webhookSecret?: string;
  portalUrl?: string;
};

const lowerOf = (value: unknown): string[] => textsOf(value).map((each) => each.toLowerCase());
const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

function hostOf(given: Record<string, unknown>): GiteaHost | undefined {
  const stated = textOf(given['baseUrl']);
  const host = textOf(given['host']) ?? (stated && URL.canParse(stated) ? new URL(stated).host : undefined);
  if (host === undefined) return undefined;
  const baseUrl = bareAddress(stated ?? `https://${host}`);
  const username = textOf(given['username']);
  const password = textOf(given['password']);
  const token = textOf(given['token']) ?? (username === undefined ? password : undefined);
  const certificate = textOf(given['certificate']);
  const ca = certificate && pemOf(certificate);
  const insecure = given['insecure'] === true;
  return {
    host: host.toLowerCase(),
    baseUrl,
    api: `${baseUrl}/api/v1`,
    ...(token !== undefined
      ? { authorization: `token ${token}`, git: { username: username ?? 'callboard', password: token } }
      : username !== undefined &&
        password !== undefined && { authorization: basic(username, password), git: { username, password } }),
    ...((ca || insecure) && { tls: { ...(ca && { ca }), ...(insecure && { insecure }) } }),
  };
}

/**
 * Reads the configuration. A host that stands in the form and in `integrations.gitea` is that of the form.
 *
 * @param integrations - the list of the configuration file
 */
export function settingsOf(configuration: Host['configuration'], integrations: unknown): Settings {
  const found = [...recordsOf(configuration['hosts']), ...recordsOf(integrations)].flatMap(
    (each) => hostOf(each) ?? [],
  );
  const hosts = found.filter(({ host }, index) => found.findIndex((each) => each.host === host) === index);
  const only = hosts.length === 1 ? hosts[0]!.host : '';
  return {
    hosts,
    repositories: recordsOf(configuration['repositories']).map((each) => ({
      host: textOf(each['host'])?.toLowerCase() ?? only,
      owner: textOf(each['owner']),
      descriptor: (textOf(each['catalogPath']) ?? 'catalog-info.yaml').replace(/^\/+/, ''),
      branch: textOf(each['branch']),
      topics: lowerOf(each['topics']),
      withoutTopics: lowerOf(each['withoutTopics']),
      names: textOf(each['names']),
      archived: each['allowArchived'] === true,
      forks: each['allowForks'] === true,
    })),
    people: recordsOf(configuration['people']).flatMap((each) => {
      const organization = textOf(each['organization']);
      const host = textOf(each['host'])?.toLowerCase() ?? only;
      return organization === undefined ? [] : [{ host, organization, namespace: textOf(each['namespace']) }];
    }),
    webhookSecret: textOf(configuration['webhookSecret']),
    portalUrl: textOf(configuration['portal']) && bareAddress(textOf(configuration['portal'])!),
  };
}
