import type { Host } from '@callboard/plugin-api';
import { type App, appsOf } from '@callboard/plugin-api/formats/github-apps';
import { type CiHost, type Data, list, record, text, type Vendor } from './model.ts';

const bare = (address: string) => address.replace(/\/+$/, '');
const hostOf = (address: string) => (URL.canParse(address) ? new URL(address).host : address);

/** Where the API is, when nobody says. */
function apiOf(vendor: Vendor, address: string): string {
  if (vendor === 'github') return hostOf(address) === 'github.com' ? 'https://api.github.com' : `${address}/api/v3`;
  if (vendor === 'gitlab') return `${address}/api/v4`;
  return vendor === 'gitea' ? `${address}/api/v1` : address;
}

type Given = {
  address: string;
  api?: string;
  name?: string;
  username?: string;
  token?: string;
  ca?: string;
  apps?: App[];
};
function ciHost(vendor: Vendor, { address: given, api, name, ca, ...rest }: Given): CiHost {
  const address = bare(given);
  return {
    ...rest,
    vendor,
    address,
    api: bare(api ?? apiOf(vendor, address)),
    name: name ?? hostOf(address),
    ...(ca !== undefined && { tls: { ca } }),
  };
}

/** A host of the form. */
const ofForm = (given: Data): CiHost =>
  ciHost(given['type'] as Vendor, {
    address: String(given['address']),
    api: text(given['apiUrl'], 4000),
    name: text(given['name']),
    username: text(given['username']),
    token: text(given['token'], 2000),
    ca: text(given['ca'], 20_000),
  });

/** Backstage's `integrations.github`, `.gitlab` and `.gitea`. */
function ofIntegration(vendor: Vendor, usual: string | undefined, given: Data): CiHost[] {
  const host = text(given['host']) ?? usual;
  if (host === undefined) return [];
  const token = text(given['token'], 2000) ?? text(given['password'], 2000);
  return [
    ciHost(vendor, {
      address: text(given['baseUrl'], 4000) ?? `https://${host}`,
      api: text(given['apiBaseUrl'], 4000),
      name: host,
      username: text(given['username']),
      token,
      ...(token === undefined && vendor === 'github' && { apps: appsOf(given['apps']) }),
    }),
  ];
}

/** Backstage's `jenkins`: one instance, or several by name. */
function ofJenkins(given: Data): CiHost[] {
  const instances = list(given['instances']);
  const all = text(given['baseUrl'], 4000) === undefined ? instances : [{ name: 'default', ...given }, ...instances];
  return all.flatMap((each) => {
    const address = text(each['baseUrl'], 4000);
    if (address === undefined) return [];
    return [
      ciHost('jenkins', {
        address,
        name: text(each['name']),
        username: text(each['username']),
        token: text(each['apiKey'], 2000),
      }),
    ];
  });
}

/** All hosts: those of the form, then those of the configuration file that the form does not name. */
export function hostsOf(configuration: Data, settings: Host['settings']): CiHost[] {
  const found = [
    ...list(configuration['hosts']).map(ofForm),
    ...list(settings['integrations.github']).flatMap((each) => ofIntegration('github', 'github.com', each)),
    ...list(settings['integrations.gitlab']).flatMap((each) => ofIntegration('gitlab', 'gitlab.com', each)),
    ...list(settings['integrations.gitea']).flatMap((each) => ofIntegration('gitea', undefined, each)),
    ...ofJenkins(record(settings['jenkins'])),
  ];
  const keyOf = ({ vendor, name }: CiHost) => `${vendor} ${name.toLowerCase()}`;
  return found.filter((each, index) => found.findIndex((other) => keyOf(other) === keyOf(each)) === index);
}
