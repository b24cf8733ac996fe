import { ConfigurationReport, HealthReport, JobList, OutboundReport, TriggerJobBody } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { LoadedConfig } from '../../core/config/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { AdminCore } from './context.ts';
import { configurationReport, healthReport, jobReport, outboundReport } from './reports.ts';

const tags = ['admin'];

/** The routes of the administration, as a plugin of the HTTP server. */
export const adminRoutes =
  (tools: AdminCore & { config: LoadedConfig; version: string; startedAt: number }) =>
  async (http: unknown): Promise<void> => {
    const routes = http as HttpServer;
    const read = { permission: 'admin.read' };
    routes.get(
      '/api/admin/jobs',
      {
        config: read,
        schema: {
          operationId: 'GetJobs',
          tags,
          summary: 'Scheduled, waiting, running and lately finished jobs',
          response: { 200: JobList },
        },
      },
      async () => ({ items: (await tools.jobs.list()).map(jobReport) }),
    );
    routes.post(
      '/api/admin/jobs/trigger',
      {
        config: { permission: 'admin.job.trigger' },
        schema: {
          operationId: 'TriggerJob',
          tags,
          summary: 'Run a job now',
          body: TriggerJobBody,
          response: { 202: Type.Null({ description: 'It will run.' }) },
        },
      },
      async (request, reply) => {
        await tools.jobs.trigger(request.body.name, request.body.key);
        return reply.code(202).send(null);
      },
    );
    routes.get(
      '/api/admin/outbound',
      {
        config: read,
        schema: {
          operationId: 'GetOutbound',
          tags,
          summary: 'Every host that the portal has called',
          response: { 200: OutboundReport },
        },
      },
      async () => outboundReport(tools.outbound, tools.config),
    );
    routes.get(
      '/api/admin/configuration',
      {
        config: { ...read, audit: 'always' as const },
        schema: {
          operationId: 'GetConfiguration',
          tags,
          summary: 'Every setting, its value and where it was set',
          response: { 200: ConfigurationReport },
        },
      },
      async () => configurationReport(tools.config),
    );
    routes.get(
      '/api/admin/health',
      {
        config: read,
        schema: {
          operationId: 'GetHealth',
          tags,
          summary: 'The process, its database and its events',
          response: { 200: HealthReport },
        },
      },
      async () => healthReport(tools, tools),
    );
  };
