import {
  AncestryResponse,
  EntityPath,
  EntityQuery,
  EntitySchema,
  EntityUidPath,
  HistoryQuery,
  HistoryResponse,
  NeighbourhoodQuery,
  NeighbourhoodResponse,
  ProvenanceResponse,
  RefreshBody,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import { locationErrors, previewErrors } from '../errors.ts';
import { shortenTexts } from '../query/shorten.ts';
import { ancestry, entityByUid, entityTextByRef, refsFulfilling } from '../store/entities.ts';
import { neighbourhood } from '../store/read-graph.ts';
import { historyOf } from '../store/read-history.ts';
import { provenanceOf } from '../store/read-sources.ts';
import { idCursor, readIdCursor } from './cursors.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base, canonicalRef, entityNotFound, listOf, refOfPath, sendJson, sendNothing } from './tools.ts';

const read = { permission: 'catalog.entity.read' };
const byName = `${base}/entities/by-name/:kind/:namespace/:name`;

function registerByUid(http: Routes, { reading, actions, access, scopeOf }: RouteTools): void {
  http.get(
    `${base}/entities/by-uid/:uid`,
    {
      config: read,
      schema: {
        operationId: 'GetEntityByUid',
        tags: ['entities'],
        summary: 'Get an entity by its uid',
        params: EntityUidPath,
        response: { 200: EntitySchema },
      },
    },
    async (request, reply) => {
      const found = await entityByUid(reading, request.params.uid, await scopeOf(request));
      if (!found) throw locationErrors.entityUidNotFound(request.params);
      return sendJson(reply, found.text);
    },
  );
  http.delete(
    `${base}/entities/by-uid/:uid`,
    {
      config: { permission: 'catalog.entity.delete' },
      schema: {
        operationId: 'DeleteEntityByUid',
        tags: ['entities'],
        summary: 'Remove an entity',
        description: 'It comes back with the next reading of its source if a descriptor still describes it.',
        params: EntityUidPath,
        response: { 204: Type.Null({ description: 'Removed.' }) },
      },
    },
    async (request, reply) => {
      const scope = await scopeOf(request, 'catalog.entity.delete');
      if (scope && !(await entityByUid(reading, request.params.uid, scope)))
        throw locationErrors.entityUidNotFound(request.params);
      await actions.deleteEntity(request.params.uid, access.principalOf(request).ref);
      return sendNothing(reply, 204);
    },
  );
}

function registerByName(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    byName,
    {
      config: read,
      schema: {
        operationId: 'GetEntityByName',
        tags: ['entities'],
        summary: 'Get an entity by kind, namespace and name',
        params: EntityPath,
        querystring: EntityQuery,
        response: { 200: EntitySchema },
      },
    },
    async (request, reply) => {
      const text = await entityTextByRef(reading, refOfPath(request.params), await scopeOf(request));
      if (text === undefined) throw entityNotFound(request.params);
      const { longest } = request.query;
      return sendJson(reply, longest === undefined ? text : shortenTexts(text, longest));
    },
  );
  http.get(
    `${byName}/ancestry`,
    {
      config: read,
      schema: {
        operationId: 'GetEntityAncestryByName',
        tags: ['entities'],
        summary: 'Get an entity with the Location entities that brought it in',
        params: EntityPath,
        response: { 200: AncestryResponse },
      },
    },
    async (request) => {
      const rootEntityRef = refOfPath(request.params);
      const items = await ancestry(reading, rootEntityRef, await scopeOf(request));
      if (items.length === 0) throw entityNotFound(request.params);
      return { rootEntityRef, items };
    },
  );
}

function registerRefresh(http: Routes, { actions, reading, scopeOf }: RouteTools): void {
  http.post(
    `${base}/refresh`,
    {
      config: { permission: 'catalog.entity.refresh' },
      schema: {
        operationId: 'RefreshEntity',
        tags: ['entities'],
        summary: 'Read the source of an entity again now',
        body: RefreshBody,
        response: { 200: Type.Null({ description: 'It will be read.' }) },
      },
    },
    async (request, reply) => {
      const ref = canonicalRef(request.body.entityRef);
      const scope = await scopeOf(request, 'catalog.entity.refresh');
      if (scope && (await refsFulfilling(reading, [ref], scope)).length === 0)
        throw previewErrors.entityRefNotFound({ ref });
      await actions.refreshEntity(ref);
      return sendNothing(reply, 200);
    },
  );
}

function registerDetails(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    `${byName}/history`,
    {
      config: read,
      schema: {
        operationId: 'GetEntityHistory',
        tags: ['entities'],
        summary: 'What changed of an entity, when and by whom',
        description: 'Newest first. An entity that was removed keeps its history.',
        params: EntityPath,
        querystring: HistoryQuery,
        response: { 200: HistoryResponse },
      },
    },
    async (request) => {
      const ref = refOfPath(request.params);
      const { limit = 50, cursor } = request.query;
      const scope = await scopeOf(request);
      const before = cursor === undefined ? undefined : readIdCursor(cursor);
      const entries = await historyOf(reading, ref, { limit: limit + 1, before });
      const isKnown = entries.length > 0 || before !== undefined;
      if (scope || !isKnown) {
        const text = await entityTextByRef(reading, ref, scope);
        if (text === undefined) throw entityNotFound(request.params);
      }
      const items = entries.slice(0, limit);
      return { items, pageInfo: entries.length > limit ? { nextCursor: idCursor(items.at(-1)!.id) } : {} };
    },
  );
  http.get(
    `${byName}/provenance`,
    {
      config: read,
      schema: {
        operationId: 'GetEntityProvenance',
        tags: ['entities'],
        summary: 'Where an entity comes from and how old what is known of it is',
        params: EntityPath,
        response: { 200: ProvenanceResponse },
      },
    },
    async (request) => {
      const provenance = await provenanceOf(reading, refOfPath(request.params), await scopeOf(request));
      if (!provenance) throw entityNotFound(request.params);
      return provenance;
    },
  );
  http.get(
    `${byName}/relations`,
    {
      config: read,
      schema: {
        operationId: 'GetEntityRelations',
        tags: ['entities'],
        summary: 'What is around an entity, up to four steps away',
        params: EntityPath,
        querystring: NeighbourhoodQuery,
        response: { 200: NeighbourhoodResponse },
      },
    },
    async (request) => {
      const { depth = 1, direction = 'both', relation, kind, limit = 500 } = request.query;
      const relations = listOf(relation);
      const kinds = listOf(kind);
      const root = refOfPath(request.params);
      const scope = await scopeOf(request);
      const found = await neighbourhood(reading, { root, depth, direction, relations, kinds, limit, scope });
      if (!found) throw entityNotFound(request.params);
      return found;
    },
  );
}

/** Routes about one entity. */
export function registerEntity(http: Routes, tools: RouteTools): void {
  registerByUid(http, tools);
  registerByName(http, tools);
  registerRefresh(http, tools);
  registerDetails(http, tools);
}
