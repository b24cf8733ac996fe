import type { JsonObject } from '@callboard/model';
import type { JSONWebKeySet } from 'jose';
import { accessErrors } from '../errors.ts';
import { permissions } from '../policy/permissions.ts';
import type { Principal } from '../principal.ts';
import type { ExternalAccess } from './config.ts';
import type { SignInContext } from './context.ts';
import { isSame } from './secrets.ts';

/** Loaded when a token is to be checked: most portals have no such issuer. */
const jose = () => import('jose');

type JwksAccess = Extract<ExternalAccess, { type: 'jwks' }>;

const listOf = (value: string | string[] | undefined): string[] =>
  [value ?? []].flat().flatMap((entry) =>
    entry
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean),
  );

/** Restrictions in Backstage's form as names of permissions; everything when there are none. */
export function grantsOf({ accessRestrictions }: ExternalAccess): string[] {
  if (!accessRestrictions || accessRestrictions.length === 0) return ['*'];
  return [
    ...new Set(
      accessRestrictions.flatMap(({ plugin, permission, permissionAttribute }) => {
        const names = listOf(permission);
        const actions = listOf(permissionAttribute?.action);
        return permissions
          .filter(({ name }) => name.startsWith(`${plugin}.`))
          .filter(({ name }) => names.length === 0 || names.includes(name))
          .filter(({ action }) => actions.length === 0 || (action !== undefined && actions.includes(action)))
          .map(({ name }) => name);
      }),
    ),
  ];
}

const service = (subject: string, grants: string[]): Principal => ({
  ref: `external:${subject}`,
  title: subject,
  kind: 'service',
  groups: [],
  claims: [],
  via: { type: 'token' },
  grants,
});

/** Only signatures by a private key: with a public key as the secret of an HMAC anybody could sign. */
const usualAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const keysKeptMs = 10 * 60_000;
const keysPauseMs = 30_000;

/** The keys of one issuer, asked again when they are old or lack the one that is needed, but not for every bad token. */
function createKeys(url: string, { outbound, now }: Pick<SignInContext, 'outbound' | 'now'>) {
  let kept: { at: number; set: JSONWebKeySet } | undefined;
  let asking: Promise<JSONWebKeySet> | undefined;
  const ask = async (): Promise<JSONWebKeySet> => {
    try {
      const { body } = await outbound.request(url, { purpose: 'token issuer', maxBytes: 512 * 1024, timeoutMs: 5_000 });
      const set = JSON.parse(Buffer.from(body ?? new Uint8Array()).toString('utf8')) as JSONWebKeySet;
      if (!Array.isArray(set.keys)) throw new Error('no list of keys');
      kept = { at: now(), set };
      return set;
    } catch (error) {
      if (kept) return kept.set;
      throw accessErrors.keysUnavailable({ host: new URL(url).host }, { cause: error });
    }
  };
  return async (keyId: string | undefined): Promise<JSONWebKeySet> => {
    const isThere = kept !== undefined && (keyId === undefined || kept.set.keys.some((key) => key.kid === keyId));
    const age = kept === undefined ? Number.POSITIVE_INFINITY : now() - kept.at;
    if (kept && ((isThere && age < keysKeptMs) || age < keysPauseMs)) return kept.set;
    asking ??= ask().finally(() => (asking = undefined));
    return asking;
  };
}

const accepts = (expected: string | string[] | undefined) => (expected === undefined ? undefined : listOf(expected));

async function verified(token: string, access: JwksAccess, keys: ReturnType<typeof createKeys>): Promise<Principal> {
  const { options } = access;
  const { createLocalJWKSet, decodeProtectedHeader, jwtVerify } = await jose();
  const header = decodeProtectedHeader(token);
  const asked = accepts(options.algorithm)?.filter((name) => usualAlgorithms.includes(name));
  const { payload } = await jwtVerify(token, createLocalJWKSet(await keys(header.kid)), {
    algorithms: asked ?? usualAlgorithms,
    issuer: accepts(options.issuer),
    audience: accepts(options.audience),
    requiredClaims: ['sub', 'exp'],
    clockTolerance: 5,
  });
  const subject = String(payload.sub).slice(0, 200);
  return service(options.subjectPrefix ? `${options.subjectPrefix}:${subject}` : subject, grantsOf(access));
}

const notVouchedFor = 'its signature is not right, or nobody knows its issuer';

/** Why a token was refused, without what is in it. */
export async function reasonOf(error: unknown): Promise<string> {
  const { errors } = await jose();
  if (error instanceof errors.JWTExpired) return 'it is too old';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim '${error.claim}' is not right`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is signed in a way that is not allowed';
  return notVouchedFor;
}

/** Recognises the tokens of other programs, as `access.externalAccess` has them. */
export function createExternal(context: Pick<SignInContext, 'config' | 'outbound' | 'now'>) {
  const entries = context.config.externalAccess.map((access) => ({
    access,
    keys: access.type === 'jwks' ? createKeys(access.options.url, context) : undefined,
  }));
  return {
    fixed(token: string): Principal | undefined {
      for (const { access } of entries)
        if (access.type === 'static' && isSame(access.options.token, token))
          return service(access.options.subject, grantsOf(access));
      return undefined;
    },
    /** @throws AppError ACCESS_TOKEN_INVALID when no issuer vouches for it */
    async signed(token: string): Promise<Principal> {
      let reason = notVouchedFor;
      for (const { access, keys } of entries) {
        if (access.type !== 'jwks' || !keys) continue;
        try {
          return await verified(token, access, keys);
        } catch (error) {
          const { errors } = await jose();
          if (!(error instanceof errors.JOSEError || error instanceof TypeError)) throw error;
          if (reason === notVouchedFor) reason = await reasonOf(error);
        }
      }
      throw accessErrors.tokenInvalid({ reason });
    },
  };
}

export type External = ReturnType<typeof createExternal>;
export type PublicKeys = { keys: JsonObject[] };
