import { type Calls, type Fault, faultOf, tested } from '../call.ts';
import {
  type Data,
  link,
  list,
  type Pipeline,
  type Provider,
  record,
  type Run,
  type RunStatus,
  text,
  time,
} from '../model.ts';

const results: Record<string, RunStatus> = {
  SUCCESS: 'passed',
  UNSTABLE: 'failed',
  FAILURE: 'failed',
  ABORTED: 'cancelled',
  NOT_BUILT: 'skipped',
};
const rights =
  'The user needs Overall/Read and Job/Read, and Job/Build to run again; enter an API token, not a password.';
const builds =
  'builds[number,url,result,building,timestamp,duration,displayName,actions[causes[shortDescription,userId,userName],lastBuiltRevision[SHA1,branch[name]]]]';
const tree = `fullName,url,${builds}{0,50},jobs[fullName,name,url,${builds}{0,10}]`;

const jobPath = (name: string) =>
  name
    .split('/')
    .map((word) => `/job/${encodeURIComponent(word)}`)
    .join('');
/** A run is named by its job and its number: the jobs of a multibranch project are its branches. */
const buildPath = ({ id }: Run) => {
  const at = id.lastIndexOf('#');
  return `${jobPath(id.slice(0, at))}/${id.slice(at + 1)}`;
};
const decoded = (name: string) => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

function runOf(job: string, branchName: string | undefined, given: Data): Run | undefined {
  const number = text(given['number']);
  if (number === undefined || !/^\d+$/.test(number)) return undefined;
  const isRunning = given['building'] === true;
  const status: RunStatus = isRunning ? 'running' : (results[String(given['result'])] ?? 'unknown');
  const actions = list(given['actions']);
  const cause = actions.flatMap((each) => list(each['causes']))[0];
  const revision = record(actions.find((each) => each['lastBuiltRevision'])?.['lastBuiltRevision']);
  const branch = text(list(revision['branch'])[0]?.['name'])?.replace(/^(refs\/remotes\/)?origin\//, '');
  const duration = Number(given['duration']);
  return {
    id: `${job}#${number}`,
    title: text(given['displayName']) ?? `#${number}`,
    number,
    workflow: decoded(job.split('/').at(-1)!),
    status,
    branch: branchName ?? branch,
    commit: text(revision['SHA1'], 12),
    event: text(cause?.['shortDescription'], 100),
    by: text(cause?.['userName']) ?? text(cause?.['userId']),
    startedAt: time(given['timestamp']),
    durationMs: !isRunning && duration >= 0 ? duration : undefined,
    href: link(given['url']),
    version: `${status} ${duration}`,
    canRerun: !isRunning,
  };
}

/** Jenkins, with single jobs and multibranch projects. */
export function createJenkins(calls: Calls): Provider {
  const isParameterised = async ({ ci }: Pipeline, path: string, signal?: AbortSignal) => {
    const asked = `${path}/api/json?tree=${encodeURIComponent('property[parameterDefinitions[name]]')}`;
    const answer = record(await calls.json(ci, asked, signal));
    return list(answer['property']).some((each) => list(each['parameterDefinitions']).length > 0);
  };
  return {
    words: 'the Jenkins job',
    async runs({ ci, project }, _before, signal) {
      const path = `${jobPath(project)}/api/json?tree=${encodeURIComponent(tree)}`;
      const answer = record(await calls.json(ci, path, signal));
      const runs = [
        ...list(answer['builds']).flatMap((each) => runOf(project, undefined, each) ?? []),
        ...list(answer['jobs']).flatMap((job) => {
          const name = text(job['name']);
          return name === undefined
            ? []
            : list(job['builds']).flatMap((each) => runOf(`${project}/${name}`, decoded(name), each) ?? []);
        }),
      ];
      return { runs: runs.toSorted((one, other) => (other.startedAt ?? 0) - (one.startedAt ?? 0)).slice(0, 50) };
    },
    async failed({ ci }, run, signal) {
      try {
        const answer = record(await calls.json(ci, `${buildPath(run)}/wfapi/describe`, signal));
        const stage = list(answer['stages']).find((each) => ['FAILED', 'UNSTABLE'].includes(String(each['status'])));
        return { step: text(stage?.['name']) ?? 'the build', job: run.id, href: run.href && `${run.href}console` };
      } catch (error) {
        // Jobs that are no pipelines have no stages, and the plugin that tells of stages may be missing.
        if ((error as Fault).code !== 'NOT_FOUND') throw error;
        return { step: 'the build', job: run.id, href: run.href && `${run.href}console` };
      }
    },
    log: ({ ci }, run, signal) => calls.text(ci, `${buildPath(run)}/consoleText`, signal),
    async rerun(pipeline, run, signal) {
      const path = jobPath(run.id.slice(0, run.id.lastIndexOf('#')));
      const verb = (await isParameterised(pipeline, path, signal)) ? 'buildWithParameters' : 'build';
      const answer = await calls.post(pipeline.ci, `${path}/${verb}`, signal);
      if (!answer.ok) throw faultOf(pipeline.ci, answer, `job of ${run.title}`, 'build');
      return 'A new build of the same job waits in the queue, with the usual values of its parameters.';
    },
    async test(ci, project, signal) {
      const title = ci.name;
      const me = await calls.head(ci, '/me/api/json', signal);
      const version = me.headers['x-jenkins'];
      if (!me.ok && (me.status !== 403 || version === undefined))
        return [{ ...tested(title, faultOf(ci, me, 'Jenkins at this address')), fix: rights }];
      if (!me.ok) return [{ ...tested(title, faultOf(ci, me, 'itself')), fix: rights }];
      const name = text(record(me.json())['id']) ?? 'somebody';
      const words = `It answers: Jenkins ${version ?? 'of an unknown version'}, as ${name}.`;
      if (project === undefined) return [{ title, state: 'good', message: words }];
      const job = await calls.head(ci, `${jobPath(project)}/api/json?tree=fullName`, signal);
      return [
        { title, state: 'good', message: words },
        job.ok
          ? { title: `${title}: ${project}`, state: 'good', message: 'The job can be read.' }
          : { ...tested(`${title}: ${project}`, faultOf(ci, job, `job ${project}`)), fix: rights },
      ];
    },
  };
}
