import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../core/errors/index.ts';
import { accessErrors } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { SignInContext } from './context.ts';
import type { External } from './external.ts';
import { reasonOf } from './external.ts';
import type { IdentityTokens } from './identity-tokens.ts';
import { readIdentity, resolveIdentity } from './people.ts';
import { guest, type Principals } from './principals.ts';
import { hashOf } from './secrets.ts';
import type { Session } from './store/sessions.ts';

/** How often the time of last use is written down. */
const notedMs = 60_000;
const proxyKeptMs = 60_000;
/** Of whom there is no entity, there may be one in a moment: at the first start the catalog is still being read. */
const personalKeptMs = 2_000;

/** What a request showed. The session's hash is there when a cookie was right. */
export type Recognised = { principal?: Principal; refusal?: AppError; session?: Session; sessionHash?: string };

const unchanging = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A browser says where a change comes from, and core/http has looked at it. A change without any word of it must not use a cookie. */
const saysWhere = ({ method, headers }: FastifyRequest): boolean =>
  unchanging.has(method) ||
  headers.origin !== undefined ||
  headers['sec-fetch-site'] !== undefined ||
  headers['x-requested-with'] !== undefined;

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  return text === '' ? undefined : text;
};

export type RecogniseParts = {
  context: SignInContext;
  principals: Principals;
  external: External;
  identityTokens: IdentityTokens;
  /** Whoever shows nothing: the local administrator, a guest, or nobody */
  stranger: Principal | undefined;
};

/** Makes what finds out who a request comes from: by a token, else by the session, else by a proxy's word. */
export function createRecogniser({ context, principals, external, identityTokens, stranger }: RecogniseParts) {
  const { config, sessions, tokens, cookies, addresses, now } = context;
  const proxied = new Map<string, { until: number; ref: Promise<string> }>();

  const signInAddress = () => `${context.baseUrl ?? ''}/sign-in`;

  async function byToken(token: string, request: FastifyRequest, note: boolean): Promise<Principal> {
    if (token.startsWith('cbp_') || token.startsWith('cbs_')) {
      const hash = hashOf(token);
      const found = await tokens.find(hash);
      if (!found) throw accessErrors.tokenInvalid({ reason: 'it was revoked, or there never was one' });
      if (found.expiresAt !== undefined && found.expiresAt <= now())
        throw accessErrors.tokenInvalid({ reason: 'it is too old' });
      if (note && (found.usedAt === undefined || now() - found.usedAt >= notedMs))
        await tokens.used(hash, now(), addresses.clientOf(request));
      const via = { type: 'token' as const, id: found.id };
      if (found.kind === 'service')
        return {
          ref: found.ref,
          title: found.title,
          kind: 'service',
          groups: [],
          claims: [],
          via,
          grants: found.grants ?? [],
        };
      const claims = (await context.users.claimsOf(found.ref)).flatMap((each) => each.claims);
      const person =
        stranger?.ref === found.ref ? { ...stranger, via } : await principals.person(found.ref, claims, via);
      if (!person) throw accessErrors.tokenInvalid({ reason: 'its owner is gone or switched off' });
      return { ...person, ...(found.grants && { grants: found.grants }) };
    }
    const fixed = external.fixed(token);
    if (fixed) return fixed;
    if (!identityTokens.looksOwn(token)) return external.signed(token);
    let ref: string;
    try {
      ref = await identityTokens.verify(token);
    } catch (error) {
      throw accessErrors.tokenInvalid({ reason: await reasonOf(error) });
    }
    const claims = (await context.users.claimsOf(ref)).flatMap((each) => each.claims);
    const person = await principals.person(ref, claims, { type: 'token' });
    if (!person) throw accessErrors.tokenInvalid({ reason: 'whom it is about is gone or switched off' });
    return person;
  }

  async function bySession(secret: string, note: boolean): Promise<Recognised> {
    const hash = hashOf(secret);
    const session = await sessions.find(hash);
    if (!session) return {};
    if (session.expiresAt <= now() || session.seenAt + config.idleMs <= now()) {
      await sessions.end(hash);
      return {};
    }
    const via = { type: 'session' as const, id: session.id };
    const principal =
      session.kind === 'guest'
        ? config.guest && { ...guest, via }
        : await principals.person(session.userRef, session.claims, via);
    if (!principal) return {};
    if (note && now() - session.seenAt >= notedMs) await sessions.seen(hash, now());
    return { principal, session, sessionHash: hash };
  }

  async function byProxy(request: FastifyRequest): Promise<Principal | undefined> {
    const { proxy } = config;
    if (!proxy || !addresses.isProxy(request)) return undefined;
    const username = headerOf(request, proxy.user);
    const email = headerOf(request, proxy.email);
    const subject = username ?? email;
    if (subject === undefined) return undefined;
    const identity = readIdentity({
      subject,
      username,
      email,
      name: headerOf(request, proxy.name),
      groups: headerOf(request, proxy.groups)
        ?.split(',')
        .map((group) => group.trim()),
    });
    if (!identity) return undefined;
    const key = JSON.stringify(identity);
    let found = proxied.get(key);
    if (!found || found.until <= now()) {
      const ref = resolveIdentity(
        {
          users: context.users,
          directory: context.directory(),
          resolvers: proxy.resolvers ?? [
            { resolver: 'emailMatchingUserEntityProfileEmail' },
            { resolver: 'usernameMatchingUserEntityName' },
          ],
          unknownUsers: config.unknownUsers,
          now,
        },
        'proxy',
        identity,
      );
      if (proxied.size > 5_000) proxied.clear();
      const kept = { until: now() + proxyKeptMs, ref };
      found = kept;
      proxied.set(key, kept);
      ref.then(
        (resolved) => {
          if (resolved.startsWith('user:personal/')) kept.until = Math.min(kept.until, now() + personalKeptMs);
        },
        () => proxied.delete(key),
      );
    }
    return principals.person(await found.ref, identity.groups, { type: 'proxy' });
  }

  async function recognise(request: FastifyRequest, note: boolean): Promise<Recognised> {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token !== undefined) return { principal: await byToken(token, request, note) };
    const secret = cookies.session.read(request);
    if (secret !== undefined) {
      const found = await bySession(secret, note);
      if (found.principal) return saysWhere(request) ? found : { refusal: accessErrors.crossSite() };
    }
    const principal = (await byProxy(request)) ?? stranger;
    return principal ? { principal } : {};
  }

  /** `note: false` looks again without that counting as use. */
  return async (request: FastifyRequest, { note = true } = {}): Promise<Recognised> => {
    try {
      const found = await recognise(request, note);
      if (found.principal || found.refusal) return found;
      return { refusal: accessErrors.signInRequired({ signIn: signInAddress() }) };
    } catch (error) {
      // What was shown is wrong: that is for the route to say, since some routes need nobody.
      if (error instanceof AppError) return { refusal: error };
      throw error;
    }
  };
}
