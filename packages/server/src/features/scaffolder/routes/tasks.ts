import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateTaskBody,
  ListTasksQuery,
  ListTasksResponse,
  SerializedTask,
  TaskCancelled,
  TaskCreated,
  TaskEvents,
  TaskEventsQuery,
  TaskFiles,
  TaskPath,
  TaskSecretsBody,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyReply } from 'fastify';
import { sse } from '../../../core/http/index.ts';
import { scaffolderErrors } from '../errors.ts';
import { listEntries, defaultLimits } from '../files/workspace.ts';
import { zip } from '../files/zip.ts';
import { toTask, toTaskEvent } from '../formats/backstage/task.ts';
import { askRollback, begin, cancel, isReversible, retry } from '../runs/begin.ts';
import type { RunFilter } from '../store/read.ts';
import type { StepRow } from '../store/tables.ts';
import {
  allowedFor,
  base,
  goneSignal,
  type RouteTools,
  scopeOf,
  seesAll,
  tags,
  visibleRun,
  withErrors,
} from './tools.ts';

const create = { permission: 'scaffolder.task.create' };
const read = { permission: 'scaffolder.task.read' };
const stop = { permission: 'scaffolder.task.cancel' };
const longPollMs = 25_000;
const fields = { created_at: 'created_at', status: 'status', created_by: 'created_by' } as const;

/** Who has no secrets to give sends nothing. */
const bodyMayBeAbsent = async (request: { body: unknown }) => {
  request.body ??= {};
};

function orderOf(orders: string[] | undefined): RunFilter['order'] {
  if (!orders?.length) return [{ field: 'created_at', descending: true }];
  return orders.map((order) => {
    const [direction, name = ''] = order.split(':');
    const field = Object.hasOwn(fields, name) ? fields[name as keyof typeof fields] : undefined;
    if (!field || (direction !== 'asc' && direction !== 'desc')) throw scaffolderErrors.orderInvalid({ order });
    return { field, descending: direction === 'desc' };
  });
}

/** Runs: begin, look at, stop, go on. */
export function registerTasks(tools: RouteTools): void {
  const { http, runs, jobs, templates, access } = tools;
  const reversible = (step: StepRow) => isReversible(runs, step);

  http.post(
    `${base}/tasks`,
    {
      config: create,
      schema: {
        operationId: 'Scaffold',
        tags,
        summary: 'Run a template',
        description: 'Values that do not fit are answered with 400 and `errors`, one per fault.',
        body: CreateTaskBody,
        response: { 201: TaskCreated },
      },
    },
    (request, reply) =>
      withErrors(reply, request, async () => {
        const principal = access.principalOf(request);
        await access.assertMay(principal, 'scaffolder.action.execute');
        const { templateRef, values, secrets } = request.body;
        const found = await templates.runnable(templateRef, scopeOf(tools, request));
        const person = await templates.person(principal.ref);
        const id = await begin(runs, jobs, { found, values, secrets, person, allowed: allowedFor(tools, principal) });
        return reply.code(201).send({ id });
      }) as Promise<TaskCreated>,
  );
  http.get(
    `${base}/tasks`,
    {
      config: read,
      schema: {
        operationId: 'ListTasks',
        tags,
        summary: 'Runs, newest first: one’s own, and those of others for whom sees them',
        querystring: ListTasksQuery,
        response: { 200: ListTasksResponse },
      },
    },
    async (request) => {
      const { createdBy, status, template, limit = 100, offset = 0, order } = request.query;
      const principal = access.principalOf(request);
      const own = seesAll(tools, principal)
        ? createdBy
        : [principal.ref].filter((ref) => !createdBy || createdBy.includes(ref));
      const found = await runs.reader.list({
        ...(own && { createdBy: own }),
        ...(status && { statuses: status }),
        ...(template && { templates: template }),
        order: orderOf(order),
        limit,
        offset,
      });
      return { tasks: found.runs.map((run) => toTask(run, undefined, reversible)), totalTasks: found.total };
    },
  );
  http.get(
    `${base}/tasks/:taskId`,
    {
      config: read,
      schema: { operationId: 'GetTask', tags, summary: 'A run', params: TaskPath, response: { 200: SerializedTask } },
    },
    async (request) => {
      const run = await visibleRun(tools, request, request.params.taskId);
      return toTask(run, await runs.reader.steps(run.id), reversible);
    },
  );
  http.post(
    `${base}/tasks/:taskId/cancel`,
    {
      config: stop,
      schema: {
        operationId: 'CancelTask',
        tags,
        summary: 'Stop a run, also in the middle of a step; one that has ended stays as it is',
        params: TaskPath,
        response: { 200: TaskCancelled },
      },
    },
    async (request) => {
      const run = await visibleRun(tools, request, request.params.taskId);
      await cancel(runs, run);
      return { status: run.ended_at === null ? ('cancelled' as const) : run.status };
    },
  );
  registerAgain(tools, 'retry', {
    config: create,
    operationId: 'Retry',
    summary: 'Go on with a run that failed or was cancelled, from the step where it ended',
    work: retry,
  });
  registerAgain(tools, 'rollback', {
    config: stop,
    operationId: 'RollBackTask',
    summary: 'Take back what a run did outside, as far as its actions can',
    description: 'Answers at once; `rollback` of the run says how it goes, and its log what was taken back.',
    work: askRollback,
  });
  registerFiles(tools);
  registerEvents(tools);
}

type Again = {
  config: { permission: string };
  operationId: string;
  summary: string;
  description?: string;
  work: typeof retry;
};

/** What is done with a run that has ended, with the secrets that it needs anew. */
function registerAgain(tools: RouteTools, path: 'retry' | 'rollback', { config, work, ...words }: Again): void {
  const { http, runs, jobs } = tools;
  http.post(
    `${base}/tasks/:taskId/${path}`,
    {
      config,
      preValidation: bodyMayBeAbsent,
      schema: { tags, ...words, params: TaskPath, body: TaskSecretsBody, response: { 201: TaskCreated } },
    },
    (request, reply) =>
      withErrors(reply, request, async () => {
        const run = await visibleRun(tools, request, request.params.taskId);
        await work(runs, jobs, run, request.body.secrets ?? {});
        return reply.code(201).send({ id: run.id });
      }) as Promise<TaskCreated>,
  );
}

/** What a run made. */
function registerFiles(tools: RouteTools): void {
  const { http, runs } = tools;
  http.get(
    `${base}/tasks/:taskId/files`,
    {
      config: read,
      schema: {
        operationId: 'GetTaskFiles',
        tags,
        summary: 'The files that a run made, with their hashes',
        params: TaskPath,
        response: { 200: TaskFiles },
      },
    },
    async (request) => {
      const run = await visibleRun(tools, request, request.params.taskId);
      const files = await runs.reader.files(run.id);
      return {
        files: files.map(({ path, hash, size, executable }) => ({
          path,
          hash,
          size: Number(size),
          executable: executable === 1,
        })),
      };
    },
  );
  http.get(
    `${base}/tasks/:taskId/workspace`,
    {
      config: read,
      schema: {
        operationId: 'GetTaskWorkspace',
        tags,
        summary: 'The files of a run as a ZIP archive',
        params: TaskPath,
        response: { 200: Type.Unsafe<unknown>({ description: 'A ZIP archive.' }) },
      },
    },
    async (request, reply) => {
      const run = await visibleRun(tools, request, request.params.taskId);
      const directory = run.has_workspace === 1 ? await runs.workspaces.find(run.id) : undefined;
      if (directory === undefined) throw scaffolderErrors.workspaceGone({ run: run.id });
      const paths = (await listEntries(directory, defaultLimits.files)).filter((path) => !path.endsWith('/'));
      const files = await Promise.all(paths.map(async (path) => ({ path, info: await lstat(join(directory, path)) })));
      const packed = zip(
        files
          .filter(({ info }) => info.isFile())
          .map(({ path, info }) => ({ path, mode: info.mode & 0o777, read: () => readFile(join(directory, path)) })),
      );
      const plain = reply as unknown as FastifyReply;
      return plain
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${run.id}.zip"`)
        .send(Readable.from(packed));
    },
  );
}

/** What happens in a run. */
function registerEvents(tools: RouteTools): void {
  const { http, followers } = tools;
  http.get(
    `${base}/tasks/:taskId/events`,
    {
      config: read,
      schema: {
        operationId: 'StreamLogsPolling',
        tags,
        summary: 'The next events of a run; waits for one while it runs',
        params: TaskPath,
        querystring: TaskEventsQuery,
        response: { 200: TaskEvents },
      },
    },
    async (request, reply) => {
      const run = await visibleRun(tools, request, request.params.taskId);
      const events = await followers.next(run.id, request.query.after ?? -1, {
        waitMs: longPollMs,
        signal: goneSignal(reply),
      });
      return events.map(toTaskEvent);
    },
  );
  http.get(
    `${base}/tasks/:taskId/eventstream`,
    {
      config: read,
      schema: {
        operationId: 'StreamLogs',
        tags,
        summary: 'The events of a run as a stream of server-sent events, to its end',
        params: TaskPath,
        querystring: TaskEventsQuery,
        response: {
          200: Type.Unsafe<unknown>({ description: 'Events named log, completion, cancelled and recovered.' }),
        },
      },
    },
    async (request, reply) => {
      const run = await visibleRun(tools, request, request.params.taskId);
      const stream = sse(reply);
      const last = Number(stream.lastEventId ?? Number.NaN);
      let after = Number.isSafeInteger(last) ? last : (request.query.after ?? -1);
      const follow = async () => {
        while (!stream.signal.aborted) {
          const events = await followers.next(run.id, after, { waitMs: longPollMs, signal: stream.signal });
          for (const event of events.map(toTaskEvent)) {
            after = event.id;
            if (!stream.send({ id: event.id, event: event.type, data: event })) return;
            if (event.type === 'completion') return;
          }
          // An ended run has nothing more to say to who has heard its end.
          if (events.length === 0 && (await tools.runs.reader.endedAt(run.id)) !== null) return;
          await stream.drained();
        }
      };
      void follow()
        .catch((error: unknown) => request.log.warn({ error, run: run.id }, 'the events of a run could not be sent'))
        .finally(() => stream.close());
      return reply;
    },
  );
}
