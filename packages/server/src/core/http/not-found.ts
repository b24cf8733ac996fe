import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { sendError, shorten } from './envelope.ts';
import { httpErrors } from './errors.ts';
import { limits } from './limits.ts';
import type { PageFallback } from './web-app.ts';

type KnownRoute = { pattern: RegExp; methods: string[] };

/** `/entities/by-name/:kind/:name` as an expression; a catch-all says nothing about methods. */
function toPattern(url: string): RegExp | undefined {
  if (url.includes('*')) return undefined;
  const steps = url
    .split('/')
    .map((step) => (step.includes(':') ? '[^/]+' : step.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${steps.join('/')}$`);
}

/**
 * Answers what no route takes: 405 when another method would do, a page of the web app, else 404.
 * Must run before the routes are added.
 *
 * @param http - the server
 * @param page - the web app's answer, asked at the time of the request
 */
export function registerNotFound(http: FastifyInstance, page: () => PageFallback | undefined): void {
  const routes: KnownRoute[] = [];
  http.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const pattern = toPattern(url);
    if (pattern) routes.push({ pattern, methods: [method].flat() });
  });
  http.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0]!;
    const fallback = page()?.(request, reply);
    if (fallback) return fallback;
    const { method } = request;
    const url = shorten(path, 200);
    const methods = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods))];
    if (methods.length === 0) return sendError(httpErrors.routeNotFound({ method, url }), request, reply);
    // The address fits a route that takes the method, so a part of the path must have been too long for the router.
    if (methods.includes(method)) return sendError(httpErrors.urlTooLong({ limit: limits.pathPart }), request, reply);
    const allowed = methods.sort().join(', ');
    void reply.header('allow', allowed);
    if (method === 'OPTIONS') return reply.code(204).send();
    return sendError(httpErrors.methodNotAllowed({ url, method, allowed }), request, reply);
  });
}
