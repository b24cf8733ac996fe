import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

let folder;
let file;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ended = (child) => new Promise((done) => child.once('close', done));

/** A process that takes the lock, notes when it enters and leaves, and works for a while in between. */
function worker(name) {
  const script = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(new URL('lock.mjs', import.meta.url).href)};
    const note = (word) => appendFileSync(${JSON.stringify(join(folder, 'log'))}, word + '${name}\\n');
    await withLock(${JSON.stringify(file)}, () => {}, async () => {
      note('+');
      await new Promise((done) => setTimeout(done, 50));
      note('-');
    });`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
}

test('lets one of several processes work at a time, also after a holder that died', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await ended(dead);
  writeFileSync(file, String(dead.pid));
  const codes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => ended(worker(name))));
  expect(codes).toEqual([0, 0, 0, 0, 0]);
  const log = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
  expect(log).toHaveLength(10);
  for (let index = 0; index < 10; index += 2)
    expect([log[index], log[index + 1]]).toEqual([`+${log[index][1]}`, `-${log[index][1]}`]);
  expect(existsSync(file)).toBe(false);
});

test('is given back when the work fails', async () => {
  await expect(
    withLock(
      file,
      () => {},
      () => Promise.reject(new Error('no room')),
    ),
  ).rejects.toThrow('no room');
  expect(existsSync(file)).toBe(false);
});

test('says whom it waits for, and gives up on a holder that never ends', async () => {
  writeFileSync(file, String(process.pid));
  const said = [];
  await expect(
    withLock(
      file,
      (line) => said.push(line),
      () => {},
      250,
    ),
  ).rejects.toThrow(
    `Process ${process.pid} has been setting up this folder for too long. If it does something else, remove ${file}.`,
  );
  expect(said).toEqual([`callboard: waiting for process ${process.pid}, which is setting up this folder`]);
});
