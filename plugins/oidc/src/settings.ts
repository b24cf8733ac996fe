type JsonObject = Record<string, unknown>;

/** What `settings` of a provider says, with defaults. */
export type Settings = {
  /** The issuer, or the address of its discovery document */
  address: URL;
  clientId: string;
  clientSecret?: string;
  authentication: 'basic' | 'post';
  scopes: string[];
  usernameClaim: string;
  groupsClaim: string;
  /** Whether claims that are not in the ID token are asked for */
  userInfo: boolean;
  prompt?: string;
  algorithm?: string;
  parameters: Record<string, string>;
};

const fault = (key: string, needed: string) => new Error(`settings.${key} must be ${needed}`);

function textAt(settings: JsonObject, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = settings[key];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string') throw fault(key, 'text');
    return value;
  }
  return undefined;
}

/** Reads the settings; the names of Backstage's provider (`metadataUrl`, `tokenEndpointAuthMethod`, `scope`) are taken, too. */
export function settingsOf(settings: JsonObject): Settings {
  const address = textAt(settings, 'issuer', 'metadataUrl');
  if (address === undefined || !URL.canParse(address)) throw fault('issuer', 'the address of the identity provider');
  const clientId = textAt(settings, 'clientId');
  if (clientId === undefined) throw fault('clientId', 'the name under which the provider knows the portal');
  const { scopes, scope, additionalScopes, parameters } = settings;
  const given = [scopes ?? scope ?? ['openid', 'profile', 'email'], additionalScopes ?? []].flat();
  const words = given.flatMap((entry) => (typeof entry === 'string' ? entry.split(/\s+/) : [])).filter(Boolean);
  const prompt = textAt(settings, 'prompt');
  return {
    address: new URL(address),
    clientId,
    clientSecret: textAt(settings, 'clientSecret'),
    authentication: textAt(settings, 'tokenEndpointAuthMethod', 'authentication')?.includes('post') ? 'post' : 'basic',
    scopes: [...new Set(['openid', ...words])],
    usernameClaim: textAt(settings, 'usernameClaim') ?? 'preferred_username',
    groupsClaim: textAt(settings, 'groupsClaim') ?? 'groups',
    userInfo: settings['userInfo'] !== false,
    prompt: prompt === 'auto' ? undefined : prompt,
    algorithm: textAt(settings, 'algorithm', 'tokenSignedResponseAlg'),
    parameters:
      typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)
        ? Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)]))
        : {},
  };
}
