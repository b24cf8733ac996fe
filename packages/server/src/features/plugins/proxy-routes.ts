import { isJsonObject, type JsonObject } from '@callboard/model';
import { Type } from '@callboard/model/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseJsonBody } from '../../core/http/body.ts';
import { type HttpServer, sse } from '../../core/http/index.ts';
import type { Access } from '../access/index.ts';
import type { ActivePlugin } from './active.ts';
import type { Runtime } from './runtime.ts';
import { entityHidden } from './views.ts';
import { goneSignal } from './gone.ts';
import { hide } from './use-routes.ts';

const tags = ['plugins'];
const use = { permission: 'plugins.use' };
const hookBytes = 4 * 1024 * 1024;
/** Headers that say who somebody is at this portal are nobody else's business. */
const ownHeaders = new Set(['cookie', 'authorization', 'proxy-authorization']);

/** The declared route that a request means, with the words of its path. */
export function matchRoute(
  routes: readonly { id: string; method: string; path: string }[],
  method: string,
  path: string,
): { id: string; params: Record<string, string> } | undefined {
  const parts = path.split('/').filter(Boolean);
  for (const route of routes) {
    const wanted = route.path.split('/').filter(Boolean);
    if (route.method !== method || wanted.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((word, index) => {
      if (!word.startsWith(':')) return word === parts[index];
      params[word.slice(1)] = parts[index]!;
      return true;
    });
    if (fits) return { id: route.id, params };
  }
  return undefined;
}

type Routes = NonNullable<NonNullable<ActivePlugin['manifest']['contributes']>['routes']>;

/** The route of a plugin that a request means, as the plugin is told of it. */
function routeOf(runtime: Runtime, request: FastifyRequest, start: string) {
  const params = request.params as { id: string; '*': string };
  const plugin = runtime.get(params.id);
  const path = `${start}/${params['*']}`;
  const routes: Routes = plugin.manifest.contributes?.routes ?? [];
  const found = matchRoute(routes, request.method, path);
  if (!found) throw hide(plugin, `route ${request.method} ${path.slice(0, 200)}`);
  const route = routes.find(({ id }) => id === found.id)!;
  const query = Object.fromEntries(new URL(request.url, 'http://portal').searchParams);
  return { plugin, route, input: { method: request.method, path, params: found.params, query } };
}

/** The entity that a route is about, wherever its manifest lets the ref come from. Two places must not say two things. */
function entityNamed(name: string, query: Record<string, string>, body: unknown): string {
  const places: JsonObject[] = [query, isJsonObject(body) ? body : {}];
  const given = places.filter((place) => Object.hasOwn(place, name)).map((place) => place[name]);
  const [ref] = given;
  return typeof ref === 'string' && given.every((each) => each === ref) ? ref.toLowerCase() : '';
}

const answer = (reply: FastifyReply, given: unknown) => {
  const { status = 200, body } = given as { status?: number; body: unknown };
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
};

/** Sends what a route says bit by bit, no faster than it is taken. */
async function sendEvents(
  reply: FastifyReply,
  begin: (how: { signal: AbortSignal; onItem: (value: unknown) => Promise<void> }) => Promise<unknown>,
): Promise<void> {
  const stream = sse(reply);
  const { signal } = stream;
  try {
    await begin({
      signal,
      async onItem(value) {
        if (stream.send({ data: JSON.stringify(value) })) await stream.drained();
      },
    });
    stream.send({ event: 'end', data: {} });
  } catch (error) {
    const { code = '', message, fix = '' } = error as { code?: string; message: string; fix?: string };
    stream.send({ event: 'problem', data: { code, message, fix } });
  }
  stream.close();
}

/** The addresses of plugins' own: for people and programs that are known here, and hooks for everybody. */
export function registerProxy(http: HttpServer, { runtime, access }: { runtime: Runtime; access: Access }): void {
  const params = Type.Object({ id: Type.String(), '*': Type.String() });
  const querystring = Type.Object({}, { additionalProperties: true });

  async function forKnown(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { plugin, route, input } = routeOf(runtime, request, '');
    const principal = access.principalOf(request);
    const permissionOf = (name: string) => `plugin.${plugin.id}.${name}`;
    request.auditDetail = { plugin: plugin.id, route: route.id, title: route.title };
    if (route.permission !== undefined) await access.assertMay(principal, permissionOf(route.permission));
    const visible = async (refs: string[]) => [...(await access.seenAmong(request, refs))];
    if (route.entity !== undefined) {
      const ref = entityNamed(route.entity, input.query, request.body);
      if (ref === '' || (await visible([ref])).length === 0) throw entityHidden(ref);
    }
    const permissions = (plugin.manifest.contributes!.permissions ?? [])
      .map(({ id }) => id)
      .filter((id) => access.decide(principal, permissionOf(id)) !== 'deny');
    const who = { user: principal.ref, permissions, visible, signal: goneSignal(reply) };
    const target = `routes/${route.id}`;
    const sent = { ...input, body: request.body ?? null };
    if (!route.stream) return answer(reply, await runtime.call(plugin.id, target, sent, who));
    void sendEvents(reply, (how) => runtime.call(plugin.id, target, sent, { ...who, ...how, isLong: true }));
    return reply;
  }
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
    http.route({
      method,
      url: '/api/plugins/:id/*',
      config: use,
      schema: {
        operationId: `Plugin${method.charAt(0)}${method.slice(1).toLowerCase()}`,
        tags,
        summary: 'A route of a plugin',
        params,
        querystring,
        response: { '2xx': Type.Unknown({ description: 'What the plugin answers.' }) },
      },
      handler: (request, reply) =>
        forKnown(request as unknown as FastifyRequest, reply as unknown as FastifyReply) as never,
    });

  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: hookBytes }, (_request, bytes, done) =>
      done(null, bytes),
    );
    (scope as unknown as HttpServer).route({
      method: 'POST',
      url: '/api/plugins/:id/hooks/*',
      config: { permission: 'none', audit: 'never' },
      bodyLimit: hookBytes,
      schema: {
        operationId: 'PluginHook',
        tags,
        summary: 'A hook of a plugin, for whoever signs what they send',
        params,
        querystring,
        response: { '2xx': Type.Unknown({ description: 'What the plugin answers.' }) },
      },
      async handler(request, reply) {
        const { plugin, route, input } = routeOf(runtime, request as unknown as FastifyRequest, '/hooks');
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const isJson = /json/i.test(request.headers['content-type'] ?? '');
        const headers = Object.fromEntries(
          Object.entries(request.headers).flatMap(([name, value]) =>
            ownHeaders.has(name) || value === undefined ? [] : [[name, [value].flat().join(', ')]],
          ),
        );
        const sent = {
          ...input,
          headers,
          text: bytes.toString('utf8'),
          body: (isJson ? parseJsonBody(bytes) : undefined) ?? null,
        };
        const given = await runtime.call(plugin.id, `routes/${route.id}`, sent, {
          signal: goneSignal(reply as unknown as FastifyReply),
        });
        return answer(reply as unknown as FastifyReply, given) as never;
      },
    });
  });
}
