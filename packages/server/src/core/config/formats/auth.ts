import { setNode } from '../overrides.ts';
import type { ConfigNode, MapEntry, MapNode } from '../types.ts';

type Unused = (entry: MapEntry, reason: string) => void;

/** Resolvers of Backstage that mean the same here. */
const resolvers = new Set([
  'emailMatchingUserEntityProfileEmail',
  'emailLocalPartMatchingUserEntityName',
  'usernameMatchingUserEntityName',
  'preferredUsernameMatchingUserEntityName',
]);

const textAt = (node: MapNode, key: string): string | undefined => {
  const found = node.entries.get(key)?.node;
  return found?.kind === 'scalar' && typeof found.value === 'string' && found.value !== '' ? found.value : undefined;
};
const withoutSlash = (address: string) => address.replace(/\/$/, '');

/** Providers that speak OpenID Connect, with their issuer. */
const issuers: Record<string, (settings: MapNode) => string | undefined> = {
  oidc: (settings) => textAt(settings, 'metadataUrl') ?? textAt(settings, 'issuer'),
  google: () => 'https://accounts.google.com',
  microsoft: (settings) => {
    const tenant = textAt(settings, 'tenantId');
    return tenant && `https://login.microsoftonline.com/${tenant}/v2.0`;
  },
  okta: (settings) => {
    const domain = textAt(settings, 'audience');
    const server = textAt(settings, 'authServerId');
    return domain && (server ? `${withoutSlash(domain)}/oauth2/${server}` : withoutSlash(domain));
  },
  gitlab: (settings) => withoutSlash(textAt(settings, 'audience') ?? 'https://gitlab.com'),
  auth0: (settings) => {
    const domain = textAt(settings, 'domain');
    return domain && `https://${domain}/`;
  },
};
const kept = new Set([
  'clientId',
  'clientSecret',
  'scope',
  'additionalScopes',
  'prompt',
  'tokenEndpointAuthMethod',
  'tokenSignedResponseAlg',
]);

const scalar = (near: ConfigNode, value: string | boolean): ConfigNode => {
  const { file, line, column, path } = near;
  return { kind: 'scalar', value, file, line, column, path };
};
const map = (near: ConfigNode, values: [string, ConfigNode | undefined][]): MapNode => {
  const { file, line, column, path } = near;
  const entries = values.flatMap(([key, node]): [string, MapEntry][] => (node ? [[key, { key: node, node }]] : []));
  return { kind: 'map', entries: new Map(entries), file, line, column, path };
};

function resolversOf(settings: MapNode, unused: Unused): ConfigNode | undefined {
  const signIn = settings.entries.get('signIn')?.node;
  const list = signIn?.kind === 'map' ? signIn.entries.get('resolvers')?.node : undefined;
  if (list?.kind !== 'list') return undefined;
  const items = list.items.filter((item) => {
    const name = item.kind === 'map' ? textAt(item, 'resolver') : undefined;
    if (name === undefined || resolvers.has(name)) return true;
    unused({ key: item, node: item }, `has the resolver ${name}, which this portal does not have`);
    return false;
  });
  return items.length > 0 ? { ...list, items } : undefined;
}

function provider(name: string, environment: string, entry: MapEntry, unused: Unused): MapNode | undefined {
  const { node } = entry;
  const chosen =
    node.kind === 'map' ? (node.entries.get(environment)?.node ?? [...node.entries.values()][0]?.node) : undefined;
  const settings = chosen?.kind === 'map' ? chosen : undefined;
  const issuer = settings && issuers[name]?.(settings);
  if (!settings || (issuer === undefined && name !== 'github')) {
    unused(
      entry,
      name in issuers ? 'is not complete' : `belongs to the sign-in of ${name}, which this portal does not have`,
    );
    return undefined;
  }
  const given = [...settings.entries]
    .filter(([key]) => kept.has(key))
    .map(([key, each]): [string, ConfigNode] => [key, each.node]);
  const url: [string, ConfigNode | undefined] =
    issuer === undefined
      ? ['url', settings.entries.get('enterpriseInstanceUrl')?.node]
      : ['issuer', scalar(settings, issuer)];
  return map(settings, [
    ['id', scalar(settings, name)],
    ['plugin', scalar(settings, issuer === undefined ? 'github' : 'oidc')],
    ['settings', map(settings, [url, ...given])],
    ['resolvers', resolversOf(settings, unused)],
  ]);
}

/** Turns `auth` of an app-config.yaml into `access.signIn`. What has no counterpart is listed. */
export function mapAuth(ours: MapNode, auth: MapNode, unused: Unused): MapNode {
  const environment = textAt(auth, 'environment') ?? 'development';
  let result = ours;
  for (const [key, entry] of auth.entries) {
    if (key === 'environment') continue;
    if (key !== 'providers' || entry.node.kind !== 'map') {
      unused(entry, 'has no meaning here: sessions are kept in the database');
      continue;
    }
    const items: ConfigNode[] = [];
    for (const [name, each] of entry.node.entries) {
      if (name === 'guest') continue;
      const made = provider(name, environment, each, unused);
      if (made) items.push(made);
    }
    const { file, line, column, path } = entry.node;
    const guest = entry.node.entries.get('guest');
    if (items.length === 0) {
      if (guest) unused(guest, 'has no meaning here: without other providers nobody has to sign in');
      continue;
    }
    if (guest) result = setNode(result, ['access', 'signIn', 'guest'], scalar(guest.node, true));
    result = setNode(result, ['access', 'signIn', 'providers'], { kind: 'list', items, file, line, column, path });
  }
  return result;
}

/** `backend.auth.externalAccess` without the kind that Backstage has given up. */
export function mapExternalAccess(auth: ConfigNode, unused: Unused): ConfigNode | undefined {
  if (auth.kind !== 'map') return undefined;
  let found: ConfigNode | undefined;
  for (const [key, entry] of auth.entries) {
    if (key !== 'externalAccess' || entry.node.kind !== 'list') {
      unused(entry, 'has no meaning here: there is one process, and nobody calls it without a token or a session');
      continue;
    }
    const items = entry.node.items.filter((item) => {
      const type = item.kind === 'map' ? textAt(item, 'type') : undefined;
      if (type === undefined || type === 'static' || type === 'jwks') return true;
      unused(
        { key: item, node: item },
        `has the type ${type}, which this portal does not take: make a token with callboard token add`,
      );
      return false;
    });
    found = { ...entry.node, items };
  }
  return found;
}
