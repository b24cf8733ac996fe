import type { Host, HostTls } from '@callboard/plugin-api';

/** An instance of GitLab. */
export type GitlabHost = {
  /** As in the addresses of its pages, with the port if there is one */
  host: string;
  /** Where its pages begin, without a slash at the end */
  baseUrl: string;
  /** Where its API begins, likewise */
  api: string;
  token?: string;
  tls?: HostTls;
};

/** Repositories that become entities. */
export type RepositorySource = {
  host: string;
  /** Full path of the group; all that the token sees when absent */
  group?: string;
  subgroups: boolean;
  /** Path of the descriptors, perhaps with * and ** */
  descriptor: string;
  branch?: string;
  topics: string[];
  withoutTopics: string[];
  /** Pattern of full paths */
  names?: string;
  archived: boolean;
  forks: boolean;
};

/** Groups that become entities, with their members. */
export type PeopleSource = { host: string; group: string; namespace?: string };

/** What an administrator has set, in the form or in the file. */
export type Settings = {
  hosts: GitlabHost[];
  repositories: RepositorySource[];
  people: PeopleSource[];
  webhookSecret?: string;
  portalUrl?: string;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((each) => text(each)?.toLowerCase() ?? []) : [];
const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
const bare = (address: string) => address.replace(/\/+$/, '');

/** A PEM text with its lines: variables write their ends as \n, and a field of one line makes spaces of them. */
const pemOf = (given: string | undefined): string | undefined =>
  given
    ?.replaceAll('\\n', '\n')
    .replaceAll(
      /(-----BEGIN [A-Z ]+-----)([^-]+)(-----END [A-Z ]+-----)\s*/g,
      (_, begin: string, body: string, end: string) => `${begin}\n${body.trim().replaceAll(/\s+/g, '\n')}\n${end}\n`,
    );

function hostOf(given: Record<string, unknown>): GitlabHost | undefined {
  const stated = text(given['baseUrl']);
  const host = text(given['host']) ?? (stated && URL.canParse(stated) ? new URL(stated).host : undefined);
  if (host === undefined) return undefined;
  const baseUrl = bare(stated ?? `https://${host}`);
  const ca = pemOf(text(given['certificate']));
  const insecure = given['insecure'] === true;
  return {
    host: host.toLowerCase(),
    baseUrl,
    api: bare(text(given['apiBaseUrl']) ?? `${baseUrl}/api/v4`),
    token: text(given['token']),
    ...((ca || insecure) && { tls: { ...(ca && { ca }), ...(insecure && { insecure }) } }),
  };
}

/**
 * Reads the configuration. A host that stands in the form and in `integrations.gitlab` is that of the form.
 *
 * @param integrations - the list of the configuration file
 */
export function settingsOf(configuration: Host['configuration'], integrations: unknown): Settings {
  const found = [...records(configuration['hosts']), ...records(integrations)].flatMap((each) => hostOf(each) ?? []);
  const hosts = found.filter(({ host }, index) => found.findIndex((each) => each.host === host) === index);
  const only = hosts.length === 1 ? hosts[0]!.host : '';
  return {
    hosts,
    repositories: records(configuration['repositories']).map((each) => ({
      host: text(each['host'])?.toLowerCase() ?? only,
      group: text(each['group'])?.replace(/^\/+|\/+$/g, ''),
      subgroups: each['subgroups'] !== false,
      descriptor: (text(each['catalogPath']) ?? 'catalog-info.yaml').replace(/^\/+/, ''),
      branch: text(each['branch']),
      topics: texts(each['topics']),
      withoutTopics: texts(each['withoutTopics']),
      names: text(each['names']),
      archived: each['allowArchived'] === true,
      forks: each['allowForks'] === true,
    })),
    people: records(configuration['people']).flatMap((each) => {
      const group = text(each['group'])?.replace(/^\/+|\/+$/g, '');
      const host = text(each['host'])?.toLowerCase() ?? only;
      return group === undefined ? [] : [{ host, group, namespace: text(each['namespace']) }];
    }),
    webhookSecret: text(configuration['webhookSecret']),
    portalUrl: text(configuration['portal']) && bare(text(configuration['portal'])!),
  };
}

/** The settings that a plugin was started with. */
export const ownSettings = (host: Host): Settings =>
  settingsOf(host.configuration, host.settings['integrations.gitlab']);
