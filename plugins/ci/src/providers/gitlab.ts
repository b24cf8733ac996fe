import { type Calls, faultOf, listOf, tested } from '../call.ts';
import {
  type Data,
  link,
  type Pipeline,
  type Provider,
  record,
  type Run,
  type RunStatus,
  span,
  text,
  time,
} from '../model.ts';

const statuses: Record<string, RunStatus> = {
  success: 'passed',
  failed: 'failed',
  canceled: 'cancelled',
  canceling: 'cancelled',
  skipped: 'skipped',
  running: 'running',
  created: 'queued',
  waiting_for_resource: 'queued',
  preparing: 'queued',
  pending: 'queued',
  scheduled: 'queued',
  manual: 'queued',
};
const rights =
  'The token needs the scope read_api, and api to run again; the role Reporter, or Developer to run again.';
/** The list tells neither duration nor person: so many runs are asked for by themselves. */
const detailed = 20;

const pathOf = ({ project }: Pipeline) => `/projects/${encodeURIComponent(project)}`;

function runOf(given: Data): Run | undefined {
  const id = text(given['id']);
  if (id === undefined) return undefined;
  const status = statuses[String(given['status'])] ?? 'unknown';
  const startedAt = time(given['started_at']) ?? time(given['created_at']);
  const seconds = Number(given['duration'] ?? Number.NaN);
  const user = record(given['user']);
  return {
    id,
    title: text(given['name']) ?? `Pipeline ${id}`,
    number: text(given['iid']) ?? id,
    status,
    branch: text(given['ref']),
    commit: text(given['sha'], 12),
    event: text(given['source']),
    by: text(user['username']) ?? text(user['name']),
    startedAt,
    durationMs: seconds >= 0 ? seconds * 1000 : span(time(given['started_at']), time(given['finished_at'])),
    href: link(given['web_url']),
    version: `${status} ${text(given['updated_at']) ?? ''}`,
    canRerun: status === 'failed' || status === 'cancelled',
  };
}

/** GitLab CI. */
export function createGitlab(calls: Calls): Provider {
  return {
    words: 'GitLab CI pipelines',
    async runs(pipeline, before, signal) {
      const path = `${pathOf(pipeline)}/pipelines`;
      const answer = await calls.json(pipeline.ci, `${path}?per_page=50`, signal);
      const runs = listOf(pipeline.ci, answer).flatMap((each) => runOf(each) ?? []);
      const known = new Map((before?.runs ?? []).map((run) => [`${run.id} ${run.version}`, run]));
      const whole = await Promise.all(
        runs.map(async (run, index) => {
          const same = known.get(`${run.id} ${run.version}`);
          if (same || index >= detailed) return same ?? run;
          const detail = runOf(record(await calls.json(pipeline.ci, `${path}/${run.id}`, signal)));
          return detail ? { ...detail, version: run.version } : run;
        }),
      );
      return { runs: whole };
    },
    async failed(pipeline, run, signal) {
      const path = `${pathOf(pipeline)}/pipelines/${run.id}/jobs?scope[]=failed&per_page=100`;
      const jobs = listOf(pipeline.ci, await calls.json(pipeline.ci, path, signal));
      const job = jobs.find((each) => each['allow_failure'] !== true) ?? jobs[0];
      if (!job) return undefined;
      const [stage, name] = [text(job['stage']), text(job['name']) ?? 'a job'];
      const reason = text(job['failure_reason']);
      const step = stage === undefined ? name : `${stage} › ${name}`;
      return {
        step: reason === undefined || reason === 'script_failure' ? step : `${step} (${reason.replaceAll('_', ' ')})`,
        job: text(job['id']),
        href: link(job['web_url']),
      };
    },
    log: (pipeline, { failed }, signal) =>
      calls.text(pipeline.ci, `${pathOf(pipeline)}/jobs/${encodeURIComponent(failed?.job ?? '')}/trace`, signal),
    async rerun(pipeline, run, signal) {
      const answer = await calls.post(pipeline.ci, `${pathOf(pipeline)}/pipelines/${run.id}/retry`, signal);
      if (!answer.ok) throw faultOf(pipeline.ci, answer, `pipeline ${run.id}`, 'start');
      return 'The jobs that failed or were cancelled run again.';
    },
    async test(ci, project, signal) {
      const title = ci.name;
      if (ci.token === undefined) {
        await calls.json(ci, '/projects?per_page=1&simple=true', signal);
        return [
          { title, state: 'warning', message: 'It answers. There is no token: only public projects.', fix: rights },
        ];
      }
      const own = await calls.head(ci, '/personal_access_tokens/self', signal);
      if (!own.ok) return [tested(title, faultOf(ci, own, 'API of GitLab at this address'))];
      const { scopes, expires_at: until } = record(own.json());
      const has = Array.isArray(scopes) ? scopes.map(String) : [];
      const words = `It answers and takes the token (${has.join(', ')}${text(until) === undefined ? '' : `, until ${text(until)}`}).`;
      const may: 'good' | 'warning' | 'bad' = has.includes('api')
        ? 'good'
        : has.includes('read_api')
          ? 'warning'
          : 'bad';
      const items = [
        may === 'good'
          ? { title, state: may, message: words }
          : {
              title,
              state: may,
              message: `${words} ${may === 'bad' ? 'Pipelines cannot be read.' : 'Builds cannot be run again.'}`,
              fix: rights,
            },
      ];
      if (project === undefined || may === 'bad') return items;
      const path = `/projects/${encodeURIComponent(project)}/pipelines`;
      const runs = await calls.head(ci, `${path}?per_page=1`, signal);
      return [
        ...items,
        runs.ok
          ? { title: `${title}: ${project}`, state: 'good' as const, message: 'Its pipelines can be read.' }
          : { ...tested(`${title}: ${project}`, faultOf(ci, runs, `project ${project}`)), fix: rights },
      ];
    },
  };
}
