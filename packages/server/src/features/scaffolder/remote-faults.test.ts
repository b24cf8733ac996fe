import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveGit } from '../../testing/git-server.ts';
import { eventually } from '../../testing/portal.ts';
import { runClient, templateFile } from './testing/client.ts';
import { startReplica } from './testing/replica.ts';

let folder: string;
let replica: Awaited<ReturnType<typeof startReplica>>;
let client: ReturnType<typeof runClient>;
let remote: string;
let asked = 0;
/** What the remote does with the next calls; afterwards it works. */
let faults: (number | 'hang up' | 'say nothing')[] = [];

/** A Git server as code hosts have it: git's own, behind HTTP. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  asked += 1;
  const fault = faults.shift();
  if (fault === 'hang up') return void request.socket.destroy();
  if (fault === 'say nothing') return;
  if (fault !== undefined) return void response.writeHead(fault).end();
  serveGit(folder, request, response);
}

const server = createServer(serve);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-remote-'));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(folder, 'shop.git')]);
  execFileSync('git', ['-C', join(folder, 'shop.git'), 'config', 'http.receivepack', 'true']);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await mkdir(join(folder, 'templates'));
  await writeFile(
    join(folder, 'templates/catalog-info.yaml'),
    templateFile(
      'push',
      `steps:
  - { id: file, action: 'fs:write', if: false }
  - { id: make, action: 'catalog:write', input: { filePath: a.yaml, entity: { kind: Component, metadata: { name: a } } } }
  - { id: publish, action: 'publish:git', input: { remoteUrl: '\${{ parameters.remote }}' } }`,
    ),
  );
  replica = await startReplica({
    place: { directory: join(folder, 'db') },
    folder: join(folder, 'templates'),
    dataDirectory: join(folder, 'data'),
    stepMs: 10_000,
  });
  client = runClient(replica.url);
  await eventually(async () => expect((await client.get('/templates')).body.items).toHaveLength(1));
});
afterAll(async () => {
  await replica.stop();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

test('waits for a remote that is busy, away or cuts the line, and publishes once', async () => {
  faults = [429, 503, 'hang up'];
  const { task, log } = await client.run('push', { remote: `${remote}/shop.git` });
  expect([task.status, task.error]).toEqual(['completed', undefined]);
  expect(log.match(/Trying again in \d+ ms/g)).toEqual([
    'Trying again in 5 ms',
    'Trying again in 10 ms',
    'Trying again in 20 ms',
  ]);
  expect(
    execFileSync('git', ['-C', join(folder, 'shop.git'), 'rev-list', '--count', 'main'], { encoding: 'utf8' }),
  ).toBe('1\n');
});

test('finds what is there already', async () => {
  const { task, log } = await client.run('push', { remote: `${remote}/shop.git` });
  expect(task.status).toBe('completed');
  expect(log).toContain('main has these files already');
});

test('gives up on one that stays away, and goes on when it is back', async () => {
  faults = Array.from({ length: 4 }, () => 503);
  const { id, task } = await client.run('push', { remote: `${remote}/shop.git` });
  expect([task.status, task.error!.code]).toEqual(['failed', 'SCAFFOLDER_GIT_FAILED']);
  expect(task.error!.message).toContain('503');
  await client.post(`/tasks/${id}/retry`);
  await client.ended(id);
  expect((await client.task(id)).status).toBe('completed');
});

test('does not ask again where the answer will be the same', async () => {
  asked = 0;
  faults = [403];
  const { task } = await client.run('push', { remote: `${remote}/shop.git` });
  expect([task.status, asked]).toEqual(['failed', 1]);
  const closed = await client.run('push', { remote: 'http://169.254.169.254/shop.git' });
  expect(closed.task.error!.code).toMatch(/^OUTBOUND_/);
});

test('does not wait for ever for a remote that says nothing, and goes on when it speaks', async () => {
  const again = async (id: string) => {
    faults = [];
    await client.post(`/tasks/${id}/retry`);
    await client.ended(id);
    return (await client.task(id)).status;
  };
  // Somebody who does not want to wait.
  asked = 0;
  faults = ['say nothing'];
  const impatient = await client.begin('push', { remote: `${remote}/shop.git` });
  await eventually(async () => expect(asked).toBe(1));
  await client.post(`/tasks/${impatient}/cancel`);
  await client.ended(impatient);
  expect((await client.task(impatient)).status).toBe('cancelled');
  expect(await again(impatient)).toBe('completed');
  // Nobody looks.
  faults = ['say nothing'];
  const { id, task } = await client.run('push', { remote: `${remote}/shop.git` });
  expect([task.status, task.error!.code, task.error!.stepId]).toEqual([
    'failed',
    'SCAFFOLDER_STEP_TOO_LONG',
    'publish',
  ]);
  expect(await again(id)).toBe('completed');
});
