import { isJsonObject, type JsonObject } from '@callboard/model';
import {
  InstallPluginBody,
  PluginConfigurationBody,
  PluginDetail,
  PluginGrants,
  PluginList,
  PluginPath,
  PluginVersionBody,
  PreviewPluginBody,
  PreviewPluginResponse,
  StagedPlugin,
  StagePluginBody,
  TestPluginBody,
  TestPluginResponse,
} from '@callboard/model/http';
import { type ViewModel, viewSchemas } from '@callboard/model/plugins';
import { type Static, type TSchema, Type } from '@callboard/model/schema';
import type { FastifyReply } from 'fastify';
import type { HttpServer } from '../../core/http/index.ts';
import { schemaFaults } from '../../core/plugins/index.ts';
import type { Access } from '../access/index.ts';
import type { PluginsContext } from './context.ts';
import { goneSignal } from './gone.ts';
import type { Manager } from './manage.ts';
import { detailOf, summaryOf } from './present.ts';
import type { Runtime } from './runtime.ts';
import { asSeen } from './seen.ts';

const base = '/api/admin/plugins';
const tags = ['plugins'];
const tarballBytes = 20 * 1024 * 1024;

type Tools = { context: PluginsContext; runtime: Runtime; manager: Manager; access: Access };

/** Managing plugins: what is there, what it may do, and which version of it. */
export function registerManagement(http: HttpServer, { context, runtime, manager, access }: Tools): void {
  const read = { permission: 'plugins.read' };
  const manage = { permission: 'plugins.manage' };
  const detail = (id: string) => detailOf(context, runtime.get(id));
  /** Of a configuration the audit gets the names only: which values are secrets, no name tells. Also when the request is refused. */
  const namesOnly = async (request: { body?: unknown; auditDetail?: JsonObject }) => {
    const body = isJsonObject(request.body) ? request.body : {};
    const { configuration, ...rest } = body;
    const named = isJsonObject(configuration) ? Object.keys(configuration) : configuration === undefined ? [] : null;
    request.auditDetail = { sent: { ...rest, ...(configuration !== undefined && { configuration: named }) } };
  };

  http.addContentTypeParser(
    ['application/gzip', 'application/x-gzip', 'application/octet-stream'],
    { parseAs: 'buffer', bodyLimit: tarballBytes },
    (_request, bytes, done) => done(null, bytes),
  );

  http.get(
    base,
    {
      config: read,
      schema: { operationId: 'GetPlugins', tags, summary: 'Every plugin and its state', response: { 200: PluginList } },
    },
    async () => ({ items: await Promise.all(runtime.all().map(summaryOf)) }),
  );
  http.get(
    `${base}/:id`,
    {
      config: read,
      schema: {
        operationId: 'GetPlugin',
        tags,
        summary: 'A plugin: contributions, grants, versions, metrics and messages',
        params: PluginPath,
        response: { 200: PluginDetail },
      },
    },
    async (request) => detail(request.params.id),
  );
  http.post(
    `${base}/staged`,
    {
      config: manage,
      schema: {
        operationId: 'StagePlugin',
        tags,
        summary: 'Look at a package by name or address: what it asks for and contributes. Nothing is installed',
        body: StagePluginBody,
        response: { 200: StagedPlugin },
      },
    },
    async (request) => manager.stageFrom(request.body),
  );
  http.post(
    `${base}/staged/upload`,
    {
      config: manage,
      bodyLimit: tarballBytes,
      schema: {
        operationId: 'StagePluginUpload',
        tags,
        summary: 'Look at a tarball (application/gzip): what it asks for and contributes. Nothing is installed',
        response: { 200: StagedPlugin },
      },
    },
    async (request) => manager.stage(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), 'upload'),
  );
  http.post(
    base,
    {
      config: manage,
      preValidation: namesOnly,
      schema: {
        operationId: 'InstallPlugin',
        tags,
        summary: 'Install, or update, exactly the package that was looked at',
        body: InstallPluginBody,
        response: { 200: PluginDetail },
      },
    },
    async (request) => detail(await manager.install(request.body, access.principalOf(request).ref)),
  );
  /** A change of one plugin, which answers with the plugin as it is then. */
  const change = <Body extends TSchema>(
    method: 'POST' | 'PUT',
    path: string,
    [operationId, summary]: [string, string],
    body: Body | undefined,
    make: (id: string, body: Static<Body>, actor: string) => Promise<void>,
  ) =>
    http.route({
      method,
      url: `${base}/:id/${path}`,
      config: manage,
      ...(path === 'configuration' && { preValidation: namesOnly }),
      schema: {
        operationId,
        tags,
        summary,
        params: PluginPath,
        ...(body && { body }),
        response: { 200: PluginDetail },
      },
      async handler(request) {
        const { id } = request.params;
        await make(id, request.body as Static<Body>, access.principalOf(request as never).ref);
        return detail(id) as never;
      },
    });
  const on = ['EnablePlugin', 'Put a plugin into service, also out of quarantine'] as const;
  change('POST', 'enable', [...on], undefined, (id, _body, actor) => manager.enable(id, actor));
  const off = ['DisablePlugin', 'Take a plugin out of service'] as const;
  change('POST', 'disable', [...off], undefined, (id, _body, actor) => manager.disable(id, actor));
  const version = ['UsePluginVersion', 'Go to a kept version, back or forth'] as const;
  change('PUT', 'version', [...version], PluginVersionBody, (id, body, actor) =>
    manager.useVersion(id, body.version, actor),
  );
  const grants = ['GrantPlugin', 'Set what a plugin may do, of what it asks for'] as const;
  change('PUT', 'grants', [...grants], PluginGrants, manager.grant);
  const configuration = ['ConfigurePlugin', 'Set the configuration of a plugin, checked by its schema'] as const;
  change('PUT', 'configuration', [...configuration], PluginConfigurationBody, (id, body, actor) =>
    manager.configure(id, body.configuration, actor),
  );
  http.post(
    `${base}/:id/test`,
    {
      config: { ...manage, audit: 'never' },
      schema: {
        operationId: 'TestPlugin',
        tags,
        summary: 'Test what a plugin is connected to, with a configuration that need not be saved',
        params: PluginPath,
        body: TestPluginBody,
        response: { 200: TestPluginResponse },
      },
    },
    async (request, reply) =>
      manager.test(request.params.id, request.body.configuration, {
        user: access.principalOf(request).ref,
        signal: goneSignal(reply as unknown as FastifyReply),
      }),
  );
  http.post(
    `${base}/preview`,
    {
      config: manage,
      schema: {
        operationId: 'PreviewPlugin',
        tags,
        summary: 'What a jq program makes of a sample, and whether that is the view model it should be',
        body: PreviewPluginBody,
        response: { 200: PreviewPluginResponse },
      },
    },
    async (request) => {
      const { jq, model, sample } = request.body;
      let value: unknown;
      try {
        value = await context.jq.run(jq, JSON.stringify(sample));
      } catch (error) {
        return { faults: [{ path: '/jq', message: (error as Error).message, fix: 'Correct the program.' }] };
      }
      const faults = model === undefined ? [] : schemaFaults(viewSchemas[model], value, 'Correct the program.');
      return {
        value: faults.length > 0 || model === undefined ? value : asSeen(value as ViewModel, undefined),
        faults,
      };
    },
  );
  http.delete(
    `${base}/:id`,
    {
      config: manage,
      schema: {
        operationId: 'RemovePlugin',
        tags,
        summary: 'Remove a plugin with its versions and values',
        params: PluginPath,
        response: { 204: Type.Null({ description: 'Removed.' }) },
      },
    },
    async (request, reply) => {
      await manager.remove(request.params.id, access.principalOf(request).ref);
      return reply.code(204).send(null);
    },
  );
}
