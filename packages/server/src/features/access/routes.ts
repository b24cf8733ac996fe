import { PrincipalResponse } from '@callboard/model/http';
import type { HttpServer } from '../../core/http/index.ts';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.ts';

/** Says to whoever asks who they are for the portal. */
export function registerAccess(http: HttpServer, access: { principalOf(request: FastifyRequest): Principal }): void {
  http.get(
    '/api/access/me',
    {
      config: { permission: 'none' },
      schema: {
        operationId: 'GetPrincipal',
        tags: ['access'],
        summary: 'Who the portal takes you for',
        response: { 200: PrincipalResponse },
      },
    },
    async (request) => {
      const { ref, title, kind } = access.principalOf(request);
      return { entityRef: ref, title, kind };
    },
  );
}
