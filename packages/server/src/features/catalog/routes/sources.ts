import { SourceIdPath, SourceList } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyRequest } from 'fastify';
import { sourceErrors } from '../errors.ts';
import { nextAttemptOf } from '../refresher.ts';
import { sourcesWithCounts } from '../store/read-sources.ts';
import type { SourceRow } from '../store/tables.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base, sendNothing } from './tools.ts';

const tags = ['sources'];

/** Routes about where entities come from. */
export function registerSources(http: Routes, { context, reading, actions, scopeOf }: RouteTools): void {
  /** Who may not see a source cannot have it read either. */
  const assertSeen = async (request: FastifyRequest, id: number, permission: string) => {
    const [seen, scope] = await Promise.all([scopeOf(request), scopeOf(request, permission)]);
    for (const each of [seen, scope])
      if (each && (await sourcesWithCounts(reading, { id, scope: each })).length === 0)
        throw sourceErrors.sourceUnknown({ id });
  };
  http.get(
    `${base}/sources`,
    {
      config: { permission: 'catalog.location.read' },
      schema: {
        operationId: 'GetSources',
        tags,
        summary: 'Where entities come from, and how each source is doing',
        response: { 200: SourceList },
      },
    },
    async (request) => {
      const nextOf = (row: SourceRow) => nextAttemptOf(row, context.config.pollEveryMs);
      return { items: await sourcesWithCounts(reading, { scope: await scopeOf(request), nextOf }) };
    },
  );
  http.post(
    `${base}/sources/:id/refresh`,
    {
      config: { permission: 'catalog.entity.refresh' },
      schema: {
        operationId: 'RefreshSource',
        tags,
        summary: 'Read a source again now',
        params: SourceIdPath,
        response: { 202: Type.Null({ description: 'It will be read.' }) },
      },
    },
    async (request, reply) => {
      await assertSeen(request, request.params.id, 'catalog.entity.refresh');
      await actions.refreshSource(request.params.id);
      return sendNothing(reply, 202);
    },
  );
  http.post(
    `${base}/sources/:id/confirm`,
    {
      config: { permission: 'catalog.location.delete' },
      schema: {
        operationId: 'ConfirmSource',
        tags,
        summary: 'Let a source that shrank suddenly delete what it has lost',
        params: SourceIdPath,
        response: { 202: Type.Null({ description: 'It will be read, and what is gone deleted.' }) },
      },
    },
    async (request, reply) => {
      await assertSeen(request, request.params.id, 'catalog.location.delete');
      await actions.confirmSource(request.params.id);
      return sendNothing(reply, 202);
    },
  );
}
