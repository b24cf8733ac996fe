import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { shorten } from './envelope.ts';
import type { Metrics } from './metrics.ts';

const saneId = /^[\w.:/+=-]{1,100}$/;

/** Takes the id that a proxy gave the request, if it can be trusted in a log line; else makes one. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneId.test(given) ? given : randomUUID();
}

const secretParameter =
  /([?&](?:authorization|code|state|token|access_token|id_token|refresh_token|password|secret|api_?key)=)[^&]*/gi;

/** Tokens of the portal, under whatever name. */
const ownToken = /(cb[ps]_)[\w-]{20,}/g;

/** An address as a log may have it: what opens doors should not stand there, and yet people and identity providers put it there. */
export const loggedUrl = (url: string): string =>
  shorten(url.replace(secretParameter, '$1…').replace(ownToken, '$1…'), 500);

/** Logs and counts every request once, when its answer has left. */
export function registerObservation(http: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  http.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  http.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    durations.observe(reply.elapsedTime / 1000, { method: request.method, route, status: reply.raw.statusCode });
    // What was only read, and read well, would drown the lines that matter.
    const isRead = /^(GET|HEAD)$/.test(request.method) || request.routeOptions.config.permission?.endsWith('.read');
    const level = isRead && reply.raw.statusCode < 400 ? 'debug' : 'info';
    request.log[level](
      {
        method: request.method,
        url: loggedUrl(request.url),
        status: reply.raw.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
  });
}
