/** A Jenkins in the process of the test: its remote API upon folders, jobs and builds in memory, with the choice of fields that `tree` makes. */
type Thing = Record<string, any>;
type Request = { method?: string; headers?: Record<string, string>; body?: string };
type Answer = { status?: number; headers?: Record<string, string>; body: any };

type FakeBuild = Thing & { number: number; log: string; stages?: Thing[] };
type FakeJob = { class: string; name: string; jobs?: FakeJob[]; builds?: FakeBuild[]; parameters?: string[] };

type Choice = { fields: Map<string, Choice>; from: number; to: number };

/** `a,b[c]{0,5}` as Jenkins reads it: names, what of each, and which of a list. */
function chosen(text: string): Choice {
  let at = 0;
  const read = (): Choice => {
    const choice: Choice = { fields: new Map(), from: 0, to: Infinity };
    for (;;) {
      const [name = ''] = /^\w+/.exec(text.slice(at)) ?? [];
      at += name.length;
      let below: Choice = { fields: new Map(), from: 0, to: Infinity };
      if (text[at] === '[') {
        at += 1;
        below = read();
        at += 1;
      }
      const range = /^\{(\d*),(\d*)\}/.exec(text.slice(at));
      if (range) {
        [below.from, below.to] = [Number(range[1] || 0), Number(range[2] || Infinity)];
        at += range[0].length;
      }
      choice.fields.set(name, below);
      if (text[at] !== ',') return choice;
      at += 1;
    }
  };
  return read();
}

/** What of a thing was chosen; the class is always told. */
function cut(value: any, choice: Choice): any {
  if (Array.isArray(value)) return value.slice(choice.from, choice.to).map((each) => cut(each, choice));
  if (typeof value !== 'object' || value === null || choice.fields.size === 0) return value;
  const told = Object.entries(value as Thing).filter(([key]) => key === '_class' || choice.fields.has(key));
  return Object.fromEntries(
    told.map(([key, each]) => [key, key === '_class' ? each : cut(each, choice.fields.get(key)!)]),
  );
}

const pipeline = 'org.jenkinsci.plugins.workflow.job.WorkflowJob';

/** Makes one with jobs, for somebody with the token `11aa`. */
export function fakeJenkins(base: string, jobs: FakeJob[]) {
  const started: { job: string; parameters: boolean }[] = [];
  const calls: string[] = [];

  const shownBuild = (job: string, { log: _log, stages: _stages, ...build }: FakeBuild): Thing => ({
    _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun',
    actions: [],
    building: false,
    displayName: `#${build.number}`,
    fullDisplayName: `${job.replaceAll('/', ' » ')} #${build.number}`,
    id: String(build.number),
    result: 'SUCCESS',
    ...build,
    url: `${base}${pathOf(job)}${build.number}/`,
  });
  const pathOf = (job: string) =>
    `${job
      .split('/')
      .map((word) => `/job/${encodeURIComponent(word)}`)
      .join('')}/`;
  const shownJob = (job: FakeJob, above: string): Thing => {
    const fullName = above === '' ? job.name : `${above}/${job.name}`;
    const builds = (job.builds ?? []).map((build) => shownBuild(fullName, build));
    return {
      _class: job.class,
      name: job.name,
      fullName,
      url: `${base}${pathOf(fullName)}`,
      ...(job.jobs ? { jobs: job.jobs.map((each) => shownJob(each, fullName)) } : { buildable: true, builds }),
      property: job.parameters
        ? [
            {
              _class: 'hudson.model.ParametersDefinitionProperty',
              parameterDefinitions: job.parameters.map((name) => ({
                _class: 'hudson.model.StringParameterDefinition',
                name,
                type: 'StringParameterDefinition',
              })),
            },
          ]
        : [{ _class: 'jenkins.model.BuildDiscarderProperty' }],
    };
  };
  const missing: Answer = { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not Found</html>' };
  const shown = (value: Thing, query: URLSearchParams): Answer => {
    const tree = query.get('tree');
    return { body: tree === null ? value : cut(value, chosen(tree)) };
  };

  function ofBuild(job: string, build: FakeBuild, rest: string, query: URLSearchParams): Answer {
    if (rest === 'api/json') return shown(shownBuild(job, build), query);
    const text = { 'content-type': 'text/plain;charset=utf-8' };
    if (rest === 'consoleText') return { headers: text, body: build.log };
    if (rest === 'logText/progressiveText')
      return { headers: { ...text, 'x-text-size': String(build.log.length) }, body: build.log };
    // Of the plugin Pipeline: REST API, for pipelines only.
    if (rest === 'wfapi/describe' && build.stages)
      return {
        body: { id: String(build.number), name: `#${build.number}`, status: build['result'], stages: build.stages },
      };
    return missing;
  }

  function start(job: FakeJob, fullName: string, verb: string): Answer {
    const hasParameters = verb === 'buildWithParameters';
    if (hasParameters !== (job.parameters !== undefined))
      return {
        status: hasParameters ? 500 : 400,
        body: hasParameters ? 'is not parameterized' : 'Nothing is submitted',
      };
    started.push({ job: fullName, parameters: hasParameters });
    return { status: 201, headers: { location: `${base}/queue/item/${started.length}/` }, body: '' };
  }

  function answer(url: URL, request: Request): Answer {
    const path = url.pathname.replace(new URL(base).pathname.replace(/\/$/, ''), '').replace(/^\/+/, '');
    if (path === 'me/api/json')
      return shown({ _class: 'hudson.model.User', id: 'bot', fullName: 'Bot' }, url.searchParams);
    if (path === 'crumbIssuer/api/json')
      return {
        body: { _class: 'hudson.security.csrf.DefaultCrumbIssuer', crumb: 'c', crumbRequestField: 'Jenkins-Crumb' },
      };
    let [words, list]: [string[], FakeJob[] | undefined] = [path.split('/'), jobs];
    let [job, fullName]: [FakeJob | undefined, string] = [undefined, ''];
    while (words[0] === 'job' && words[1] !== undefined) {
      const name = decodeURIComponent(words[1]);
      job = list?.find((each) => each.name === name);
      if (!job) return missing;
      fullName = fullName === '' ? name : `${fullName}/${name}`;
      [words, list] = [words.slice(2), job.jobs];
    }
    if (!job) return missing;
    const rest = words.join('/');
    if (rest === 'api/json') return shown(shownJob(job, fullName.split('/').slice(0, -1).join('/')), url.searchParams);
    if (request.method === 'POST' && /^build(WithParameters)?$/.test(rest)) return start(job, fullName, rest);
    const build = job.builds?.find(({ number }) => String(number) === words[0]);
    return build ? ofBuild(fullName, build, words.slice(1).join('/'), url.searchParams) : missing;
  }

  return {
    calls,
    started,
    fetch: (given: string, request: Request): Answer => {
      const url = new URL(given);
      calls.push(`${request.method ?? 'GET'} ${decodeURIComponent(url.pathname)}`);
      const isKnown = request.headers?.['authorization'] === `Basic ${Buffer.from('bot:11aa').toString('base64')}`;
      const found: Answer = isKnown ? answer(url, request) : { status: 401, body: '<html>Unauthorized</html>' };
      const type = typeof found.body === 'string' ? 'text/html' : 'application/json';
      const headers = { 'x-jenkins': '2.528.1', 'content-type': `${type};charset=utf-8` };
      return { ...found, headers: { ...headers, ...found.headers } };
    },
  };
}

/** A build as the API shows it, started by Ada. */
const build = (number: number, more: Thing): FakeBuild => ({
  number,
  log: 'one\ntwo\nFinished: SUCCESS\n',
  stages: [{ id: '6', name: 'Build', status: 'SUCCESS' }],
  actions: [
    {
      _class: 'hudson.model.CauseAction',
      causes: [
        {
          _class: 'hudson.model.Cause$UserIdCause',
          shortDescription: 'Started by user Ada',
          userId: 'ada',
          userName: 'Ada',
        },
      ],
    },
    {},
    {
      _class: 'hudson.plugins.git.util.BuildData',
      lastBuiltRevision: { SHA1: 'b5d1f9', branch: [{ SHA1: 'b5d1f9', name: 'refs/remotes/origin/main' }] },
      remoteUrls: ['https://code.example.com/fleet/gull.git'],
    },
  ],
  duration: 61_000,
  estimatedDuration: 60_000,
  timestamp: Date.parse('2026-01-20T08:00:00Z'),
  ...more,
});

/** A multibranch project in a folder, whose main branch fails, and a job that takes no parameters. */
export const fleet: FakeJob = {
  class: 'com.cloudbees.hudson.plugins.folder.Folder',
  name: 'fleet',
  jobs: [
    {
      class: 'org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject',
      name: 'gull',
      jobs: [
        {
          class: pipeline,
          name: 'main',
          parameters: ['WIND'],
          builds: [
            build(5, {
              result: 'FAILURE',
              timestamp: Date.parse('2026-01-20T08:30:00Z'),
              log: 'one\ntwo\nERROR: no wind\nFinished: FAILURE\n',
              stages: [
                { id: '6', name: 'Build', status: 'SUCCESS' },
                { id: '16', name: 'Fly', status: 'FAILED' },
              ],
            }),
            build(4, {}),
          ],
        },
        { class: pipeline, name: 'fix%2Fwing', builds: [build(1, { building: true, result: null })] },
      ],
    },
    { class: 'hudson.model.FreeStyleProject', name: 'tern', builds: [build(2, { stages: undefined })] },
  ],
};
