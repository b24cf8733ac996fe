import {
  AnalyzeLocationBody,
  AnalyzeLocationResponse,
  CreateLocationQuery,
  CreateLocationResponse,
  EntityPath,
  LocationIdPath,
  LocationInput,
  LocationList,
  LocationSchema,
  QueryLocationsBody,
  QueryLocationsResponse,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyRequest } from 'fastify';
import type { DiskReach } from '../sources/types.ts';
import { locationErrors } from '../errors.ts';
import { parsePredicate } from '../query/parse-predicate.ts';
import { locationOfEntity, registeredLocations } from '../store/read-sources.ts';
import { locationCursor, readLocationCursor } from './cursors.ts';
import { routeErrors } from './errors.ts';
import { locationTest } from './location-predicate.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base, entityNotFound, refOfPath, sendNothing } from './tools.ts';

const read = { permission: 'catalog.location.read' };
const tags = ['locations'];

function registerReading(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    `${base}/locations`,
    {
      config: read,
      schema: {
        operationId: 'GetLocations',
        tags,
        summary: 'List the registered locations',
        response: { 200: LocationList },
      },
    },
    async (request) =>
      (await registeredLocations(reading, { scope: await scopeOf(request) })).map((data) => ({ data })),
  );
  http.post(
    `${base}/locations/by-query`,
    {
      config: read,
      schema: {
        operationId: 'GetLocationsByQuery',
        tags,
        summary: 'Page through the registered locations by predicate',
        body: QueryLocationsBody,
        response: { 200: QueryLocationsResponse },
      },
    },
    async (request) => {
      const { cursor, ...given } = request.body;
      const asked =
        cursor === undefined ? { ...given, limit: given.limit ?? 1000, afterId: '' } : readLocationCursor(cursor);
      const test = asked.query === undefined ? () => true : locationTest(parsePredicate(asked.query));
      const all = (await registeredLocations(reading, { scope: await scopeOf(request) })).filter(test);
      const rest = all.filter((location) => location.id > asked.afterId);
      const items = rest.slice(0, asked.limit);
      const next = {
        limit: asked.limit,
        afterId: items.at(-1)?.id ?? '',
        ...(asked.query !== undefined && { query: asked.query }),
      };
      return {
        items,
        totalItems: all.length,
        pageInfo: rest.length > items.length ? { nextCursor: locationCursor(next) } : {},
      };
    },
  );
  http.get(
    `${base}/locations/:id`,
    {
      config: read,
      schema: {
        operationId: 'GetLocation',
        tags,
        summary: 'Get a registered location',
        params: LocationIdPath,
        response: { 200: LocationSchema },
      },
    },
    async (request) => {
      const [location] = await registeredLocations(reading, { id: request.params.id, scope: await scopeOf(request) });
      if (!location) throw locationErrors.locationNotFound(request.params);
      return location;
    },
  );
  http.get(
    `${base}/locations/by-entity/:kind/:namespace/:name`,
    {
      config: read,
      schema: {
        operationId: 'getLocationByEntity',
        tags,
        summary: 'Get the registered location that brought an entity',
        params: EntityPath,
        response: { 200: LocationSchema },
      },
    },
    async (request) => {
      const ref = refOfPath(request.params);
      const { entity, location } = await locationOfEntity(reading, ref, await scopeOf(request));
      if (!entity) throw entityNotFound(request.params);
      if (!location) throw routeErrors.locationOfEntityUnknown({ ref });
      return location;
    },
  );
}

function registerWriting(http: Routes, { actions, access, reading, scopeOf }: RouteTools): void {
  /** Whoever is at the portal's own machine, alone, may read it anyway; everybody else what the operator has named. */
  const diskReach = (request: FastifyRequest): DiskReach => {
    const principal = access.principalOf(request);
    if (access.decide(principal, 'catalog.location.disk') !== 'allow') return 'nowhere';
    return principal.kind === 'local-administrator' ? 'anywhere' : 'configured';
  };
  /** Who may not see a location cannot change it either. */
  const assertSeen = async (request: FastifyRequest, id: string) => {
    const scope = await scopeOf(request);
    if (scope && (await registeredLocations(reading, { id, scope })).length === 0)
      throw locationErrors.locationNotFound({ id });
  };
  http.post(
    `${base}/locations`,
    {
      config: { permission: 'catalog.location.create' },
      schema: {
        operationId: 'CreateLocation',
        tags,
        summary: 'Register a location, or try it out',
        description: 'A dry run reads and checks everything as it would be, and stores nothing.',
        querystring: CreateLocationQuery,
        body: LocationInput,
        response: { 201: CreateLocationResponse },
      },
    },
    async (request, reply) => {
      const { dryRun, onConflict } = request.query;
      const actor = access.principalOf(request).ref;
      const created = await actions.registerLocation(request.body, {
        dryRun,
        onConflict,
        actor,
        disk: diskReach(request),
      });
      return reply.code(201).send(created);
    },
  );
  http.put(
    `${base}/locations/:id`,
    {
      config: { permission: 'catalog.location.create' },
      schema: {
        operationId: 'UpdateLocation',
        tags,
        summary: 'Change where a registered location points',
        params: LocationIdPath,
        body: LocationInput,
        response: { 200: LocationSchema },
      },
    },
    async (request) => {
      await assertSeen(request, request.params.id);
      const actor = access.principalOf(request).ref;
      return actions.updateLocation(request.params.id, request.body, { actor, disk: diskReach(request) });
    },
  );
  http.delete(
    `${base}/locations/:id`,
    {
      config: { permission: 'catalog.location.delete' },
      schema: {
        operationId: 'DeleteLocation',
        tags,
        summary: 'Forget a registered location and the entities that only it brought',
        params: LocationIdPath,
        response: { 204: Type.Null({ description: 'Forgotten.' }) },
      },
    },
    async (request, reply) => {
      await assertSeen(request, request.params.id);
      await actions.deleteLocation(request.params.id, access.principalOf(request).ref);
      return sendNothing(reply, 204);
    },
  );
  http.post(
    `${base}/analyze-location`,
    {
      config: { permission: 'catalog.location.analyze' },
      schema: {
        operationId: 'AnalyzeLocation',
        tags,
        summary: 'See what a location holds before it is registered',
        body: AnalyzeLocationBody,
        response: { 200: AnalyzeLocationResponse },
      },
    },
    async (request) => {
      const { location } = request.body;
      return actions.analyzeLocation(location, diskReach(request));
    },
  );
}

/** Routes about registered locations. */
export function registerLocations(http: Routes, tools: RouteTools): void {
  registerReading(http, tools);
  registerWriting(http, tools);
}
