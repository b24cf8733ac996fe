/** How a directory is reached, and what its people and groups are called. */
export type Connection = {
  url: string;
  startTls: boolean;
  /** Certificates in PEM of the authority that signed the directory's */
  certificates?: string;
  bindDn?: string;
  bindPassword?: string;
  userBase: string;
  usernameAttribute: string;
  nameAttribute: string;
  emailAttribute: string;
  groupBase?: string;
  groupAttribute: string;
};

/** What `settings` of a provider says, with defaults. */
export type Settings = Connection & {
  /** `{username}` stands for what was typed */
  userFilter: string;
  /** `{dn}` stands for the member */
  groupFilter: string;
  /** How groups in groups are found: one search a level, or by the rule that Active Directory has */
  nested: 'search' | 'rule' | 'none';
};

/** What a directory of the plugin's configuration says, with defaults. */
export type SourceSettings = Connection & {
  userFilter: string;
  groupFilter: string;
  /** of the entities */
  namespace: string;
};

const fault = (key: string, needed: string) => new Error(`settings.${key} must be ${needed}`);

type Given = Record<string, unknown>;

const textOf = (given: Given, key: string): string | undefined => {
  const value = given[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw fault(key, 'text');
  return value;
};

function connectionOf(given: Given): Connection & { isActiveDirectory: boolean } {
  const text = (key: string) => textOf(given, key);
  const url = text('url');
  if (url === undefined || !/^ldaps?:\/\/[^/?#\s]+\/?$/.test(url))
    throw fault('url', 'an address such as ldaps://directory.example.com');
  const userBase = text('userBase');
  if (userBase === undefined) throw fault('userBase', 'where people stand, such as ou=people,dc=example,dc=com');
  const isActiveDirectory = given['activeDirectory'] === true;
  return {
    isActiveDirectory,
    url,
    startTls: given['startTls'] === true,
    certificates: text('certificates'),
    bindDn: text('bindDn'),
    bindPassword: text('bindPassword'),
    userBase,
    usernameAttribute: text('usernameAttribute') ?? (isActiveDirectory ? 'sAMAccountName' : 'uid'),
    nameAttribute: text('nameAttribute') ?? (isActiveDirectory ? 'displayName' : 'cn'),
    emailAttribute: text('emailAttribute') ?? 'mail',
    groupBase: text('groupBase'),
    groupAttribute: text('groupAttribute') ?? 'cn',
  };
}

/** @throws Error that names the setting which is missing or wrong */
export function settingsOf(given: Given): Settings {
  const { isActiveDirectory, ...connection } = connectionOf(given);
  const nested = textOf(given, 'nested') ?? (isActiveDirectory ? 'rule' : 'search');
  if (nested !== 'search' && nested !== 'rule' && nested !== 'none') throw fault('nested', 'search, rule or none');
  const userFilter =
    textOf(given, 'userFilter') ??
    (isActiveDirectory ? '(|(sAMAccountName={username})(userPrincipalName={username}))' : '(uid={username})');
  if (!userFilter.includes('{username}')) throw fault('userFilter', 'a filter with {username} in it');
  return {
    ...connection,
    userFilter,
    groupFilter: textOf(given, 'groupFilter') ?? '(|(member={dn})(uniqueMember={dn}))',
    nested,
  };
}

/** Of Active Directory: people, not machines, whose account is not switched off. */
const activePeople = '(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))';
const anyGroup =
  '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=group)(objectClass=posixGroup))';

/** @throws Error that names the setting which is missing or wrong */
export function sourceSettingsOf(given: Given): SourceSettings {
  const { isActiveDirectory, ...connection } = connectionOf(given);
  return {
    ...connection,
    userFilter: textOf(given, 'userFilter') ?? (isActiveDirectory ? activePeople : '(objectClass=person)'),
    groupFilter: textOf(given, 'groupFilter') ?? anyGroup,
    namespace: textOf(given, 'namespace') ?? 'default',
  };
}
