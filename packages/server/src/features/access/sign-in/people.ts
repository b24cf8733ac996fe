import type { Directory } from './context.ts';
import { accessErrors } from '../errors.ts';
import type { Resolver } from './config.ts';
import type { UserStore } from './store/users.ts';

/** What a provider says of somebody; checked before it is used. */
export type Identity = {
  subject: string;
  username?: string;
  name?: string;
  email?: string;
  emailVerified?: boolean;
  groups: string[];
};

const mostClaims = 500;
const text = (value: unknown, most: number): string | undefined =>
  typeof value === 'string'
    ? value
        .replaceAll(/\p{Cc}/gu, '')
        .trim()
        .slice(0, most) || undefined
    : undefined;

/** Takes what a plugin or proxy gave for an identity; undefined when it names nobody. */
export function readIdentity(given: unknown): Identity | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { subject, username, name, email, emailVerified, groups } = given as Record<string, unknown>;
  const id = text(subject, 500);
  if (id === undefined) return undefined;
  return {
    subject: id,
    username: text(username, 200),
    name: text(name, 200),
    email: text(email, 300),
    ...(emailVerified === false && { emailVerified: false }),
    groups: [
      ...new Set((Array.isArray(groups) ? groups : []).slice(0, mostClaims).flatMap((group) => text(group, 300) ?? [])),
    ],
  };
}

/** A text as the name of an entity: letters, digits, dashes, dots. */
export const nameFrom = (given: string): string =>
  given
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[-._]+|[-._]+$/g, '')
    .slice(0, 63);

const userRef = (name: string) => `user:default/${name.toLowerCase()}`;
const isName = (name: string) => /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/i.test(name);

async function existing(directory: Directory, ref: string): Promise<string | undefined> {
  return (await directory.existing([ref]))[0];
}

/** The User entity that a resolver finds. E-mail addresses that the provider has not checked prove nothing. */
async function byResolver(
  directory: Directory,
  { resolver, allowedDomains }: Resolver,
  identity: Identity,
): Promise<string | undefined> {
  const email = identity.emailVerified === false ? undefined : identity.email?.toLowerCase();
  const [localPart = '', domain = ''] = email?.split('@') ?? [];
  if (allowedDomains && !allowedDomains.some((allowed) => allowed.toLowerCase() === domain)) return undefined;
  if (resolver === 'emailMatchingUserEntityProfileEmail') {
    if (email === undefined) return undefined;
    const plain = email.replace(/\+[^@]*(?=@)/, '');
    for (const address of new Set([email, plain])) {
      const found = await directory.usersByEmail(address);
      // Two people with one address: nobody knows which of them this is.
      if (found.length === 1) return found[0];
    }
    return undefined;
  }
  const name = resolver === 'emailLocalPartMatchingUserEntityName' ? localPart.replace(/\+.*$/, '') : identity.username;
  return name !== undefined && isName(name) ? existing(directory, userRef(name)) : undefined;
}

/**
 * Finds out who an identity is here: the User entity that a resolver finds, else a person of their own in `user:personal/`, where no entity
 * of the catalog stands and nobody's name can be taken.
 *
 * @throws AppError ACCESS_UNKNOWN_USER, ACCESS_USER_DISABLED
 */
export async function resolveIdentity(
  parts: {
    users: UserStore;
    directory: Directory;
    resolvers: readonly Resolver[];
    unknownUsers: 'allow' | 'refuse';
    now: () => number;
  },
  provider: string,
  identity: Identity,
): Promise<string> {
  const { users, directory, resolvers } = parts;
  let ref: string | undefined;
  for (const resolver of resolvers) {
    ref = await byResolver(directory, resolver, identity);
    if (ref) break;
  }
  const shown = identity.name ?? identity.username ?? identity.email ?? identity.subject;
  if (ref === undefined) {
    const isAllowed =
      parts.unknownUsers === 'allow' || resolvers.some((each) => each.dangerouslyAllowSignInWithoutUserInCatalog);
    if (!isAllowed) throw accessErrors.unknownUser({ who: shown });
    const before = await users.identity(provider, identity.subject);
    ref = before?.userRef.startsWith('user:personal/') ? before.userRef : undefined;
    ref ??= await users.freePersonalRef(
      nameFrom(identity.username ?? identity.email?.split('@')[0] ?? identity.name ?? '') || 'somebody',
    );
  }
  const user = await users.get(ref);
  if (user?.disabled) throw accessErrors.userDisabled();
  await users.recordIdentity(
    { provider, subject: identity.subject, userRef: ref, claims: identity.groups, title: shown, email: identity.email },
    parts.now(),
  );
  return ref;
}

/** The ref of the group that a provider means by a name; undefined when no group can be called so. */
export function groupNamed(claim: string): string | undefined {
  const given = claim.replace(/^\//, '').toLowerCase();
  if (/^group:[^/\s]+\/[^/\s]+$/.test(given)) return given;
  const name = nameFrom(given);
  return name === '' ? undefined : `group:default/${name}`;
}

/** Groups by how they are known: from the catalog, and from names that a provider gave and groups of the catalog have. */
export async function groupsOf(
  directory: Directory,
  ref: string,
  claims: readonly string[],
): Promise<{ ref: string; source: 'catalog' | 'claim' }[]> {
  const fromCatalog = (await directory.groupsOf(ref)).toSorted();
  const named = claims.flatMap((claim) => groupNamed(claim) ?? []);
  const fromClaims = named.length === 0 ? [] : await directory.existing([...new Set(named)]);
  const above = await Promise.all(fromClaims.map((group) => directory.groupsOf(group)));
  const catalog = new Set(fromCatalog);
  return [
    ...fromCatalog.map((group) => ({ ref: group, source: 'catalog' as const })),
    ...[...new Set([...fromClaims, ...above.flat()])]

      .filter((group) => !catalog.has(group))
      .toSorted()
      .map((group) => ({ ref: group, source: 'claim' as const })),
  ];
}
