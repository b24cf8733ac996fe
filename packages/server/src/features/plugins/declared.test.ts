import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPortal, type TestPortal } from '../../testing/portal.ts';
import { tarball } from './testing/pack.ts';
import { installPlugin } from './testing/install.ts';

const example = new URL('../../../../../examples/plugins/ferry-status/callboard.plugin.json', import.meta.url);
let far: Server;
let answer: { status: number; body: string };
let asked: (string | undefined)[] = [];
let folder: string;
let portal: TestPortal;

beforeAll(async () => {
  far = createServer((request, response) => {
    asked.push(request.url, request.headers.authorization);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(far.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'callboard-declared-'));
  const component = (name: string, annotations: string) =>
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name}, annotations: ${annotations} }\nspec: { type: service, lifecycle: production, owner: crew }\n`;
  portal = await testPortal({
    place: { directory: join(folder, 'data') },
    folder,
    files: {
      'c.yaml': `${component('ferry', '{ ferries.example.com/line: "1/ä" }')}---\n${component('barge', '{ a: b }')}`,
    },
    config:
      'catalog: { locations: [{ type: file, target: ./c.yaml }] }\nplugins: { secrets: { ferry-status: { TOKEN: sesame } } }\n',
  });
  const manifest = (await readFile(example, 'utf8'))
    .replaceAll('https://ferries.example.com', `http://${host}`)
    .replace('"hosts": ["ferries.example.com"]', `"hosts": ["${host}"]`);
  expect((await installPlugin(portal, tarball({ 'callboard.plugin.json': manifest }))).body).toMatchObject({
    state: 'enabled',
    runsIn: 'nothing',
  });
});
afterAll(async () => {
  await portal?.stop();
  far.closeAllConnections();
  far.close();
  await rm(folder, { recursive: true, force: true });
});

const view = async (name: string) =>
  portal.get(`/api/plugins/ferry-status/views/status?fresh=true&entity=component:default/${name}`);

test('a card without code asks with its secret, and goes on showing the last answer when the far side fails', async () => {
  answer = { status: 200, body: '{"ships":[{"name":"Corran","delayMinutes":3}]}' };
  const { body } = await view('ferry');
  expect(asked).toEqual(['/status/1%2F%C3%A4', 'Bearer sesame']);
  expect(body).toMatchObject({
    stale: false,
    view: {
      model: 'table',
      columns: [
        { id: 'ship', title: 'Ship' },
        { id: 'delay', title: 'Delay', type: 'duration' },
      ],
      rows: [{ ship: 'Corran', delay: 180000 }],
    },
  });
  for (const [bad, says] of [
    [{ status: 404, body: '{}' }, 'answered 404'],
    [{ status: 200, body: '<html>' }, 'answered with something else than JSON'],
    [{ status: 200, body: '{"ships":7}' }, 'Cannot iterate over number'],
    [{ status: 200, body: '{"ships":[{"name":{}, "delayMinutes":1}]}' }, 'answered views/status with something else'],
  ] as const) {
    answer = bad;
    const later = (await view('ferry')).body;
    expect(later).toMatchObject({ stale: true, view: body.view });
    expect(later.problem.message).toContain(says);
  }
  const { body: refused } = await view('barge');
  expect(refused.error.message).toContain('{annotation:ferries.example.com/line} has no value for barge');
});

test('a program is tried out on a sample; one that never ends costs its thread only', async () => {
  const preview = async (body: unknown) => (await portal.send('POST', '/api/admin/plugins/preview', body)).body;
  expect(await preview({ jq: '{model: "markdown", text: .a}', model: 'markdown', sample: { a: 'x' } })).toEqual({
    value: { model: 'markdown', text: 'x' },
    faults: [],
  });
  expect(
    (await preview({ jq: '{model: "markdown", text: .a}', model: 'markdown', sample: { a: 1 } })).faults,
  ).toHaveLength(1);
  expect((await preview({ jq: '{', sample: 1 })).faults[0].message).toContain('syntax error');
  expect((await preview({ jq: 'def f: f; f', sample: 1 })).faults[0].message).toMatch(
    /took longer than 2000 ms|ended its thread|call stack|memory/,
  );
  expect((await preview({ jq: '.a', sample: { a: [1, 2] } })).value).toEqual([1, 2]);
});
