import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Jobs } from '../../../core/jobs/index.ts';
import type { HttpServer } from '../../../core/http/index.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { AppError } from '../../../core/errors/index.ts';
import type { Access, Principal } from '../../access/index.ts';
import { scaffolderErrors } from '../errors.ts';
import type { FieldOptions } from '../options.ts';
import type { Followers } from '../runs/follow.ts';
import type { Allowed } from '../runs/state.ts';
import type { RunTools } from '../runs/tools.ts';
import type { RunRow } from '../store/tables.ts';
import type { Templates } from '../templates.ts';

export const base = '/api/scaffolder/v2';
export const tags = ['scaffolder'];
export const uploadBytes = 15 * 1024 * 1024;

/** What every route works with. */
export type RouteTools = {
  http: HttpServer;
  runs: RunTools;
  jobs: Jobs;
  templates: Templates;
  options: FieldOptions;
  followers: Followers;
  access: Pick<Access, 'principalOf' | 'scope' | 'decide' | 'assertMay' | 'seenAmong'>;
  repositories: string;
};

export const seeingOthers = 'scaffolder.run.manage';

/** What whoever asks may see of the catalog. */
export const scopeOf = ({ access }: RouteTools, request: FastifyRequest): EntityPredicate | undefined =>
  access.scope(access.principalOf(request), 'catalog.entity.read');

/** What a run for somebody may see and do. */
export const allowedFor = ({ access }: RouteTools, principal: Principal): Allowed => {
  const scope = access.scope(principal, 'catalog.entity.read');
  return {
    ...(scope !== undefined && { scope }),
    mayRegister: access.decide(principal, 'catalog.location.create') !== 'deny',
  };
};

/** Whether somebody sees the runs of others. */
export const seesAll = ({ access }: RouteTools, principal: Principal): boolean =>
  access.decide(principal, seeingOthers) === 'allow';

/** A run that whoever asks may see; others are not there for them. */
export async function visibleRun(tools: RouteTools, request: FastifyRequest, id: string): Promise<RunRow> {
  const principal = tools.access.principalOf(request);
  const run = await tools.runs.reader.run(id);
  if (!run || (run.created_by !== principal.ref && !seesAll(tools, principal)))
    throw scaffolderErrors.runMissing({ run: id });
  return run;
}

/** Fires when the client leaves before it has its answer. */
export function goneSignal(reply: { raw: FastifyReply['raw'] }): AbortSignal {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Values that do not fit are answered with Backstage's list of `errors` besides the envelope. */
export async function withErrors(
  reply: { code(status: number): unknown },
  request: FastifyRequest,
  work: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const errors = error instanceof AppError && error.code === 'SCAFFOLDER_VALUES_INVALID' && error.details?.errors;
    if (!errors) throw error;
    const { name, message, code, fix } = error;
    const answer = {
      errors,
      error: { name, message, code, fix, details: { errors } },
      request: { method: request.method, url: request.url },
      response: { statusCode: 400 },
    };
    return (reply as unknown as FastifyReply).code(400).send(answer);
  }
}
