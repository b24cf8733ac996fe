import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gitlab } from '@gitbeaker/rest';
import { giteaApi } from 'gitea-js';
import Jenkins from 'jenkins';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { giteaTasks, gitlabJobs, gitlabPipeline, gitlabPipelines, gitlabTrace } from './testing/far-side.ts';
import { fakeJenkins, fleet } from './testing/jenkins.ts';

/**
 * The stand-ins that the tests of this plugin run against, driven by clients of others as they are. What the plugin reads of an answer stands here
 * under the names and types that the client knows; for Jenkins, which publishes none, by the addresses that its client makes.
 */
const pipelines = '/gitlab/api/v4/projects/1/pipelines';
const json = 'application/json';
const answers: Record<string, { type: string; body: unknown }> = {
  [`GET ${pipelines}`]: { type: json, body: gitlabPipelines },
  [`GET ${pipelines}/47`]: { type: json, body: gitlabPipeline },
  [`GET ${pipelines}/47/jobs`]: { type: json, body: gitlabJobs },
  [`POST ${pipelines}/47/retry`]: { type: json, body: { ...gitlabPipeline, status: 'pending' } },
  'GET /gitlab/api/v4/projects/1/jobs/7/trace': { type: 'text/plain', body: gitlabTrace },
  'GET /gitea/api/v1/repos/acme/buoy/actions/tasks': { type: json, body: giteaTasks },
};
let base = '';
let jenkins: ReturnType<typeof fakeJenkins>;
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  if (request.url!.startsWith('/jenkins/')) {
    const headers = request.headers as Record<string, string>;
    const answer = jenkins.fetch(`${base}${request.url}`, { method: request.method, headers, body: text });
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    return;
  }
  const answer = answers[`${request.method} ${request.url!.split('?')[0]}`];
  response.writeHead(answer ? 200 : 404, { 'content-type': answer?.type ?? json });
  response.end(typeof answer?.body === 'string' ? answer.body : JSON.stringify(answer?.body ?? {}));
});
beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  jenkins = fakeJenkins(`${base}/jenkins`, [fleet]);
});
afterAll(() => void server.close());

test('GitLab CI', async () => {
  const client = new Gitlab({ host: `${base}/gitlab`, token: 'glpat-1' });
  const [listed] = await client.Pipelines.all(1, { perPage: 50, maxPages: 1 });
  const { id, iid, status, ref, sha, source, name, web_url: url, created_at: at, updated_at: changed } = listed!;
  expect([id, iid, status, ref, source, name]).toEqual([47, 12, 'failed', 'main', 'push', 'Build pipeline']);
  expect([sha.length, Date.parse(at) <= Date.parse(changed)]).toEqual([40, true]);
  expect(url).toBe('https://gitlab.com/acme/tools/tug/-/pipelines/47');
  const one = await client.Pipelines.show(1, 47);
  expect([one.duration, one.user.username, one.started_at, one.finished_at]).toEqual([
    215,
    'root',
    '2026-01-20T11:29:00.000Z',
    '2026-01-20T11:32:35.000Z',
  ]);
  const jobs = await client.Jobs.all(1, { pipelineId: 47, scope: 'failed' });
  expect(jobs.map((job) => [job.id, job.name, job.stage, job.status, job.allow_failure])).toEqual([
    [6, 'audit', 'test', 'failed', true],
    [7, 'rspec', 'test', 'failed', false],
  ]);
  expect(jobs[1]!.web_url).toBe('https://gitlab.com/acme/tools/tug/-/jobs/7');
  expect(await client.Jobs.showLog(1, 7)).toBe(gitlabTrace);
  expect((await client.Pipelines.retry(1, 47)).status).toBe('pending');
});

test('tasks of Gitea Actions', async () => {
  const client = giteaApi(`${base}/gitea`, { token: 't' });
  const { data } = await client.repos.listActionTasks('acme', 'buoy', { limit: 50 });
  const [run] = data.workflow_runs!;
  expect([data.total_count, run!.id, run!.run_number, run!.status, run!.event]).toEqual([1, 31, 4, 'failure', 'push']);
  expect([run!.display_title, run!.name, run!.head_branch, run!.head_sha, run!.workflow_id]).toEqual([
    'Ring the bell',
    'bell',
    'main',
    '6ad4b3c5b2',
    'build.yaml',
  ]);
  expect([run!.run_started_at, run!.updated_at]).toEqual(['2026-01-20T09:00:00Z', '2026-01-20T09:00:42Z']);
  expect(run!.url).toBe('https://code.example.com/acme/buoy/actions/runs/4');
});

test('Jenkins, with the addresses and the choice of fields that its client asks for', async () => {
  const [, host] = base.split('//');
  const client = new Jenkins({ baseUrl: `http://bot:11aa@${host}/jenkins` });
  const tree = 'fullName,url,builds[number]{0,1},jobs[fullName,name,builds[number,result]{0,1}]';
  expect(await client.job.get({ name: 'fleet/gull', tree })).toEqual({
    _class: 'org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject',
    fullName: 'fleet/gull',
    url: `${base}/jenkins/job/fleet/job/gull/`,
    jobs: [
      {
        _class: 'org.jenkinsci.plugins.workflow.job.WorkflowJob',
        fullName: 'fleet/gull/main',
        name: 'main',
        builds: [{ _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun', number: 5, result: 'FAILURE' }],
      },
      {
        _class: 'org.jenkinsci.plugins.workflow.job.WorkflowJob',
        fullName: 'fleet/gull/fix%2Fwing',
        name: 'fix%2Fwing',
        builds: [{ _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun', number: 1, result: null }],
      },
    ],
  });
  const url = `${base}/jenkins/job/fleet/job/gull/job/main/5/`;
  expect(await client.build.get('fleet/gull/main', 5)).toMatchObject({ number: 5, building: false, url });
  expect(await client.build.log('fleet/gull/main', 5)).toContain('ERROR: no wind');
  await expect(client.job.get('fleet/none')).rejects.toThrow('not found');
  // The client answers with the number in the queue, which it reads from where Jenkins sends it.
  expect(await client.job.build({ name: 'fleet/gull/main', parameters: { WIND: 'no' } })).toBe(1);
  await expect(client.job.build('fleet/gull/main')).rejects.toThrow('bad request');
  expect(await client.job.build('fleet/tern')).toBe(2);
  expect(jenkins.started).toEqual([
    { job: 'fleet/gull/main', parameters: true },
    { job: 'fleet/tern', parameters: false },
  ]);
  const stranger = new Jenkins({ baseUrl: `http://bot:wrong@${host}/jenkins` });
  await expect(stranger.job.get('fleet/gull')).rejects.toThrow('unauthorized');
});
