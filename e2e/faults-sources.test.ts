import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ApiProblem,
  countEntities,
  eventually,
  getEntities,
  getProblems,
  getSources,
  untilRead,
} from './support/api.ts';
import { component, temporaryFolder, writeFiles } from './support/files.ts';
import { type Portal, startPortal } from './support/portal.ts';

const descriptors = (description: string) =>
  Array.from({ length: 40 }, (_, index) => component(`remote-${index}`, { description })).join('---\n');
const good: RequestListener = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'text/yaml' }).end(descriptors('first'));

let answer: RequestListener = good;
const server = createServer((request, response) => answer(request, response));
let portal: Portal;
let address: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/catalog-info.yaml`;
  const scratch = await temporaryFolder();
  remove = scratch.remove;
  const config = [
    'catalog:',
    '  locations:',
    `    - { type: url, target: '${address}' }`,
    `    - { type: file, target: '${join(scratch.folder, 'local')}' }`,
    'outbound:',
    '  timeoutMs: 1000',
    '',
  ];
  await writeFiles(scratch.folder, {
    'callboard.yaml': config.join('\n'),
    'local/catalog-info.yaml': component('local'),
    'local/team/catalog-info.yaml':
      'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team-a\nspec:\n  type: team\n  children: []\n',
  });
  const since = Date.now();
  portal = await startPortal({ args: ['--config', join(scratch.folder, 'callboard.yaml')] });
  await untilRead(portal.url, since);
});
afterAll(async () => {
  await portal.stop();
  server.closeAllConnections();
  server.close();
  await remove();
});

const remoteSource = async () => (await getSources(portal.url)).find(({ target }) => target === address)!;

/** Has the source read again and waits for the end of that. */
async function readAgain(): Promise<Awaited<ReturnType<typeof remoteSource>>> {
  const { id, lastAttemptAt } = await remoteSource();
  const asked = await fetch(`${portal.url}/api/catalog/sources/${id}/refresh`, { method: 'POST' });
  expect(asked.ok).toBe(true);
  return eventually(remoteSource, (source) => source.lastAttemptAt !== lastAttemptAt);
}

const half = descriptors('second').slice(0, descriptors('second').length / 2);

test.each<[name: string, listener: RequestListener, code: string]>([
  ['answers 500', (_request, response) => void response.writeHead(500).end('oops'), 'OUTBOUND_STATUS'],
  ['answers 404', (_request, response) => void response.writeHead(404).end(), 'OUTBOUND_STATUS'],
  [
    'answers 401 with a page',
    (_request, response) => void response.writeHead(401, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
    'OUTBOUND_STATUS',
  ],
  ['answers with 0 bytes', (_request, response) => void response.writeHead(200).end(), 'CATALOG_TARGET_EMPTY'],
  ['does not answer', () => undefined, 'OUTBOUND_TIMEOUT'],
  [
    'sends its head and then nothing',
    (_request, response) => void response.writeHead(200, { 'content-length': '5000' }).write('a'),
    'OUTBOUND_TIMEOUT',
  ],
  [
    'breaks off in the middle',
    (_request, response) => {
      response.writeHead(200, { 'content-length': String(half.length * 2) }).write(half);
      setTimeout(() => response.destroy(), 50);
    },
    'OUTBOUND_UNREACHABLE',
  ],
  [
    'sends half a file and calls it whole',
    (_request, response) => void response.writeHead(200).end(half),
    'CATALOG_YAML_NOT_A_MAP',
  ],
  [
    'sends a page instead',
    (_request, response) => void response.writeHead(200).end('<!doctype html><p>Sign in: <a href="x">here</a>'),
    'CATALOG_DESCRIPTOR_NOT_AN_ENTITY',
  ],
  [
    'sends 30 MB',
    (_request, response) => void response.writeHead(200).end(Buffer.alloc(30_000_000, 'a: b\n')),
    'OUTBOUND_TOO_LARGE',
  ],
  [
    'leads in a circle',
    (request, response) => void response.writeHead(302, { location: request.url }).end(),
    'OUTBOUND_REDIRECTS',
  ],
  [
    'leads elsewhere by a file address',
    (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    'OUTBOUND_REDIRECT_BLOCKED',
  ],
])('a source that %s keeps what it had and says why, until it is well again', async (_name, listener, code) => {
  answer = listener;
  const broken = await readAgain();
  const problems = await getProblems(portal.url);
  const said = [broken.error, ...problems].filter((one): one is ApiProblem => one !== undefined);
  expect(new Set(said.map((one) => one.code))).toEqual(new Set([code]));
  expect(said.filter(({ message, fix }) => !message || !fix)).toEqual([]);
  expect(await countEntities(portal.url, 'kind=component')).toBe(41);
  const remote = await getEntities(portal.url, 'metadata.name=remote-39');
  expect(remote.map(({ metadata }) => metadata['description'])).toEqual(['first']);

  answer = good;
  expect(await readAgain()).toMatchObject({ state: 'ok' });
  expect(await getProblems(portal.url)).toEqual([]);
  expect(await countEntities(portal.url, 'kind=component')).toBe(41);
});
