/** Answers as the vendors' documentation of their APIs shows them, cut to what is read and a little more. */
type Answer = { status?: number; headers?: Record<string, string>; body: any };
export type Asked = { url: string; method: string; headers: Record<string, string> };

/** A far side that answers what a table says, by method and address, and notes what it was asked. */
export function farSide(answers: Record<string, Answer | (() => Answer | Promise<Answer>)>) {
  const asked: Asked[] = [];
  return {
    asked,
    answers,
    fetch: async (url: string, request: { method?: string; headers?: Record<string, string> }) => {
      const method = request.method ?? 'GET';
      asked.push({ url, method, headers: request.headers ?? {} });
      const found = answers[`${method} ${decodeURIComponent(url)}`];
      return typeof found === 'function' ? found() : found;
    },
  };
}

export const component = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations },
  spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
});

/** https://docs.github.com/en/rest/actions/workflow-runs */
const githubRun = (id: number, number: number, more: object) => ({
  id,
  name: 'Build',
  head_branch: 'main',
  head_sha: 'acb5820ced9479c074f688cc328bf03f341a511d',
  path: '.github/workflows/build.yml@main',
  display_title: 'Tow by night',
  run_number: number,
  event: 'push',
  status: 'completed',
  conclusion: 'success',
  workflow_id: 159_038,
  html_url: `https://github.com/acme/pay/actions/runs/${id}`,
  created_at: '2026-01-20T10:00:00Z',
  run_started_at: '2026-01-20T10:00:00Z',
  updated_at: '2026-01-20T10:03:00Z',
  run_attempt: 1,
  actor: { login: 'mona', type: 'User' },
  triggering_actor: { login: 'mona', type: 'User' },
  ...more,
});
export const githubRuns = {
  total_count: 3,
  workflow_runs: [
    githubRun(303, 3, {
      head_branch: 'feature',
      status: 'in_progress',
      conclusion: null,
      run_started_at: '2026-01-20T12:00:00Z',
      triggering_actor: { login: 'hubot' },
    }),
    githubRun(302, 2, {
      conclusion: 'failure',
      run_started_at: '2026-01-20T11:00:00Z',
      updated_at: '2026-01-20T11:01:30Z',
    }),
    githubRun(301, 1, {}),
  ],
};
/** https://docs.github.com/en/rest/actions/workflow-jobs */
export const githubJobs = {
  total_count: 2,
  jobs: [
    { id: 7001, run_id: 302, status: 'completed', conclusion: 'success', name: 'lint', steps: [] },
    {
      id: 7002,
      run_id: 302,
      status: 'completed',
      conclusion: 'failure',
      name: 'test',
      html_url: 'https://github.com/acme/pay/actions/runs/302/job/7002',
      steps: [
        { name: 'Set up job', status: 'completed', conclusion: 'success', number: 1 },
        { name: 'Unit tests', status: 'completed', conclusion: 'failure', number: 2 },
        { name: 'Complete job', status: 'completed', conclusion: 'success', number: 3 },
      ],
    },
  ],
};
const escape = String.fromCodePoint(27);
export const githubLog = [
  '2026-01-20T11:00:10.1234567Z ##[group]Run npm test',
  `2026-01-20T11:00:10.2234567Z ${escape}[36;1mnpm test${escape}[0m`,
  '2026-01-20T11:00:10.3234567Z ##[endgroup]',
  '2026-01-20T11:00:40.0000000Z expected 2, got 3',
  '2026-01-20T11:00:41.0000000Z ##[error]Process completed with exit code 1.',
  '2026-01-20T11:00:42.0000000Z Post job cleanup.',
  '',
].join('\n');

/** https://docs.gitlab.com/api/pipelines/ */
export const gitlabPipelines = [
  {
    id: 47,
    iid: 12,
    project_id: 1,
    status: 'failed',
    source: 'push',
    ref: 'main',
    sha: 'a91957a858320c0e17f3a0eca7cfacbff50ea29a',
    name: 'Build pipeline',
    web_url: 'https://gitlab.com/acme/tools/tug/-/pipelines/47',
    created_at: '2026-01-20T11:28:34.085Z',
    updated_at: '2026-01-20T11:32:35.169Z',
  },
];
export const gitlabPipeline = {
  ...gitlabPipelines[0],
  user: { id: 1, name: 'Administrator', username: 'root', state: 'active' },
  started_at: '2026-01-20T11:29:00.000Z',
  finished_at: '2026-01-20T11:32:35.000Z',
  duration: 215,
  coverage: '30.0',
};
/** https://docs.gitlab.com/api/jobs/ */
export const gitlabJobs = [
  { id: 6, name: 'audit', stage: 'test', status: 'failed', allow_failure: true, web_url: 'https://gitlab.com/j/6' },
  {
    id: 7,
    name: 'rspec',
    stage: 'test',
    status: 'failed',
    allow_failure: false,
    failure_reason: 'script_failure',
    web_url: 'https://gitlab.com/acme/tools/tug/-/jobs/7',
  },
];
export const gitlabTrace = `section_start:1560896352:step_script\r${escape}[0K$ bundle exec rspec\n10%\r50%\r1 example, 1 failure\nsection_end:1560896353:step_script\r${escape}[0K${escape}[31;1mERROR: Job failed: exit code 1\n`;

/** Gitea 1.25, `repos/{owner}/{repo}/actions/runs` of its API description */
export const giteaRuns = {
  total_count: 1,
  workflow_runs: [
    {
      id: 9,
      url: 'https://code.example.com/api/v1/repos/acme/buoy/actions/runs/9',
      html_url: 'https://code.example.com/acme/buoy/actions/runs/4',
      display_title: 'Ring the bell',
      path: 'build.yaml@refs/heads/main',
      event: 'push',
      run_attempt: 0,
      run_number: 4,
      head_sha: '6ad4b3c5b2',
      head_branch: 'main',
      status: 'completed',
      conclusion: 'success',
      actor: { login: 'ada', id: 1 },
      trigger_actor: { login: 'ada', id: 1 },
      started_at: '2026-01-20T09:00:00Z',
      completed_at: '2026-01-20T09:00:42Z',
    },
  ],
};
/** Gitea before 1.25, `actions/tasks` */
export const giteaTasks = {
  total_count: 1,
  workflow_runs: [
    {
      id: 31,
      name: 'bell',
      head_branch: 'main',
      head_sha: '6ad4b3c5b2',
      run_number: 4,
      event: 'push',
      display_title: 'Ring the bell',
      status: 'failure',
      workflow_id: 'build.yaml',
      url: 'https://code.example.com/acme/buoy/actions/runs/4',
      created_at: '2026-01-20T09:00:00Z',
      updated_at: '2026-01-20T09:00:42Z',
      run_started_at: '2026-01-20T09:00:00Z',
    },
  ],
};
