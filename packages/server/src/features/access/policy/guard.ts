import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../core/http/index.ts';
import { permissionNamed } from './permissions.ts';

/** What the central hook asks. */
export type Guard = {
  /** Refuses who may not use a route at all. Which entities they see, the route itself asks. */
  assertMayUse(request: FastifyRequest, permission: string): void;
};

/**
 * Asks, for every route, whether whoever calls it may use it. It runs after all `onRequest` hooks, where callers are recognised, and
 * before a body is read. Add it before any route.
 *
 * @throws Error when a route names a permission that does not exist, which stops the start
 */
export function guardRoutes(http: HttpServer, guard: Guard): void {
  http.addHook('onRoute', ({ url, method, config }) => {
    const name = config?.permission;
    if (name === undefined || name === 'none' || permissionNamed(name)) return;
    throw new Error(
      `The route ${[method].flat().join(',')} ${url} asks for the permission '${name}', which does not exist`,
    );
  });
  http.addHook('preParsing', async (request) => {
    const permission = request.routeOptions.config?.permission;
    if (permission !== undefined && permission !== 'none') guard.assertMayUse(request, permission);
  });
}
