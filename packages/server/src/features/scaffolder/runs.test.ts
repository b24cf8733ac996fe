import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { runClient, templateFile } from './testing/client.ts';

const descriptor = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: \${{ values.name }} # its name
  annotations:
    own: "1"
spec: { type: service, lifecycle: production, owner: me }
`;

const small = templateFile(
  'small',
  `parameters:
  - title: About
    required: [name]
    properties:
      name: { type: string, pattern: '^[a-z-]+$' }
      region: { type: string, 'ui:options': { from: { catalog: { filter: { kind: Group }, value: metadata.name } } } }
  - title: More
    if: \${{ parameters.name == 'deep' }}
    properties: { depth: { type: number } }
steps:
  - id: files
    action: fetch:template
    input: { url: ./skeleton, values: { name: '\${{ parameters.name }}' } }
  - id: publish
    action: publish:git
    input: { remoteUrl: '\${{ parameters.name }}.git' }
  - id: register
    action: catalog:register
    input: { repoContentsUrl: '\${{ steps.publish.output.repoContentsUrl }}' }
output:
  links:
    - { title: Open, entityRef: '\${{ steps.register.output.entityRef }}' }`,
);

/** Fails while the repository it looks into is not there. */
const failing = templateFile(
  'failing',
  `parameters:
  properties: { name: { type: string } }
steps:
  - { id: write, action: 'fetch:template:file', input: { url: ./one.txt, targetPath: 'one.txt' } }
  - { id: rename, action: 'fs:rename', input: { files: [{ from: one.txt, to: two.txt }] } }
  - { id: change, action: 'publish:git:change', input: { remoteUrl: '\${{ parameters.name }}.git', branchName: more, title: More } }
  - { id: after, action: 'debug:log', input: { message: done } }
  - { id: tidy, if: '\${{ failure() }}', action: 'fs:delete', input: { files: [two.txt] } }`,
);

const secret = 'pa55 wörd/with+more';
const secretive = templateFile(
  'secretive',
  `secrets:
  schema: { type: object, required: [token], properties: { token: { type: string } } }
steps:
  - id: say
    action: debug:log
    input: { message: 'It is \${{ secrets.token }}, and bearer-\${{ secrets.token | urlencode }}.' }
  - id: merge
    action: roadiehq:utils:serialize:json
    input: { data: { inside: 'x\${{ secrets.token }}y' } }
  - { id: again, action: 'debug:log', input: { message: 'again \${{ steps.merge.output.serialized }}' } }
  - { id: wait, action: 'debug:wait', input: { seconds: '\${{ parameters.seconds }}' } }
output: { all: '\${{ steps.merge.output.serialized }}' }`,
);

const slow = templateFile(
  'slow',
  `steps: [{ id: wait, action: 'debug:wait', input: { minutes: 5 } }, { action: 'debug:log' }]`,
);

const files = {
  'catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: all }
spec: { targets: [./small/template.yaml, ./failing/template.yaml, ./secretive/template.yaml, ./slow/template.yaml, ./hostile/template.yaml] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: north, title: The north }
spec: { type: team, children: [] }
`,
  'small/template.yaml': small,
  'small/skeleton/catalog-info.yaml': descriptor,
  'small/skeleton/README.md': '# ${{ values.name }}\n',
  'failing/template.yaml': failing,
  'failing/one.txt': 'one\n',
  'secretive/template.yaml': secretive,
  'slow/template.yaml': slow,
  'hostile/template.yaml': templateFile(
    'hostile',
    `parameters: { properties: { url: { type: string }, from: { type: string }, target: { type: string }, options: { type: string, 'ui:options': { from: { url: 'http://169.254.169.254/latest' } } } } }
steps:
  - { id: http, if: '\${{ parameters.url }}', action: 'http:request', input: { url: '\${{ parameters.url }}' } }
  - { id: fetch, if: '\${{ parameters.from }}', action: 'fetch:plain', input: { url: '\${{ parameters.from }}' } }
  - { id: write, if: '\${{ parameters.target }}', action: 'fetch:template', input: { url: ../small/skeleton, targetPath: '\${{ parameters.target }}' } }
  - { id: register, if: '\${{ parameters.register }}', action: 'catalog:register', input: { catalogInfoUrl: '\${{ parameters.register }}' } }
  - { id: loop, if: '\${{ parameters.loop }}', action: 'debug:log', input: { message: '{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}\${{ parameters.loop }}' } }`,
  ),
};

const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8' }).trim();

forEachDatabase((dialect, databases) => {
  let portal: TestPortal;
  let client: ReturnType<typeof runClient>;
  let data: string;
  const repository = (name: string) => join(data, 'repositories', `${name}.git`);

  beforeAll(async () => {
    portal = await testPortal({ place: await databases.place(), files });
    data = portal.portal.dataDirectory;
    client = runClient(portal.url);
  });
  afterAll(() => portal.stop());

  test('runs a template to a repository and into the catalog, and writes down what it made', async () => {
    const { id, task, events, log } = await client.run('small', { name: 'pier' });
    expect(task).toMatchObject({
      status: 'completed',
      createdBy: 'user:default/local-administrator',
      minutesSaved: 90,
      template: { ref: 'template:default/small', title: 'Template small' },
      entityRefs: ['component:default/pier'],
      output: { links: [{ title: 'Open', entityRef: 'component:default/pier' }] },
      hasWorkspace: true,
      mayCancel: false,
      mayRetry: false,
      mayRollBack: true,
    });
    expect(task.spec).toMatchObject({
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      parameters: { name: 'pier' },
      user: { ref: 'user:default/local-administrator' },
      templateInfo: { entityRef: 'template:default/small' },
    });
    expect(task.steps!.map((step) => [step.id, step.status, step.attempts])).toEqual([
      ['files', 'completed', 1],
      ['publish', 'completed', 1],
      ['register', 'completed', 1],
    ]);
    expect(log).toContain('Finished step publish');
    expect(events.at(-1)).toMatchObject({
      taskId: id,
      type: 'completion',
      body: { message: 'Run completed successfully', status: 'completed', output: task.output },
    });
    expect(events.map((event) => event.id)).toEqual(events.map((event) => event.id).toSorted((a, b) => a - b));

    // The descriptor says where it comes from, and nothing else of it has changed.
    const published = git(repository('pier'), 'show', 'main:catalog-info.yaml');
    expect(`${published}\n`).toBe(
      descriptor
        .replace('${{ values.name }}', 'pier')
        .replace(
          '    own:',
          `    backstage.io/source-template: template:default/small\n    callboard/template-version: ${task.template.version}\n    callboard/template-run: ${id}\n    own:`,
        ),
    );
    expect((await portal.entity('component:default/pier')).metadata.annotations).toMatchObject({
      'callboard/template-run': id,
      'backstage.io/source-template': 'template:default/small',
    });
    expect((await client.get('/made/default/component/pier')).body).toMatchObject({
      taskId: id,
      templateRef: 'template:default/small',
    });
    const made = (await client.get(`/tasks/${id}/files`)).body.files;
    expect(made.map(({ path, size }: { path: string; size: number }) => [path, size])).toEqual([
      ['README.md', 7],
      ['catalog-info.yaml', published.length + 1],
    ]);
    const archive = await fetch(`${portal.url}/api/scaffolder/v2/tasks/${id}/workspace`);
    expect(archive.headers.get('content-type')).toBe('application/zip');
    const bytes = Buffer.from(await archive.arrayBuffer());
    expect([bytes.readUInt32LE(0), bytes.readUInt16LE(bytes.length - 12)]).toEqual([0x04034b50, 2]);

    const seen = (await portal.get('/api/events?after=0&limit=1000&types=scaffolder.*')).body.events;
    expect(seen.map((event: { type: string; data: { runId: string } }) => [event.type, event.data.runId])).toEqual([
      ['scaffolder.run.created', id],
      ['scaffolder.run.completed', id],
    ]);
  });

  test('finds what it published before, and takes it back on request', async () => {
    const first = await client.run('small', { name: 'quay' });
    const commit = git(repository('quay'), 'rev-parse', 'main');
    expect((await client.post(`/tasks/${first.id}/rollback`)).body).toEqual({ id: first.id });
    const task = await eventually(async () => {
      const now = await client.task(first.id);
      expect(now.rollback?.status).toBe('completed');
      return now;
    });
    expect(task.steps!.map(({ id, undone }) => [id, undone ?? false])).toEqual([
      ['files', false],
      ['publish', true],
      ['register', true],
    ]);
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(existsSync(repository('quay'))).toBe(false);
    await eventually(async () =>
      expect((await portal.get('/api/catalog/entities/by-name/component/default/quay')).status).toBe(404),
    );
    expect((await client.post(`/tasks/${first.id}/rollback`)).body.error).toMatchObject({
      code: 'SCAFFOLDER_RUN_NOT_REVERSIBLE',
    });
  });

  test('goes on from the step that failed, with the files from before it', async () => {
    const { id, task, events } = await client.run('failing', { name: 'later' });
    expect(task).toMatchObject({
      status: 'failed',
      mayRetry: true,
      error: { code: 'SCAFFOLDER_GIT_FAILED', stepId: 'change' },
    });
    expect(task.steps!.map(({ status }) => status)).toEqual([
      'completed',
      'completed',
      'failed',
      'skipped',
      'completed',
    ]);
    expect(events.at(-1)!.body).toMatchObject({ status: 'failed', error: { stepId: 'change' } });
    await client.run('small', { name: 'later' });
    expect((await client.post(`/tasks/${id}/retry`, {})).body).toEqual({ id });
    await client.ended(id);
    const again = await client.task(id);
    expect(again.status).toBe('completed');
    expect(again.steps!.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
      'completed 1',
      'completed 1',
      'completed 1',
      'completed 1',
      'skipped 1',
    ]);
    expect(git(repository('later'), 'show', 'more:two.txt')).toBe('one');
    expect((await client.post(`/tasks/${id}/retry`, {})).body.error).toMatchObject({
      code: 'SCAFFOLDER_RUN_NOT_ENDED',
      message: `The run ${id} is completed; only one that failed or was cancelled can be retried`,
    });
  });

  test('shows secrets nowhere, and keeps none when the run has ended', async () => {
    const refused = await client.post('/tasks', { templateRef: 'template:default/secretive', values: {} });
    expect([refused.status, refused.body.errors[0].message]).toEqual([400, 'secrets.token is required']);
    const { id, events, task } = await client.run('secretive', { seconds: 0.01 }, { token: secret });
    expect(task.status).toBe('completed');
    const all = JSON.stringify([events, task, (await portal.get('/api/events?after=0&limit=1000')).body]);
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      expect(all).not.toContain(form);
    expect(events.map(({ body }) => body.message)).toContain('***');
    expect(task.output).toEqual({ all: '{"inside":"***"}' });
    expect(task.needsSecrets).toEqual(['token']);
    const db = await (dialect === 'postgres'
      ? databases.open({ url: portal.portal.config.values.database.url })
      : undefined);
    const stored = db
      ? JSON.stringify([
          await db.reader().selectFrom('scaffolder_run').selectAll().where('id', '=', id).execute(),
          await db.reader().selectFrom('scaffolder_step').selectAll().where('run_id', '=', id).execute(),
          await db.reader().selectFrom('scaffolder_log').selectAll().where('run_id', '=', id).execute(),
        ])
      : readFileSync(join(data, 'callboard.db'), 'latin1') + readFileSync(join(data, 'callboard.db-wal'), 'latin1');
    expect(stored).toContain(id);
    expect(stored).not.toContain('pa55');
  });

  test('stops in the middle of a step, and before a run begins', async () => {
    const id = await client.begin('slow');
    await client.until(id, ({ body }) => body.stepId === 'wait' && body.status === 'processing');
    expect((await client.post(`/tasks/${id}/cancel`)).body).toEqual({ status: 'cancelled' });
    const events = await client.ended(id);
    expect(events.slice(-2).map(({ type, body }) => [type, body.message])).toEqual([
      ['cancelled', 'Step wait has been cancelled'],
      ['completion', 'Run was cancelled'],
    ]);
    const task = await client.task(id);
    expect([task.status, task.mayRetry, task.steps!.map(({ status }) => status)]).toEqual([
      'cancelled',
      true,
      ['cancelled', 'cancelled'],
    ]);
    expect((await client.post(`/tasks/${id}/cancel`)).body).toEqual({ status: 'cancelled' });
    const list = (await client.get('/tasks?status=cancelled&order=asc:created_at')).body;
    expect([list.totalTasks, list.tasks.map((each: { id: string }) => each.id)]).toEqual([1, [id]]);
    expect((await client.get('/tasks?createdBy=user:default/nobody')).body).toEqual({ tasks: [], totalTasks: 0 });
  });

  test('streams what happens, to the end', async () => {
    const id = await client.begin('small', { name: 'stream' });
    const answer = await fetch(`${portal.url}/api/scaffolder/v2/tasks/${id}/eventstream`);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const text = await answer.text();
    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    expect([names[0], names.at(-1), new Set(names)]).toEqual(['log', 'completion', new Set(['log', 'completion'])]);
    const sent = [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => JSON.parse(line!));
    expect(sent).toEqual((await client.get(`/tasks/${id}/events`)).body);
    const half = sent[Math.floor(sent.length / 2)].id;
    const rest = await (await fetch(`${portal.url}/api/scaffolder/v2/tasks/${id}/eventstream?after=${half}`)).text();
    expect([...rest.matchAll(/^id: (\d+)$/gm)].map(([, each]) => Number(each))).toEqual(
      sent.map((event) => event.id).filter((each) => each > half),
    );
  });

  test('says before a run what it would make, and shows forms that follow the answers', async () => {
    const plan = (await client.post('/templates/default/template/small/plan', { values: { name: 'plan' } })).body;
    expect(plan.directoryContents.map(({ path }: { path: string }) => path)).toEqual([
      'README.md',
      'catalog-info.yaml',
    ]);
    expect(plan.effects).toEqual([
      'Creates the repository plan.git if it does not exist, and pushes the files to its branch main',
      'Adds /catalog-info.yaml of the repository to the catalog',
    ]);
    expect(existsSync(repository('plan'))).toBe(false);
    const form = async (answers: object) =>
      (await client.post('/templates/default/template/small/form', { answers })).body;
    expect((await form({})).steps.map((page: { isShown: boolean }) => page.isShown)).toEqual([true, false]);
    expect((await form({ name: 'deep' })).steps.map((page: { isShown: boolean }) => page.isShown)).toEqual([
      true,
      true,
    ]);
    const options = await client.post('/templates/default/template/small/options', { field: 'region' });
    expect(options.body).toEqual({ options: [{ value: 'north', label: 'The north' }], isComplete: true });
    const dry = await client.post('/dry-run', {
      template: {
        apiVersion: 'scaffolder.backstage.io/v1beta3',
        kind: 'Template',
        metadata: { name: 'x' },
        spec: {
          type: 'a',
          steps: [{ action: 'fetch:template', input: { url: '.', values: { a: 1 } } }, { action: 'acme:make' }],
        },
      },
      values: {},
      directoryContents: [
        { path: 'sub/${{ values.a }}.txt', base64Content: Buffer.from('<${{ values.a }}>').toString('base64') },
      ],
    });
    expect(dry.body).toMatchObject({
      directoryContents: [{ path: 'sub/1.txt', base64Content: Buffer.from('<1>').toString('base64') }],
      missing: [{ step: 'step-2', action: 'acme:make' }],
    });
    const preview = await client.post('/preview', { text: small.replace('publish:git', 'publish:gti') });
    expect(preview.body.templates[0].form.steps[0].title).toBe('About');
    expect(preview.body.problems[0].message).toContain('publish:gti');
    const source = (await client.get('/templates/default/template/small/source')).body;
    expect([source.path, source.files.map(({ path }: { path: string }) => path)]).toEqual([
      'template.yaml',
      ['template.yaml', 'skeleton/README.md', 'skeleton/catalog-info.yaml'],
    ]);
    const branches = (remote: string) =>
      client.post('/autocomplete/git/branches', { token: '', context: { repository: remote } });
    expect((await branches('pier.git')).body).toEqual({ results: [{ id: 'main' }] });
    expect((await branches('none.git')).body).toEqual({ results: [] });
    expect((await branches('http://169.254.169.254/a.git')).status).toBe(403);
    expect((await client.post('/autocomplete/git/owners', { token: '', context: {} })).body).toEqual({ results: [] });
    expect(
      (await client.post('/autocomplete/git/repositories', { token: '', context: {} })).body.results.map(
        ({ id }: { id: string }) => id,
      ),
    ).toContain('pier.git');
  });

  test('lists actions, filters and templates', async () => {
    const actions = (await client.get('/actions')).body;
    expect(actions.find(({ id }: { id: string }) => id === 'fetch:template').schema.input.properties).toHaveProperty(
      'copyWithoutTemplating',
    );
    expect(Object.keys((await client.get('/templating-extensions')).body.filters)).toContain('parseRepoUrl');
    const { items } = (await client.get('/templates')).body;
    expect(items.map(({ name }: { name: string }) => name)).toEqual([
      'failing',
      'hostile',
      'secretive',
      'slow',
      'small',
    ]);
    expect(items[4]).toMatchObject({ ref: 'template:default/small', minutesSaved: 90, type: 'service' });
  });

  test.each([
    ['POST', '/tasks', { templateRef: 'template:default/none', values: {} }, 404, 'SCAFFOLDER_TEMPLATE_MISSING'],
    ['POST', '/tasks', { templateRef: 'component:default/small', values: {} }, 404, 'SCAFFOLDER_TEMPLATE_MISSING'],
    ['POST', '/tasks', { templateRef: ':::', values: {} }, 404, 'SCAFFOLDER_TEMPLATE_MISSING'],
    [
      'POST',
      '/tasks',
      { templateRef: 'template:default/small', values: { name: 'No Good' } },
      400,
      'SCAFFOLDER_VALUES_INVALID',
    ],
    ['POST', '/tasks', { templateRef: 'template:default/small', values: 1 }, 400, 'HTTP_INVALID_REQUEST'],
    ['POST', '/tasks', undefined, 400, 'HTTP_INVALID_REQUEST'],
    ['GET', '/tasks/none', undefined, 404, 'SCAFFOLDER_RUN_MISSING'],
    ['GET', '/tasks/none/events', undefined, 404, 'SCAFFOLDER_RUN_MISSING'],
    ['GET', '/tasks/none/eventstream', undefined, 404, 'SCAFFOLDER_RUN_MISSING'],
    ['GET', '/tasks/none/workspace', undefined, 404, 'SCAFFOLDER_RUN_MISSING'],
    ['POST', '/tasks/none/cancel', undefined, 404, 'SCAFFOLDER_RUN_MISSING'],
    ['POST', '/tasks/none/retry', {}, 404, 'SCAFFOLDER_RUN_MISSING'],
    ['GET', '/tasks?order=up', undefined, 400, 'SCAFFOLDER_ORDER_INVALID'],
    ['GET', '/tasks?limit=x', undefined, 400, 'HTTP_INVALID_REQUEST'],
    ['GET', '/made/default/component/none', undefined, 404, 'SCAFFOLDER_NOT_MADE'],
    ['POST', '/autocomplete/acme/things', { token: '', context: {} }, 400, 'SCAFFOLDER_AUTOCOMPLETE_UNKNOWN'],
    ['POST', '/templates/default/template/small/options', { field: 'name' }, 404, 'SCAFFOLDER_OPTIONS_MISSING'],
    ['POST', '/templates/default/template/small/plan', { values: {} }, 400, 'SCAFFOLDER_VALUES_INVALID'],
    ['POST', '/dry-run', { template: {}, values: {}, directoryContents: [] }, 400, 'SCAFFOLDER_TEMPLATE_INVALID'],
  ])('refuses %s %s %j', async (method, path, body, status, code) => {
    const answer = await client.send(method, path, body);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(answer.body.error.fix.length).toBeGreaterThan(5);
  });

  test('holds uploads to the folder of the template', async () => {
    const template = {
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'x' },
      spec: { type: 'a', steps: [{ action: 'debug:log' }] },
    };
    for (const path of ['../out.txt', '/etc/out.txt', '.git/config', 'a/../../b'])
      expect(
        (await client.post('/dry-run', { template, values: {}, directoryContents: [{ path, base64Content: '' }] })).body
          .error.code,
      ).toBe('SCAFFOLDER_PATH_OUTSIDE');
  });

  test('contains hostile templates', async () => {
    const world = createServer((_request, response) => response.end('reached'));
    world.listen(0, '127.0.0.1');
    await once(world, 'listening');
    const here = `http://127.0.0.1:${(world.address() as AddressInfo).port}/`;
    let reached = 0;
    world.on('request', () => (reached += 1));
    for (const [values, code] of [
      [{ url: here }, /^OUTBOUND_/],
      [{ url: `${portal.url}/api/catalog/entities` }, /^(OUTBOUND_|SCAFFOLDER_ADDRESS_REFUSED)/],
      [{ url: 'http://169.254.169.254/latest/meta-data' }, /^OUTBOUND_/],
      [{ url: 'http://[::ffff:127.0.0.1]:80/' }, /^OUTBOUND_/],
      [{ from: 'file:///etc/passwd' }, /^SCAFFOLDER_ADDRESS_REFUSED$/],
      [{ from: '../../../../../../etc' }, /^SCAFFOLDER_PATH_OUTSIDE$/],
      [{ target: '../../outside' }, /^SCAFFOLDER_PATH_OUTSIDE$/],
      [{ target: '.git' }, /^SCAFFOLDER_PATH_OUTSIDE$/],
      [{ register: 'file:/etc/passwd' }, /^SCAFFOLDER_REGISTRATION_NOT_ALLOWED$/],
      [{ register: 'git:/elsewhere/blob/main/catalog-info.yaml' }, /^SCAFFOLDER_PATH_OUTSIDE$/],
    ] as const) {
      const { task } = await client.run('hostile', values);
      expect([values, task.status, task.error?.code]).toEqual([values, 'failed', expect.stringMatching(code)]);
    }
    expect(reached).toBe(0);
    world.close();
    const options = await client.post('/templates/default/template/hostile/options', { field: 'options' });
    expect(options.body.error.code).toMatch(/^OUTBOUND_/);
    // What cannot be rendered keeps its text; the portal goes on.
    const { task, log } = await client.run('hostile', { loop: 'x' });
    expect(task.status).toBe('completed');
    // A slow machine gives it up by the time it takes.
    expect(log).toMatch(/Make (the loop or the text smaller|it simpler)/);
  });
});
