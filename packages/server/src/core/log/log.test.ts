import { execFile } from 'node:child_process';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createLogger } from './index.ts';

function collect() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, destination };
}

test('writes JSON lines from its level upwards', async () => {
  const { lines, destination } = collect();
  const log = await createLogger({ level: 'warn', format: 'json', destination });
  log.info('not this');
  log.warn({ source: 'file:/a' }, 'slow');
  log.child({ room: 'db' }).error('broken');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, msg: 'slow', source: 'file:/a' },
    { level: 50, msg: 'broken', room: 'db' },
  ]);
});

test('silent writes nothing', async () => {
  const { lines, destination } = collect();
  (await createLogger({ level: 'silent', format: 'json', destination })).fatal('x');
  expect(lines).toEqual([]);
});

test('secrets never reach a line', async () => {
  const { lines, destination } = collect();
  const log = await createLogger({ level: 'info', format: 'json', destination });
  log.info({ password: 'geheim', token: 'geheim', authorization: 'geheim', cookie: 'geheim' });
  log.info({
    headers: { authorization: 'geheim', cookie: 'geheim' },
    user: { password: 'geheim', secret: 'geheim', token: 'geheim' },
  });
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain('geheim');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ password: '[redacted]', token: '[redacted]' });
});

test('text is one line per event, on standard error', async () => {
  const script = `
    const { createLogger } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
    const log = await createLogger({ level: 'info', format: 'text' });
    log.info({ source: 'file:/a', read: 2 }, 'read a source');
    log.warn({ token: 'geheim' }, 'careful');
  `;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('');
  expect(stderr.replaceAll(/\d\d:\d\d:\d\d/g, 'TIME')).toBe(
    '[TIME] INFO: read a source {"source":"file:/a","read":2}\n[TIME] WARN: careful {"token":"[redacted]"}\n',
  );
});
