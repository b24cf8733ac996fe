/** What `settings` of a provider says, with defaults. */
export type Settings = {
  url: string;
  startTls: boolean;
  /** Certificates in PEM of the authority that signed the directory's */
  certificates?: string;
  bindDn?: string;
  bindPassword?: string;
  userBase: string;
  /** `{username}` stands for what was typed */
  userFilter: string;
  usernameAttribute: string;
  nameAttribute: string;
  emailAttribute: string;
  groupBase?: string;
  /** `{dn}` stands for the member */
  groupFilter: string;
  groupAttribute: string;
  /** How groups in groups are found: one search a level, or by the rule that Active Directory has */
  nested: 'search' | 'rule' | 'none';
};

const fault = (key: string, needed: string) => new Error(`settings.${key} must be ${needed}`);

/** @throws Error that names the setting which is missing or wrong */
export function settingsOf(given: Record<string, unknown>): Settings {
  const text = (key: string): string | undefined => {
    const value = given[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw fault(key, 'text');
    return value;
  };
  const url = text('url');
  if (url === undefined || !/^ldaps?:\/\/[^/?#\s]+\/?$/.test(url))
    throw fault('url', 'an address such as ldaps://directory.example.com');
  const userBase = text('userBase');
  if (userBase === undefined) throw fault('userBase', 'where people stand, such as ou=people,dc=example,dc=com');
  const isActiveDirectory = given['activeDirectory'] === true;
  const nested = text('nested') ?? (isActiveDirectory ? 'rule' : 'search');
  if (nested !== 'search' && nested !== 'rule' && nested !== 'none') throw fault('nested', 'search, rule or none');
  const userFilter =
    text('userFilter') ??
    (isActiveDirectory ? '(|(sAMAccountName={username})(userPrincipalName={username}))' : '(uid={username})');
  if (!userFilter.includes('{username}')) throw fault('userFilter', 'a filter with {username} in it');
  return {
    url,
    startTls: given['startTls'] === true,
    certificates: text('certificates'),
    bindDn: text('bindDn'),
    bindPassword: text('bindPassword'),
    userBase,
    userFilter,
    usernameAttribute: text('usernameAttribute') ?? (isActiveDirectory ? 'sAMAccountName' : 'uid'),
    nameAttribute: text('nameAttribute') ?? (isActiveDirectory ? 'displayName' : 'cn'),
    emailAttribute: text('emailAttribute') ?? 'mail',
    groupBase: text('groupBase'),
    groupFilter: text('groupFilter') ?? '(|(member={dn})(uniqueMember={dn}))',
    groupAttribute: text('groupAttribute') ?? 'cn',
    nested,
  };
}
