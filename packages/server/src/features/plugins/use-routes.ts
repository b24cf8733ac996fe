import { readFile } from 'node:fs/promises';
import { dirname, extname, join, normalize, sep } from 'node:path';
import {
  PluginChecksQuery,
  PluginChecksResponse,
  PluginColumnsBody,
  PluginColumnsResponse,
  PluginViewPath,
  PluginViewQuery,
  PluginViewResponse,
  WebPlugins,
} from '@callboard/model/http';
import type { ViewModel } from '@callboard/model/plugins';
import { Type } from '@callboard/model/schema';
import type { HttpServer } from '../../core/http/index.ts';
import type { Access } from '../access/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import type { ActivePlugin } from './active.ts';
import type { Checks } from './checks.ts';
import type { createColumns } from './columns.ts';
import { featureErrors } from './errors.ts';
import { hasFace, webPluginOf } from './present.ts';
import type { Runtime } from './runtime.ts';
import { asSeen, refsOf } from './seen.ts';
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
  checks: Checks;
  access: Access;
  catalog: CatalogReading;
  columns: ReturnType<typeof createColumns>;
};

/** The refusal for what a plugin does not have. */
export const hide = (plugin: ActivePlugin, what: string) =>
  featureErrors.contributionNotFound({ plugin: plugin.id, version: plugin.manifest.version, what });

/** Whether a view is shown in the administration only. */
function isOfAdministration({ manifest: { contributes = {} } }: ActivePlugin, view: string): boolean {
  const { adminPages = [], pages = [], tabs = [], cards = [], widgets = [] } = contributes;
  const shows = (parts: { view?: string }[]) => parts.some((part) => part.view === view);
  return shows(adminPages) && !shows([...pages, ...tabs, ...cards, ...widgets]);
}

/** Using plugins: what they add to the web app, their views, their files and their own addresses. */
export function registerUse(http: HttpServer, { runtime, views, checks, columns, access, catalog }: Tools): void {
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
    async (request) => {
      const principal = access.principalOf(request);
      const may = (permission: string) => access.decide(principal, permission) !== 'deny';
      const shown = runtime.all().filter((plugin) => plugin.state === 'enabled' && hasFace(plugin));
      return { items: await Promise.all(shown.map((plugin) => webPluginOf(plugin, may))) };
    },
  );
  http.post(
    '/api/plugins/columns',
    {
      config: { ...use, audit: 'never' },
      schema: {
        operationId: 'GetPluginColumns',
        tags,
        summary: 'What the columns of plugins say about entities',
        body: PluginColumnsBody,
        response: { 200: PluginColumnsResponse },
      },
    },
    async (request) => {
      const seen = await access.seenAmong(
        request,
        request.body.entities.map((ref) => ref.toLowerCase()),
      );
      return { items: await columns.show([...seen], request.body.columns) };
    },
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
      return { items: await checks.of(ref, entity) };
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
      const { id, view } = request.params;
      const principal = access.principalOf(request);
      if (isOfAdministration(runtime.get(id), view)) await access.assertMay(principal, 'plugins.read');
      const shown = await views.show(id, view, request.query);
      const model = shown.view as ViewModel;
      const seesAll = access.scope(principal, 'catalog.entity.read') === undefined;
      const seen = seesAll ? undefined : await access.seenAmong(request, refsOf(model));
      return { ...shown, view: asSeen(model, seen) };
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
}
