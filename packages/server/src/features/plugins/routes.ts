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
} from '@callboard/model/http';
import { viewSchemas } from '@callboard/model/plugins';
import { Type } from '@callboard/model/schema';
import type { HttpServer } from '../../core/http/index.ts';
import { schemaFaults } from '../../core/plugins/index.ts';
import type { Access } from '../access/index.ts';
import type { PluginsContext } from './context.ts';
import type { Manager } from './manage.ts';
import { detailOf, summaryOf } from './present.ts';
import type { Runtime } from './runtime.ts';

const base = '/api/admin/plugins';
const tags = ['plugins'];
const tarballBytes = 20 * 1024 * 1024;

type Tools = { context: PluginsContext; runtime: Runtime; manager: Manager; access: Access };

/** Managing plugins: what is there, what it may do, and which version of it. */
export function registerManagement(http: HttpServer, { context, runtime, manager, access }: Tools): void {
  const read = { permission: 'plugins.read' };
  const manage = { permission: 'plugins.manage' };
  const detail = (id: string) => detailOf(context, runtime.get(id));

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
  for (const [verb, operationId, summary] of [
    ['enable', 'EnablePlugin', 'Put a plugin into service, also out of quarantine'],
    ['disable', 'DisablePlugin', 'Take a plugin out of service'],
  ] as const)
    http.post(
      `${base}/:id/${verb}`,
      {
        config: manage,
        schema: { operationId, tags, summary, params: PluginPath, response: { 200: PluginDetail } },
      },
      async (request) => {
        await manager[verb](request.params.id, access.principalOf(request).ref);
        return detail(request.params.id);
      },
    );
  http.put(
    `${base}/:id/version`,
    {
      config: manage,
      schema: {
        operationId: 'UsePluginVersion',
        tags,
        summary: 'Go to a kept version, back or forth',
        params: PluginPath,
        body: PluginVersionBody,
        response: { 200: PluginDetail },
      },
    },
    async (request) => {
      await manager.useVersion(request.params.id, request.body.version, access.principalOf(request).ref);
      return detail(request.params.id);
    },
  );
  http.put(
    `${base}/:id/grants`,
    {
      config: manage,
      schema: {
        operationId: 'GrantPlugin',
        tags,
        summary: 'Set what a plugin may do, of what it asks for',
        params: PluginPath,
        body: PluginGrants,
        response: { 200: PluginDetail },
      },
    },
    async (request) => {
      await manager.grant(request.params.id, request.body, access.principalOf(request).ref);
      return detail(request.params.id);
    },
  );
  http.put(
    `${base}/:id/configuration`,
    {
      config: manage,
      schema: {
        operationId: 'ConfigurePlugin',
        tags,
        summary: 'Set the configuration of a plugin, checked by its schema',
        params: PluginPath,
        body: PluginConfigurationBody,
        response: { 200: PluginDetail },
      },
    },
    async (request) => {
      await manager.configure(request.params.id, request.body.configuration, access.principalOf(request).ref);
      return detail(request.params.id);
    },
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
      return {
        value,
        faults: model === undefined ? [] : schemaFaults(viewSchemas[model], value, 'Correct the program.'),
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
