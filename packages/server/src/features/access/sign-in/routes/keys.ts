import { Type } from '@callboard/model/schema';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../../core/http/index.ts';
import { accessErrors } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { IdentityTokens } from '../identity-tokens.ts';

type KeyParts = {
  identityTokens: IdentityTokens;
  principalOf(request: FastifyRequest): Principal;
  /** The address of the portal as whoever asks reaches it */
  originOf(request: FastifyRequest): string;
};

const base = '/api/auth';
const tags = ['access'];
const config = { permission: 'none' };
const texts = Type.Array(Type.String());

/** What other programs ask to find out whom an identity token is about, where Backstage has it. */
export function registerKeys(http: HttpServer, { identityTokens, principalOf, originOf }: KeyParts): void {
  http.get(
    `${base}/.well-known/jwks.json`,
    {
      config,
      schema: {
        operationId: 'GetKeys',
        tags,
        summary: 'Public keys by which identity tokens are checked',
        response: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }) },
      },
    },
    async () => ({ keys: await identityTokens.keys() }),
  );

  http.get(
    `${base}/.well-known/openid-configuration`,
    {
      config,
      schema: {
        operationId: 'GetOpenIdConfiguration',
        tags,
        summary: 'Where keys and claims of identity tokens are',
        response: {
          200: Type.Object({
            issuer: Type.String(),
            userinfo_endpoint: Type.String(),
            jwks_uri: Type.String(),
            response_types_supported: texts,
            subject_types_supported: texts,
            id_token_signing_alg_values_supported: texts,
            scopes_supported: texts,
            token_endpoint_auth_methods_supported: texts,
            claims_supported: texts,
            grant_types_supported: texts,
          }),
        },
      },
    },
    async (request) => ({
      issuer: identityTokens.issuer,
      userinfo_endpoint: `${originOf(request)}${base}/v1/userinfo`,
      jwks_uri: `${originOf(request)}${base}/.well-known/jwks.json`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [identityTokens.algorithm],
      scopes_supported: ['openid'],
      token_endpoint_auth_methods_supported: [],
      claims_supported: ['sub', 'ent'],
      grant_types_supported: [],
    }),
  );

  http.get(
    `${base}/v1/userinfo`,
    {
      config,
      schema: {
        operationId: 'GetUserInfo',
        tags,
        summary: 'Whom a token is about, and the groups that own for them, in Backstage’s shape',
        response: { 200: Type.Object({ claims: Type.Object({ sub: Type.String(), ent: texts }) }) },
      },
    },
    async (request, reply) => {
      const { ref, kind, groups, via } = principalOf(request);
      if (via.type !== 'token') throw accessErrors.tokenMissing();
      if (kind !== 'user' && kind !== 'local-administrator') throw accessErrors.tokenOfProgram();
      void reply.header('cache-control', 'no-store');
      return { claims: { sub: ref, ent: [ref, ...groups] } };
    },
  );
}
