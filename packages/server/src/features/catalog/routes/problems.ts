import { parseEntityRef } from '@callboard/model';
import type { JsonObject } from '@callboard/model';
import type { StoredProblem, UnprocessedResponse as Unprocessed } from '@callboard/model/http';
import { ProblemsQuery, ProblemsResponse, UnprocessedQuery, UnprocessedResponse } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import { failedInputs, forgetFailedInput, problemsPage } from '../store/read-problems.ts';
import { sourcesWithCounts } from '../store/read-sources.ts';
import { problemCursor, readProblemCursor } from './cursors.ts';
import { routeErrors } from './errors.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base, sendNothing } from './tools.ts';

const config = { permission: 'catalog.entity.read' };
const numericId = /^[1-9]\d{0,14}$/;

/** What is known of an entity that was never taken: its ref and where it stands. */
function skeleton(
  ref: string | undefined,
  location: string | undefined,
): Unprocessed['entities'][number]['unprocessed_entity'] {
  const annotations: JsonObject = location === undefined ? {} : { 'backstage.io/managed-by-location': location };
  if (ref === undefined) return { metadata: { annotations } };
  const { kind, namespace, name } = parseEntityRef(ref, { defaultKind: 'unknown' });
  return { kind, metadata: { name, namespace, annotations } };
}

function failedEntity(problems: StoredProblem[]): Unprocessed['entities'][number] {
  const [first] = problems as [StoredProblem];
  return {
    entity_id: String(first.id),
    entity_ref: first.entityRef ?? '',
    unprocessed_entity: skeleton(first.entityRef, first.location),
    next_update_at: first.firstSeenAt,
    last_discovery_at: first.firstSeenAt,
    ...(first.location !== undefined && { location_key: first.location }),
    errors: problems.map(({ message, code }) => ({ name: 'InputError', message, code })),
  };
}

function registerProblemList(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    `${base}/problems`,
    {
      config,
      schema: {
        operationId: 'GetProblems',
        tags: ['problems'],
        summary: 'What is wrong with the inputs of the catalog, and what to do about it',
        description: 'Errors first, then warnings, then information; the newest of each first.',
        querystring: ProblemsQuery,
        response: { 200: ProblemsResponse },
      },
    },
    async (request) => {
      const { limit = 100, cursor, ...filter } = request.query;
      const after = cursor === undefined ? undefined : readProblemCursor(cursor);
      const scope = await scopeOf(request);
      const { rows, counts } = await problemsPage(reading, { ...filter, scope }, { limit, ...(after && { after }) });
      const items = rows.slice(0, limit);
      return {
        items: items.map((row) => row.problem),
        totalItems: counts.error + counts.warning + counts.information,
        counts,
        pageInfo: rows.length > limit ? { nextCursor: problemCursor(items.at(-1)!.place) } : {},
      };
    },
  );
}

function registerUnprocessed(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    `${base}/entities/unprocessed/failed`,
    {
      config,
      schema: {
        operationId: 'GetFailedEntities',
        tags: ['problems'],
        summary: 'Entities that errors keep out of the catalog or old in it',
        querystring: UnprocessedQuery,
        response: { 200: UnprocessedResponse },
      },
    },
    async (request) => ({
      type: 'failed' as const,
      entities: (await failedInputs(reading, request.query.owner, await scopeOf(request))).map(failedEntity),
    }),
  );
  http.get(
    `${base}/entities/unprocessed/pending`,
    {
      config,
      schema: {
        operationId: 'GetPendingEntities',
        tags: ['problems'],
        summary: 'Sources that have not been read yet',
        querystring: UnprocessedQuery,
        response: { 200: UnprocessedResponse },
      },
    },
    async (request) => {
      // Nothing waits entity by entity: only a source that was never read has entities that are not known yet.
      const waiting = request.query.owner
        ? []
        : (await sourcesWithCounts(reading, { scope: await scopeOf(request) })).filter(
            (source) => !source.lastAttemptAt,
          );
      const entities = waiting.map((source) => ({
        entity_id: `source-${source.id}`,
        entity_ref: source.entityRef ?? '',
        unprocessed_entity: skeleton(source.entityRef, `${source.type}:${source.target}`),
        next_update_at: source.createdAt,
        last_discovery_at: source.createdAt,
        location_key: `${source.type}:${source.target}`,
      }));
      return { type: 'pending' as const, entities };
    },
  );
  http.delete(
    `${base}/entities/unprocessed/delete/:entity_id`,
    {
      config: { permission: 'catalog.entity.delete' },
      schema: {
        operationId: 'DeleteFailedEntity',
        tags: ['problems'],
        summary: 'Forget the errors of a failed entity until it is read again',
        params: Type.Object({ entity_id: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
        response: { 204: Type.Null({ description: 'Forgotten.' }) },
      },
    },
    async (request, reply) => {
      const id = request.params.entity_id;
      const isForgotten =
        numericId.test(id) &&
        (await forgetFailedInput(reading, Number(id), await scopeOf(request, 'catalog.entity.delete')));
      if (!isForgotten) throw routeErrors.problemUnknown({ id: id.slice(0, 100) });
      return sendNothing(reply, 204);
    },
  );
}

/** Routes about what is wrong. */
export function registerProblems(http: Routes, tools: RouteTools): void {
  registerProblemList(http, tools);
  registerUnprocessed(http, tools);
}
