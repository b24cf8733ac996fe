import { readFile } from 'node:fs/promises';
import { dirname, extname, join, normalize, sep } from 'node:path';
import {
  PluginChecksQuery,
  PluginChecksResponse,
  PluginViewPath,
  PluginViewQuery,
  PluginViewResponse,
  WebPlugins,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '../../core/http/index.ts';
import type { Access } from '../access/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import type { ActivePlugin } from './active.ts';
import { featureErrors } from './errors.ts';
import { hasFace, webPluginOf } from './present.ts';
import type { Roles } from './roles.ts';
import type { Runtime } from './runtime.ts';
import { type createViews, entityHidden, entityOf } from './views.ts';

const tags = ['plugins'];
const use = { permission: 'plugins.use' };
const contentTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.html': 'text/html; charset=utf-8',
};

type Tools = {
  runtime: Runtime;
  views: ReturnType<typeof createViews>;
  roles: Roles;
  access: Access;
  catalog: CatalogReading;
};

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

const hide = (plugin: ActivePlugin, what: string) =>
  featureErrors.contributionNotFound({ plugin: plugin.id, version: plugin.manifest.version, what });

/** Using plugins: what they add to the web app, their views, their files and their own addresses. */
export function registerUse(http: HttpServer, { runtime, views, roles, access, catalog }: Tools): void {
  http.get(
    '/api/plugins/web',
    {
      config: use,
      schema: {
        operationId: 'GetWebPlugins',
        tags,
        summary: 'What enabled plugins add to the web app',
        response: { 200: WebPlugins },
      },
    },
    async () => ({
      items: await Promise.all(
        runtime
          .all()
          .filter((plugin) => plugin.state === 'enabled' && hasFace(plugin))
          .map(webPluginOf),
      ),
    }),
  );
  http.get(
    '/api/plugins/checks',
    {
      config: use,
      schema: {
        operationId: 'GetPluginChecks',
        tags,
        summary: 'What the checks of plugins say about an entity',
        querystring: PluginChecksQuery,
        response: { 200: PluginChecksResponse },
      },
    },
    async (request) => {
      const ref = request.query.entity.toLowerCase();
      if (!(await access.seenAmong(request, [ref])).has(ref)) throw entityHidden(ref);
      const entity = (await entityOf(catalog, ref))!;
      return { items: await roles.checks(entity, { user: access.principalOf(request).ref }) };
    },
  );
  http.get(
    '/api/plugins/:id/views/:view',
    {
      config: use,
      schema: {
        operationId: 'GetPluginView',
        tags,
        summary: 'The data of a view, with its age',
        params: PluginViewPath,
        querystring: PluginViewQuery,
        response: { 200: PluginViewResponse },
      },
    },
    async (request) => {
      const ref = request.query.entity?.toLowerCase();
      if (ref !== undefined && !(await access.seenAmong(request, [ref])).has(ref)) throw entityHidden(ref);
      return views.show(request.params.id, request.params.view, request.query);
    },
  );
  http.get(
    '/api/plugins/:id/files/:mark/*',
    {
      config: use,
      schema: {
        operationId: 'GetPluginFile',
        tags,
        summary: 'A file of a plugin’s web part',
        params: Type.Object({ id: Type.String(), mark: Type.String(), '*': Type.String() }),
        response: { 200: Type.Unknown({ description: 'The file.' }) },
      },
    },
    async (request, reply) => {
      const { params } = request;
      const plugin = runtime.get(params.id);
      const { web, version } = plugin.manifest;
      const mark = plugin.stored?.sha256 ?? version;
      if (!web || plugin.state !== 'enabled' || params.mark !== mark)
        throw hide(plugin, `file '${params['*']}' of this version`);
      const folder = await plugin.folder();
      const root = dirname(join(folder, web.entry));
      const file = normalize(join(folder, params['*']));
      const type = contentTypes[extname(file)];
      const bytes = file.startsWith(root + sep) && type ? await readFile(file).catch(() => undefined) : undefined;
      if (!bytes || !type) throw hide(plugin, `file '${params['*'].slice(0, 200)}'`);
      return (
        reply
          .type(type)
          .header('cache-control', 'private, max-age=31536000, immutable')
          // Opened by itself, a file of a plugin is a page of nobody.
          .header('content-security-policy', "sandbox; default-src 'none'")
          .send(bytes)
      );
    },
  );

  const proxy = async (request: FastifyRequest, reply: FastifyReply): Promise<{ status: number; body: unknown }> => {
    const params = request.params as { id: string; '*': string };
    const plugin = runtime.get(params.id);
    const { contributes } = plugin.manifest;
    const path = `/${params['*']}`;
    const found = matchRoute(contributes?.routes ?? [], request.method, path);
    if (!found) throw hide(plugin, `route ${request.method} ${path.slice(0, 200)}`);
    const principal = access.principalOf(request);
    const permissionOf = (name: string) => `plugin.${plugin.id}.${name}`;
    const { permission } = contributes!.routes!.find((route) => route.id === found.id)!;
    if (permission !== undefined) await access.assertMay(principal, permissionOf(permission));
    const permissions = (contributes!.permissions ?? [])
      .map(({ id }) => id)
      .filter((id) => access.decide(principal, permissionOf(id)) !== 'deny');
    const gone = new AbortController();
    reply.raw.once('close', () => reply.raw.writableFinished || gone.abort(new Error('the client went away')));
    const answer = await runtime.call(
      plugin.id,
      `routes/${found.id}`,
      {
        method: request.method,
        path,
        params: found.params,
        query: Object.fromEntries(new URL(request.url, 'http://portal').searchParams),
        body: request.body ?? null,
      },
      { user: principal.ref, permissions, signal: gone.signal },
    );
    const { status = 200, body } = answer as { status?: number; body: unknown };
    return { status, body };
  };
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
    http.route({
      method,
      url: '/api/plugins/:id/*',
      config: use,
      schema: {
        operationId: `Plugin${method.charAt(0)}${method.slice(1).toLowerCase()}`,
        tags,
        summary: 'A route of a plugin',
        params: Type.Object({ id: Type.String(), '*': Type.String() }),
        querystring: Type.Object({}, { additionalProperties: true }),
        response: { '2xx': Type.Unknown({ description: 'What the plugin answers.' }) },
      },
      async handler(request, reply) {
        const { status, body } = await proxy(request as unknown as FastifyRequest, reply as unknown as FastifyReply);
        return reply
          .code(status as 200)
          .type('application/json; charset=utf-8')
          .send(JSON.stringify(body));
      },
    });
}
