import type { Host, HostTls } from '@callboard/plugin-api';
import type { RepositoryFilters } from '@callboard/plugin-api/repositories';
import { bareAddress, pemOf, recordsOf, textOf, textsOf } from '@callboard/plugin-api/settings';

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
export type RepositorySource = RepositoryFilters & {
  /** Full path of the group; all that the token sees when absent */
  group?: string;
  subgroups: boolean;
  /** Path of the descriptors, perhaps with * and ** */
  descriptor: string;
  branch?: string;
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

const lowerOf = (value: unknown): string[] => textsOf(value).map((each) => each.toLowerCase());

function hostOf(given: Record<string, unknown>): GitlabHost | undefined {
  const stated = textOf(given['baseUrl']);
  const host = textOf(given['host']) ?? (stated && URL.canParse(stated) ? new URL(stated).host : undefined);
  if (host === undefined) return undefined;
  const baseUrl = bareAddress(stated ?? `https://${host}`);
  const certificate = textOf(given['certificate']);
  const ca = certificate && pemOf(certificate);
  const insecure = given['insecure'] === true;
  return {
    host: host.toLowerCase(),
    baseUrl,
    api: bareAddress(textOf(given['apiBaseUrl']) ?? `${baseUrl}/api/v4`),
    token: textOf(given['token']),
    ...((ca || insecure) && { tls: { ...(ca && { ca }), ...(insecure && { insecure }) } }),
  };
}

/**
 * Reads the configuration. A host that stands in the form and in `integrations.gitlab` is that of the form.
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
      group: textOf(each['group'])?.replace(/^\/+|\/+$/g, ''),
      subgroups: each['subgroups'] !== false,
      descriptor: (textOf(each['catalogPath']) ?? 'catalog-info.yaml').replace(/^\/+/, ''),
      branch: textOf(each['branch']),
      topics: lowerOf(each['topics']),
      withoutTopics: lowerOf(each['withoutTopics']),
      names: textOf(each['names']),
      archived: each['allowArchived'] === true,
      forks: each['allowForks'] === true,
    })),
    people: recordsOf(configuration['people']).flatMap((each) => {
      const group = textOf(each['group'])?.replace(/^\/+|\/+$/g, '');
      const host = textOf(each['host'])?.toLowerCase() ?? only;
      return group === undefined ? [] : [{ host, group, namespace: textOf(each['namespace']) }];
    }),
    webhookSecret: textOf(configuration['webhookSecret']),
    portalUrl: textOf(configuration['portal']) && bareAddress(textOf(configuration['portal'])!),
  };
}

/** The settings that a plugin was started with. */
export const ownSettings = (host: Host): Settings =>
  settingsOf(host.configuration, host.settings['integrations.gitlab']);
