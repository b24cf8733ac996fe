import type { QueryEntitiesBody } from '@callboard/model/http';
import {
  EntitiesByRefsBody,
  EntitiesByRefsQuery,
  EntitiesByRefsResponse,
  EntityList,
  ListEntitiesQuery,
  QueryEntitiesBody as QueryEntitiesBodySchema,
  QueryEntitiesQuery,
  QueryEntitiesResponse,
} from '@callboard/model/http';
import { decodeCursor, encodeCursor } from '../query/cursor.ts';
import { parseFields } from '../query/fields.ts';
import { parseFilters } from '../query/filter.ts';
import { limits } from '../query/limits.ts';
import { normalizeOrder, parseOrderFields, parseOrders } from '../query/order.ts';
import { parsePredicate } from '../query/parse-predicate.ts';
import { allOf, within } from '../../../core/predicate/index.ts';
import { entityTexts, recordsByRefs } from '../store/entities.ts';
import { readOrderedIds, recordsByIds } from '../store/query-ids.ts';
import type { Reading } from '../store/reading.ts';
import { routeErrors } from './errors.ts';
import { allRecords, openPage, textsOf } from './pages.ts';
import type { PageRequest } from './pages.ts';
import { sendItems } from './stream.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base, listOf } from './tools.ts';

const permission = 'catalog.entity.read';
const refChunk = 500;

type Reply = Parameters<typeof sendItems>[0];

async function sendPage(reading: Reading, reply: Reply, request: PageRequest, fields: string[] | undefined) {
  const projection = parseFields(fields);
  const page = await openPage(reading, request);
  const after = () => {
    const { totalItems, ...pageInfo } = page.info();
    return `],"totalItems":${totalItems},"pageInfo":${JSON.stringify(pageInfo)}}`;
  };
  return sendItems(reply, '{"items":[', textsOf(reading, page, request.scope, projection), after);
}

function fromQuery(query: QueryEntitiesQuery): Omit<PageRequest, 'scope'> {
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  if (cursor) return { list: cursor, cursor, limit: query.limit, count: false };
  const fields = listOf(query.fullTextFilterFields);
  const orderFields = parseOrderFields(query.orderField);
  const term = query.fullTextFilterTerm?.trim();
  return {
    list: {
      orderFields,
      predicate: parseFilters(query.filter),
      ...(term && { fullTextFilter: textFilter(term, fields) }),
    },
    limit: query.limit,
    offset: query.offset,
    count: query.totalItems !== 'exclude',
  };
}

const textFilter = (term: string, fields: string[] | undefined) => {
  parseFields(fields);
  return { term, ...(fields?.length && { fields }) };
};

function fromBody(body: QueryEntitiesBody): Omit<PageRequest, 'scope'> {
  const cursor = body.cursor === undefined ? undefined : decodeCursor(body.cursor);
  if (cursor) return { list: cursor, cursor, limit: body.limit, count: false };
  const term = body.fullTextFilter?.term?.trim();
  return {
    list: {
      orderFields: normalizeOrder(body.orderBy ?? []),
      ...(body.query !== undefined && { predicate: parsePredicate(body.query) }),
      ...(term && { fullTextFilter: textFilter(term, body.fullTextFilter?.fields) }),
    },
    limit: body.limit,
    offset: body.offset,
    count: body.totalItems !== 'exclude',
  };
}

/** Every entity of a sorted list: the order is worked out once, then the entities are read in it. */
async function* inOrder(reading: Reading, query: Parameters<typeof readOrderedIds>[1]) {
  const ids = await readOrderedIds(reading, query);
  for (let start = 0; start < ids.length; start += refChunk)
    yield recordsByIds(reading, ids.slice(start, start + refChunk));
}

function registerList(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    `${base}/entities`,
    {
      config: { permission },
      schema: {
        operationId: 'GetEntities',
        tags: ['entities'],
        summary: 'List entities',
        description:
          'Without limit, offset and after, every match is streamed. Otherwise one page is returned, and the Link header leads to the next.',
        querystring: ListEntitiesQuery,
        response: { 200: EntityList },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const scope = await scopeOf(request);
      const predicate = parseFilters(query.filter);
      const projection = parseFields(query.fields);
      const orderFields = parseOrders(query.order);
      if (query.limit === undefined && query.offset === undefined && query.after === undefined) {
        const list = { orderFields, predicate, ...(scope && { scope }) };
        const records = orderFields.length > 0 ? inOrder(reading, list) : allRecords(reading, list);
        const texts = (async function* () {
          for await (const each of records) yield await entityTexts(reading, each, scope, projection);
        })();
        return sendItems(reply, '[', texts, () => ']');
      }
      const after = query.after === undefined ? undefined : decodeCursor(query.after);
      if (after && orderFields.length > 0 && JSON.stringify(orderFields) !== JSON.stringify(after.orderFields))
        throw routeErrors.orderChanged();
      const limit = Math.min(query.limit ?? after?.limit ?? limits.page, limits.page);
      const cursor = after && {
        orderFields: after.orderFields,
        orderFieldValues: after.orderFieldValues,
        isPrevious: false,
      };
      const page = await openPage(reading, {
        list: { orderFields, predicate },
        ...(cursor && { cursor: { ...cursor, ...(predicate && { predicate }) } }),
        limit,
        offset: query.offset,
        count: false,
        scope,
      });
      // The header goes out before the entities, so all of the page is read first.
      const texts: string[] = [];
      for await (const piece of textsOf(reading, page, scope, projection)) texts.push(...piece);
      const { nextCursor } = page.info();
      if (nextCursor) {
        const { orderFields: sorted, orderFieldValues } = decodeCursor(nextCursor);
        const url = new URL(request.url, 'http://localhost');
        url.searchParams.delete('offset');
        url.searchParams.set(
          'after',
          encodeCursor({ orderFields: sorted, orderFieldValues, isPrevious: false, limit }),
        );
        reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
      }
      return sendItems(
        reply,
        '[',
        (async function* () {
          yield texts;
        })(),
        () => ']',
      );
    },
  );
}

function registerByQuery(http: Routes, { reading, scopeOf }: RouteTools): void {
  const description =
    'Pages are followed by nextCursor and prevCursor; entities that come or go meanwhile shift nothing. Entities without an order field come last.';
  http.get(
    `${base}/entities/by-query`,
    {
      config: { permission },
      schema: {
        operationId: 'GetEntitiesByQuery',
        tags: ['entities'],
        summary: 'Page through entities by filter',
        description,
        querystring: QueryEntitiesQuery,
        response: { 200: QueryEntitiesResponse },
      },
    },
    async (request, reply) =>
      sendPage(reading, reply, { ...fromQuery(request.query), scope: await scopeOf(request) }, request.query.fields),
  );
  http.post(
    `${base}/entities/by-query`,
    {
      config: { permission },
      schema: {
        operationId: 'QueryEntitiesByPredicate',
        tags: ['entities'],
        summary: 'Page through entities by predicate',
        description,
        body: QueryEntitiesBodySchema,
        response: { 200: QueryEntitiesResponse },
      },
    },
    async (request, reply) =>
      sendPage(reading, reply, { ...fromBody(request.body), scope: await scopeOf(request) }, request.body.fields),
  );
}

function registerByRefs(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.post(
    `${base}/entities/by-refs`,
    {
      config: { permission },
      schema: {
        operationId: 'GetEntitiesByRefs',
        tags: ['entities'],
        summary: 'Get many entities by their refs',
        description:
          'The answer has one item per ref, in the same order; null for what does not exist or does not fulfil query and filter.',
        querystring: EntitiesByRefsQuery,
        body: EntitiesByRefsBody,
        response: { 200: EntitiesByRefsResponse },
      },
    },
    async (request, reply) => {
      const { entityRefs, fields, query } = request.body;
      const asked = [
        parseFilters(request.query.filter),
        query === undefined ? undefined : parsePredicate(query),
      ].filter((condition) => condition !== undefined);
      const scope = await scopeOf(request);
      const condition = asked.length > 0 || scope ? within(allOf(...asked), scope) : undefined;
      const projection = parseFields(fields);
      const texts = (async function* () {
        for (let start = 0; start < entityRefs.length; start += refChunk) {
          const refs = entityRefs.slice(start, start + refChunk).map((ref) => ref.toLowerCase());
          const records = await recordsByRefs(reading, refs, condition);
          const found = await entityTexts(reading, records, scope, projection);
          const byRef = new Map(records.map((record, index) => [record.ref, found[index]!]));
          yield refs.map((ref) => byRef.get(ref) ?? 'null');
        }
      })();
      return sendItems(reply, '{"items":[', texts, () => ']}');
    },
  );
}

/** Routes that answer with many entities. */
export function registerEntityLists(http: Routes, tools: RouteTools): void {
  registerList(http, tools);
  registerByQuery(http, tools);
  registerByRefs(http, tools);
}
