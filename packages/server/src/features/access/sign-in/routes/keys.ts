import { Type } from '@callboard/model/schema';
import type { HttpServer } from '../../../../core/http/index.ts';
import type { IdentityTokens } from '../identity-tokens.ts';

/** Public keys of identity tokens, where Backstage has them. */
export function registerKeys(http: HttpServer, { identityTokens }: { identityTokens: IdentityTokens }): void {
  http.get(
    '/api/auth/.well-known/jwks.json',
    {
      config: { permission: 'none' },
      schema: {
        operationId: 'GetKeys',
        tags: ['access'],
        summary: 'Public keys by which identity tokens are checked',
        response: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }) },
      },
    },
    async () => ({ keys: await identityTokens.keys() }),
  );
}
