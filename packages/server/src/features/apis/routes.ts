import { stringifyEntityRef } from '@callboard/model';
import {
  ApiOperationResponse,
  ApiOverviewResponse,
  ApiPartQuery,
  ApiPath,
  ApiSummariesBody,
  ApiSummariesResponse,
  ApiTryRequest,
  ApiTryResponse,
  ApiTypeResponse,
} from '@callboard/model/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '../../core/http/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import type { Access } from '../access/index.ts';
import type { ApisConfig } from './config.ts';
import { type Definitions, detailText } from './definitions.ts';
import { apiErrors } from './errors.ts';
import { mayCall, tryOut } from './try-out.ts';

/** What the routes work with. */
export type RouteTools = {
  definitions: Definitions;
  config: ApisConfig;
  outbound: Outbound;
  access: Pick<Access, 'seenAmong' | 'principalOf' | 'assertMay'>;
};

const base = '/api/apis';
const one = `${base}/by-name/:namespace/:name`;
const read = { permission: 'catalog.entity.read' };

const refOf = ({ namespace, name }: ApiPath) => stringifyEntityRef({ kind: 'api', namespace, name });

/** Answers with JSON that is text already. */
const sendJson = (reply: { type(type: string): unknown }, json: string): FastifyReply =>
  (reply as unknown as FastifyReply).type('application/json; charset=utf-8').send(json);

/** The routes of APIs: what their definitions offer, in one form for every format. */
export function registerRoutes(http: HttpServer, { definitions, config, outbound, access }: RouteTools): void {
  /** An API that the asker may not see is none. */
  const understoodFor = async (request: FastifyRequest, ref: string) => {
    if (!(await access.seenAmong(request, [ref])).has(ref)) throw apiErrors.apiUnknown({ ref });
    return definitions.of(ref);
  };
  http.post(
    `${base}/summaries`,
    {
      config: read,
      schema: {
        operationId: 'GetApiSummaries',
        tags: ['apis'],
        summary: 'Format, version and size of several APIs',
        body: ApiSummariesBody,
        response: { 200: ApiSummariesResponse },
      },
    },
    async (request) => {
      const refs = request.body.entityRefs.map((ref) => ref.toLowerCase());
      const found = await definitions.summaries([...(await access.seenAmong(request, refs))]);
      return { items: refs.map((ref) => found.get(ref) ?? null) };
    },
  );
  http.get(
    one,
    {
      config: read,
      schema: {
        operationId: 'GetApiOverview',
        tags: ['apis'],
        summary: 'What an API is and a line for each thing that it offers',
        description: 'OpenAPI, AsyncAPI, GraphQL, protocol buffers and Avro in one form; other definitions are text.',
        params: ApiPath,
        response: { 200: ApiOverviewResponse },
      },
    },
    async (request, reply) => {
      const understood = await understoodFor(request, refOf(request.params));
      const callable = [...new Set([...understood.calls.values()].flatMap(({ servers }) => servers))].filter((server) =>
        mayCall(config, server),
      );
      return sendJson(reply, `${understood.overview.slice(0, -1)},"tryItOut":${JSON.stringify(callable)}}`);
    },
  );
  http.get(
    `${one}/operation`,
    {
      config: read,
      schema: {
        operationId: 'GetApiOperation',
        tags: ['apis'],
        summary: 'One operation of an API with the types that it needs',
        params: ApiPath,
        querystring: ApiPartQuery,
        response: { 200: ApiOperationResponse },
      },
    },
    async (request, reply) => {
      const ref = refOf(request.params);
      const { id } = request.query;
      const understood = await understoodFor(request, ref);
      const part = understood.operations.get(id);
      if (!part) throw apiErrors.operationUnknown({ ref, id: id.slice(0, 200) });
      return sendJson(reply, detailText(understood, part));
    },
  );
  http.get(
    `${one}/type`,
    {
      config: read,
      schema: {
        operationId: 'GetApiType',
        tags: ['apis'],
        summary: 'One type of an API with the types that it needs',
        params: ApiPath,
        querystring: ApiPartQuery,
        response: { 200: ApiTypeResponse },
      },
    },
    async (request, reply) => {
      const ref = refOf(request.params);
      const { id } = request.query;
      const understood = await understoodFor(request, ref);
      const part = understood.types.get(id);
      if (!part) throw apiErrors.typeUnknown({ ref, id: id.slice(0, 200) });
      return sendJson(reply, detailText(understood, part));
    },
  );
  http.post(
    `${one}/operation/try`,
    {
      config: { permission: 'apis.operation.try' },
      schema: {
        operationId: 'TryApiOperation',
        tags: ['apis'],
        summary: 'Call an operation, to try it out',
        description:
          'The portal calls one of the servers that the definition names, if apis.tryItOut.hosts lists its host. Cookies and the sign-in of the portal are not passed on.',
        params: ApiPath,
        querystring: ApiPartQuery,
        body: ApiTryRequest,
        response: { 200: ApiTryResponse },
      },
    },
    async (request) => {
      const ref = refOf(request.params);
      const { id } = request.query;
      const understood = await understoodFor(request, ref);
      await access.assertMay(access.principalOf(request), 'apis.operation.try', ref);
      const call = understood.calls.get(id);
      if (!call) throw apiErrors.operationUnknown({ ref, id: id.slice(0, 200) });
      return tryOut({ config, outbound }, call, request.body);
    },
  );
}
