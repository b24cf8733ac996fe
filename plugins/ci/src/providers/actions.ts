/** What GitHub Actions and Gitea Actions have in common: Gitea's API follows GitHub's. */
import { type Calls, listOf } from '../call.ts';
import {
  type Failed,
  link,
  list,
  type Pipeline,
  record,
  type Run,
  type RunStatus,
  span,
  text,
  time,
} from '../model.ts';

const conclusions: Record<string, RunStatus> = {
  success: 'passed',
  neutral: 'passed',
  failure: 'failed',
  timed_out: 'failed',
  startup_failure: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  stale: 'cancelled',
  action_required: 'queued',
};
const isBad = (conclusion: unknown) => conclusions[String(conclusion)] === 'failed';

/** How a run stands. Gitea before 1.25 says all in `status`. */
export function statusOf(status: unknown, conclusion: unknown): RunStatus {
  const [now, end] = [String(status), text(conclusion)];
  if (end !== undefined) return conclusions[end] ?? 'unknown';
  if (now === 'in_progress' || now === 'running') return 'running';
  if (['queued', 'requested', 'waiting', 'pending', 'blocked'].includes(now)) return 'queued';
  return conclusions[now] ?? 'unknown';
}

export const pathOf = ({ project }: Pipeline): string =>
  `/repos/${project.split('/').map(encodeURIComponent).join('/')}/actions`;

/** The runs of an answer, newest first. */
export function runsOf({ ci }: Pipeline, answer: unknown): Run[] {
  return listOf(ci, answer, 'workflow_runs').flatMap((given) => {
    const id = text(given['id']);
    if (id === undefined) return [];
    const status = statusOf(given['status'], given['conclusion']);
    const isOver = status !== 'running' && status !== 'queued';
    const startedAt = time(given['run_started_at']) ?? time(given['started_at']) ?? time(given['created_at']);
    const endedAt = time(given['completed_at']) ?? time(given['updated_at']);
    const by = record(given['triggering_actor'] ?? given['trigger_actor'] ?? given['actor']);
    const run: Run = {
      id,
      title: text(given['display_title']) ?? text(given['name']) ?? `Run ${id}`,
      number: text(given['run_number']),
      workflow: text(given['name']) ?? text(given['workflow_id']) ?? text(given['path'])?.split('@')[0],
      status,
      branch: text(given['head_branch']),
      commit: text(given['head_sha'], 12),
      event: text(given['event']),
      by: text(by['login']) ?? text(by['username']),
      startedAt,
      durationMs: isOver ? span(startedAt, endedAt) : undefined,
      href: link(given['html_url']) ?? link(given['url']),
      version: `${status} ${text(given['run_attempt']) ?? ''} ${text(given['updated_at']) ?? ''}`,
      canRerun: isOver,
    };
    return [run];
  });
}

/** The job and the step that failed. */
export async function failedOf(
  calls: Calls,
  pipeline: Pipeline,
  run: Run,
  signal?: AbortSignal,
): Promise<Failed | undefined> {
  const answer = await calls.json(pipeline.ci, `${pathOf(pipeline)}/runs/${encodeURIComponent(run.id)}/jobs`, signal);
  const job = listOf(pipeline.ci, answer, 'jobs').find(
    (each) => isBad(each['conclusion']) || (!text(each['conclusion']) && isBad(each['status'])),
  );
  if (!job) return undefined;
  const step = list(job['steps']).find((each) => isBad(each['conclusion']));
  const name = text(job['name']) ?? 'a job';
  return {
    step: step ? `${name} › ${text(step['name']) ?? 'a step'}` : name,
    job: text(job['id']),
    href: link(job['html_url']),
  };
}

export const logOf = (calls: Calls, pipeline: Pipeline, { failed }: Run, signal?: AbortSignal): Promise<string> =>
  calls.text(pipeline.ci, `${pathOf(pipeline)}/jobs/${encodeURIComponent(failed?.job ?? '')}/logs`, signal);
