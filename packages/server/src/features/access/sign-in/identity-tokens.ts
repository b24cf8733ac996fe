import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '@callboard/model';
import type { CryptoKey } from 'jose';
import type { Principal } from '../principal.ts';
import type { SignInContext } from './context.ts';

const type = 'vnd.backstage.user';
const audience = 'backstage';
const algorithm = 'ES256';
const lifetimeMs = 3_600_000;
/** A key signs for a day, and is published until the last token that it signed is over. */
const signsMs = 24 * 3_600_000;

/** Loaded when it is first needed: most portals start without ever having a token of this kind. */
const jose = () => import('jose');

/**
 * Tokens that say to other programs who somebody is, in Backstage's form: ES256, one hour, keys at /api/auth/.well-known/jwks.json. Private keys
 * never leave this process; public ones are in the database, so that every replica vouches for all.
 */
export function createIdentityTokens(context: Pick<SignInContext, 'passing' | 'now' | 'baseUrl'>) {
  const { passing, now } = context;
  type Own = { id: string; key: CryptoKey; until: number };
  let own: Promise<Own> | undefined;
  let ownUntil = 0;

  const make = async (): Promise<Own> => {
    const { exportJWK, generateKeyPair } = await jose();
    const { privateKey, publicKey } = await generateKeyPair(algorithm);
    const id = randomUUID();
    const until = now() + signsMs;
    const shown = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' };
    await passing.addKey({ id, publicKey: JSON.stringify(shown), expiresAt: until + lifetimeMs + 60_000 });
    return { id, key: privateKey, until };
  };
  const ownKey = (): Promise<Own> => {
    if (own === undefined || ownUntil <= now()) {
      ownUntil = now() + signsMs;
      own = make();
      own.catch(() => (own = undefined));
    }
    return own;
  };
  const issuer = `${context.baseUrl ?? 'http://localhost'}/api/auth`;

  return {
    issuer,
    algorithm,
    /** Public keys, for whoever wants to check a token. */
    keys: (): Promise<JsonObject[]> => passing.keys(now()),
    async sign(principal: Principal): Promise<{ token: string; expiresAt: number }> {
      const { SignJWT } = await jose();
      const { id, key } = await ownKey();
      const expiresAt = now() + lifetimeMs;
      const token = await new SignJWT({ ent: [principal.ref, ...principal.groups] })
        .setProtectedHeader({ alg: algorithm, kid: id, typ: type })
        .setSubject(principal.ref)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.floor(now() / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
      return { token, expiresAt };
    },
    /** Whether a token says that it is one of these; nothing is believed of it by that. */
    looksOwn(token: string): boolean {
      try {
        const header: unknown = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString('utf8'));
        return isJsonObject(header) && header['typ'] === type;
      } catch {
        return false;
      }
    },
    /** @returns the ref of whoever it is about; throws an error of jose */
    async verify(token: string): Promise<string> {
      const { createLocalJWKSet, jwtVerify } = await jose();
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: await passing.keys(now()) }), {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience,
        requiredClaims: ['sub', 'exp'],
      });
      return String(payload.sub);
    },
  };
}

export type IdentityTokens = ReturnType<typeof createIdentityTokens>;
