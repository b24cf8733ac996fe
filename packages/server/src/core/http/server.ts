import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { LogController } from 'fastify';
import type { FastifyInstance, RawServerDefault, RouteOptions } from 'fastify';
import type { Logger } from '../log/index.ts';
import { registerBodyParser } from './body.ts';
import { isReadableQuery } from './addresses.ts';
import { answerClientError } from './client-errors.ts';
import { registerCors } from './cors.ts';
import { sendError } from './envelope.ts';
import { httpErrors } from './errors.ts';
import { registerEtag } from './etag.ts';
import { registerHealth } from './health.ts';
import type { Readiness } from './health.ts';
import { limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import { registerNotFound } from './not-found.ts';
import { registerObservation, requestId } from './observe.ts';
import { registerOpenapi } from './openapi.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import type { SecurityConfig, ShownHosts } from './security.ts';
import { registerSecurity } from './security.ts';
import type { EventStreams } from './sse.ts';
import { closeSchemas, createValidatorCompiler } from './validation.ts';
import type { PageFallback } from './web-app.ts';
import { registerWebApp } from './web-app.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The permission that the route needs; `none` when everybody may. Required under /api. */
    permission?: string;
  }
}

/** The keys of the configuration that this room reads. */
export type HttpConfig = SecurityConfig & { app?: { title?: string } };

/** The portal's HTTP server: Fastify, typed by TypeBox schemas, plus what this room adds. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  Logger,
  TypeBoxTypeProvider
> &
  Readiness & { metrics: Metrics; eventStreams: EventStreams };

/** Every route under /api says who may use it: silence must not mean everybody. */
function requirePermission({ url, method, config }: RouteOptions): void {
  if (url.startsWith('/api/') && !config?.permission) {
    throw new Error(`The route ${[method].flat().join(',')} ${url} does not say its permission (config.permission)`);
  }
}

const toJson = () => JSON.stringify as (value: unknown) => string;

const webApps = new WeakMap<object, PageFallback>();

/**
 * Makes the HTTP server with everything that is the same for all routes: error shape, strict validation, ETags,
 * security headers, health, metrics and the OpenAPI document. It does not listen yet.
 *
 * @param options.config - where it will listen, and who may talk to it
 * @param options.log - one line per request goes here
 * @param options.version - of the portal, published in the OpenAPI document
 * @param options.shown - other hosts whose frames and images pages may show
 */
export async function createHttp(options: {
  config: HttpConfig;
  log: Logger;
  version: string;
  shown?: ShownHosts;
}): Promise<HttpServer> {
  const { config, log, version } = options;
  const validatorCompiler = createValidatorCompiler();
  const compilersFactory = { buildValidator: () => validatorCompiler as never, buildSerializer: () => toJson };
  const plain = fastify({
    loggerInstance: log,
    // One line per request, written by observe.ts, instead of Fastify's two.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestId,
    bodyLimit: limits.body,
    requestTimeout: 60_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // A missing host header is refused below, in our words.
    http: { maxHeaderSize: limits.headers, requireHostHeader: false },
    routerOptions: { maxParamLength: limits.pathPart },
    clientErrorHandler: answerClientError,
    frameworkErrors: sendError,
    exposeHeadRoutes: true,
    // Given here and below, so that Fastify does not load compilers of its own. Response schemas describe; they neither slow an answer
    // down nor drop what they do not know.
    schemaController: { compilersFactory },
  });
  const http = plain as unknown as FastifyInstance;

  const metrics = createMetrics();
  const eventStreams: EventStreams = new Set();
  let stopping = false;
  http.decorate('metrics', metrics);
  http.decorate('eventStreams', eventStreams);
  http.addHook('onClose', registerProcessMetrics(metrics));
  http.addHook('preClose', async () => {
    stopping = true;
    for (const stream of eventStreams) stream.close();
  });
  metrics.gauge({ name: 'http_event_streams', help: 'Open event streams', read: () => eventStreams.size });

  http.setValidatorCompiler(validatorCompiler);
  http.setSerializerCompiler(toJson);
  http.setErrorHandler(sendError);
  http.addHook('onRoute', requirePermission);
  http.addHook('onRoute', closeSchemas);
  registerNotFound(http, () => webApps.get(plain));
  registerObservation(http, metrics);
  http.addHook('onRequest', async (request) => {
    if (stopping) throw httpErrors.stopping();
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      throw httpErrors.malformedRequest({ reason: 'the host header is missing' });
    if (request.url.length > limits.url) throw httpErrors.urlTooLong({ limit: limits.url });
    if (!isReadableQuery(request.url)) throw httpErrors.malformedQuery();
  });
  http.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });
  registerBodyParser(http);
  await registerSecurity(http, config, options.shown);
  registerCors(http, config.server.cors);
  registerEtag(http);
  await registerOpenapi(http, { title: config.app?.title || 'Callboard', version });
  const readiness = registerHealth(http, metrics);
  http.decorate('setReady', readiness.setReady);
  http.decorate('addReadinessCheck', readiness.addReadinessCheck);
  return plain as unknown as HttpServer;
}

/**
 * Serves the built web app beside the API: files with their precompressed forms, and the start page for every
 * address that a person opens. While it is not built, a page says how to build it.
 *
 * @param http - made by createHttp, not listening yet
 * @param directory - the folder with index.html
 */
export async function serveWebApp(http: HttpServer, directory: string): Promise<void> {
  webApps.set(http, await registerWebApp(http as unknown as FastifyInstance, directory));
}
