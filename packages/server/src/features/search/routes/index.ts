import {
  MissesQuery,
  MissesResponse,
  OpenedBody,
  SearchQuery,
  SearchResponse,
  SearchStatus,
  SuggestQuery,
  SuggestResponse,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../core/http/index.ts';
import { searchErrors } from '../errors.ts';
import type { Asker, SearchOutcome, SearchRequest } from '../query/search.ts';
import type { SearchScope } from '../types.ts';
import { readPageCursor } from './cursors.ts';
import { listParameters } from './parameters.ts';
import { lastResult, searchResponse, suggestResponse } from './present.ts';

/** What the routes ask of the rest of search. */
export type RouteTools = {
  types: readonly string[];
  search(request: SearchRequest): Promise<SearchOutcome>;
  /** Who asks, as the catalog was at an event, or later. */
  askerOf(request: FastifyRequest, at: number): Promise<Asker>;
  /** What the asker may see; everything when undefined. */
  scopeOf(request: FastifyRequest): ((at: number) => Promise<SearchScope>) | undefined;
  opened(open: OpenedBody): Promise<void>;
  missed(term: string): void;
  misses(limit: number): Promise<{ term: string; count: number; first_at: number; last_at: number }[]>;
  status(): Promise<SearchStatus>;
  rebuild(): Promise<void>;
};

const base = '/api/search';
const tags = ['search'];
const time = (at: number) => new Date(at).toISOString();
const nothing = (reply: { code(status: number): unknown }, status: number): FastifyReply =>
  (reply as unknown as FastifyReply).code(status).send();

/** The routes of search, as a plugin of the HTTP server. */
export const searchRoutes = (tools: RouteTools) => async (plain: unknown) => {
  const http = plain as HttpServer;
  http.get(
    `${base}/query`,
    {
      config: { permission: 'search.read' },
      schema: {
        operationId: 'Query',
        tags,
        summary: 'Search everything',
        querystring: SearchQuery,
        response: { 200: SearchResponse },
      },
    },
    async (request) => {
      const { term = '', pageLimit: limit = 25, pageCursor, facets = false, explain = false } = request.query;
      const { types, filters } = listParameters(request.query);
      for (const type of types ?? [])
        if (!tools.types.includes(type))
          throw searchErrors.typeUnknown({ type: type.slice(0, 100), types: tools.types.join(', ') });
      const page = readPageCursor(pageCursor);
      const scope = tools.scopeOf(request);
      const wanted = Math.min((page + 1) * limit + 1, lastResult);
      const outcome = await tools.search({
        term,
        ...(types && { types }),
        filters,
        wanted,
        count: true,
        facets,
        asker: (at) => tools.askerOf(request, at),
        ...(scope && { scope }),
      });
      const missed = outcome.partial || outcome.ranked.length === 0;
      if (missed && page === 0 && !types && filters.size === 0) tools.missed(outcome.query.text);
      return searchResponse(outcome, { page, limit, facets, explain });
    },
  );
  http.get(
    `${base}/suggest`,
    {
      config: { permission: 'search.read' },
      schema: {
        operationId: 'Suggest',
        tags,
        summary: 'The best results by kind, for who is still typing',
        querystring: SuggestQuery,
        response: { 200: SuggestResponse },
      },
    },
    async (request) => {
      const { term = '', limit = 5 } = request.query;
      const scope = tools.scopeOf(request);
      const asker = (at: number) => tools.askerOf(request, at);
      const outcome = await tools.search({ term, wanted: 6 * limit, count: false, asker, ...(scope && { scope }) });
      return suggestResponse(outcome, limit);
    },
  );
  http.post(
    `${base}/opened`,
    {
      config: { permission: 'search.read' },
      schema: {
        operationId: 'ReportOpened',
        tags,
        summary: 'Say which result was opened, so that it stands higher; nobody’s name is kept',
        body: OpenedBody,
        response: { 202: Type.Null({ description: 'It will be counted.' }) },
      },
    },
    async (request, reply) => {
      await tools.opened(request.body);
      return nothing(reply, 202);
    },
  );
  http.get(
    `${base}/misses`,
    {
      config: { permission: 'search.admin' },
      schema: {
        operationId: 'GetMisses',
        tags,
        summary: 'What people search in vain',
        querystring: MissesQuery,
        response: { 200: MissesResponse },
      },
    },
    async (request) => ({
      items: (await tools.misses(request.query.limit ?? 100)).map((row) => ({
        term: row.term,
        count: row.count,
        firstAt: time(row.first_at),
        lastAt: time(row.last_at),
      })),
    }),
  );
  http.get(
    `${base}/status`,
    {
      config: { permission: 'search.admin' },
      schema: {
        operationId: 'GetSearchStatus',
        tags,
        summary: 'How the index is doing',
        response: { 200: SearchStatus },
      },
    },
    async () => tools.status(),
  );
  http.post(
    `${base}/rebuild`,
    {
      config: { permission: 'search.admin' },
      schema: {
        operationId: 'RebuildIndex',
        tags,
        summary: 'Build the index anew beside the one that answers',
        response: { 202: Type.Null({ description: 'It will be built.' }) },
      },
    },
    async (_request, reply) => {
      await tools.rebuild();
      return nothing(reply, 202);
    },
  );
};
