import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../../testing/portal.ts';
import { runClient, templateFile } from './testing/client.ts';

const script = fileURLToPath(new URL('./testing/kill-portal.ts', import.meta.url));
/** A disk of 2 MB for the files of runs; it grows with the first line that is said. */
const small = `mount -t tmpfs -o size=2m none "$0" || exit 1
"$1" "$2" "$3" &
read -r line
mount -o remount,size=32m "$0" && echo grown
wait`;
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0;

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.reverse()) await step();
});

const templates = `${templateFile(
  'copies',
  `steps:
  - { id: first, action: 'fetch:plain', input: { url: ./first } }
  - { id: second, action: 'fs:rename', input: { files: [{ from: first.bin, to: second.bin }] } }`,
)}---
${templateFile('large', `steps: [{ id: all, action: 'fetch:plain', input: { url: ./large } }]`)}`;

test.skipIf(!canMount)('says that the disk is full, loses nothing, and goes on when there is room', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-disk-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  const data = join(folder, 'data');
  for (const name of ['data', 'db', 'templates/first', 'templates/large'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'templates/catalog-info.yaml'), templates);
  await writeFile(join(folder, 'templates/first/first.bin'), Buffer.alloc(1_200_000, 1));
  await writeFile(join(folder, 'templates/large/large.bin'), Buffer.alloc(3_000_000, 2));
  const options = JSON.stringify({
    place: { directory: join(folder, 'db') },
    folder: join(folder, 'templates'),
    dataDirectory: data,
    world: '',
  });
  const child = spawn('unshare', ['-rm', 'sh', '-c', small, data, process.execPath, script, options], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  cleanUp.push(async () => {
    const gone = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await gone;
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const client = runClient(String(said).trim());
  await eventually(async () => expect((await client.get('/templates')).body.items).toHaveLength(2));

  // In the middle of a step, and where the files from before one are kept.
  const large = await client.run('large');
  expect([large.task.status, large.task.error]).toEqual([
    'failed',
    expect.objectContaining({
      code: 'SCAFFOLDER_DISK_FULL',
      message: 'There is no room on the disk of the runs',
      fix: expect.stringContaining('retry the run'),
    }),
  ]);
  const copies = await client.run('copies');
  expect([copies.task.status, copies.task.error!.code]).toEqual(['failed', 'SCAFFOLDER_DISK_FULL']);

  child.stdin.write('\n');
  await once(child.stdout, 'data');
  for (const id of [large.id, copies.id]) {
    expect((await client.post(`/tasks/${id}/retry`)).status).toBe(201);
    await client.ended(id);
    expect((await client.task(id)).status).toBe('completed');
  }
  const files = async (id: string) =>
    (await client.get(`/tasks/${id}/files`)).body.files.map(({ path, size }: { path: string; size: number }) => [
      path,
      size,
    ]);
  expect(await files(large.id)).toEqual([['large.bin', 3_000_000]]);
  expect(await files(copies.id)).toEqual([['second.bin', 1_200_000]]);
});
