import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runCallboard } from './testing/callboard.ts';

const done = { code: 0, signal: null, stderr: '' };

describe('help', () => {
  test('without arguments the commands are listed', async () => {
    const result = await runCallboard([]);
    expect(result).toMatchObject(done);
    expect(result.stdout).toMatch(/^Usage: callboard \[options\] \[command\]\n/);
    for (const command of ['start', 'check', 'config', 'doctor', 'version'])
      expect(result.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test.each([['start'], ['check'], ['config'], ['config explain'], ['config check'], ['doctor'], ['version']])(
    '%s explains itself with examples',
    async (command) => {
      const result = await runCallboard([...command.split(' '), '--help']);
      expect(result).toMatchObject(done);
      expect(result.stdout).toMatch(new RegExp(`^Usage: callboard ${command} `));
      const examples =
        result.stdout
          .split('Examples:\n')[1]
          ?.split('\n')
          .filter((line) => line.startsWith('  callboard ')) ?? [];
      expect(examples.length).toBeGreaterThanOrEqual(2);
      expect(examples.length).toBeLessThanOrEqual(4);
    },
  );

  test('help is not coloured for a pipe', async () => {
    const { stdout } = await runCallboard(['--help']);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('calling it wrongly', () => {
  test.each([
    [['chekc'], "error: unknown command 'chekc'\n(Did you mean check?)\n(callboard --help lists the commands)\n"],
    [
      ['start', '--prot', '1'],
      "error: unknown option '--prot'\n(Did you mean --port?)\n(callboard start --help explains it)\n",
    ],
    [['check'], "error: missing required argument 'paths'\n(callboard check --help explains it)\n"],
    [
      ['check', '.', '--format', 'xml'],
      "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, sarif.\n(callboard check --help explains it)\n",
    ],
    [
      ['version', 'extra'],
      "error: too many arguments for 'version'. Expected 0 arguments but got 1: extra.\n(callboard version --help explains it)\n",
    ],
    [
      ['config', 'chek'],
      "error: unknown command 'chek'\n(Did you mean check?)\n(callboard config --help explains it)\n",
    ],
  ])('%j', async (args, stderr) => {
    expect(await runCallboard(args)).toEqual({ code: 2, signal: null, stdout: '', stderr });
  });

  test('FORCE_COLOR colours, NO_COLOR does not', async () => {
    expect((await runCallboard(['chekc'], { env: { FORCE_COLOR: '1' } })).stderr).toContain('\u001b[31merror:');
    expect((await runCallboard(['chekc'], { env: { NO_COLOR: '1' } })).stderr).not.toContain('\u001b');
  });
});

describe('version', () => {
  const version = /^\d+\.\d+\.\d+$/;

  test('prints one line per part', async () => {
    const result = await runCallboard(['version']);
    expect(result).toMatchObject(done);
    const lines = result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/\s{2,}/));
    expect(lines.map(([name]) => name)).toEqual(['callboard', 'node', 'platform', 'sqlite', 'pg']);
    expect(lines[1]?.[1]).toBe(process.versions.node);
  });

  test('--json prints the same as JSON', async () => {
    const result = await runCallboard(['version', '--json']);
    expect(JSON.parse(result.stdout)).toEqual({
      callboard: expect.stringMatching(version),
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      sqlite: process.versions.sqlite,
      pg: expect.stringMatching(version),
    });
  });

  test('--version prints the number alone', async () => {
    const { callboard } = JSON.parse((await runCallboard(['version', '--json'])).stdout) as { callboard: string };
    expect(await runCallboard(['--version'])).toEqual({ code: 0, signal: null, stdout: `${callboard}\n`, stderr: '' });
  });
});

test('an old Node.js gets a sentence and a next step', async () => {
  const command = fileURLToPath(new URL('../bin/callboard.js', import.meta.url));
  // The file itself must be readable for an old Node.js: it declares another version to itself here, in the same process.
  const disguise = `Object.defineProperty(process.versions, 'node', { value: '20.1.0' }); await import(${JSON.stringify(command)});`;
  const run = promisify(execFile);
  await expect(run(process.execPath, ['--input-type=module', '-e', disguise])).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: `callboard needs Node.js 24 or newer; this is 20.1.0 (${process.execPath}).\n  fix: install Node.js 24 from https://nodejs.org, or start from a clone with npm start, which fetches it.\n`,
  });
});

test('what was built runs as long as no source is newer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-command-'));
  try {
    const command = join(folder, 'packages/cli/bin/callboard.js');
    const built = join(folder, 'packages/cli/dist/main.js');
    const source = join(folder, 'packages/server/src/features/main.ts');
    const says = (word: string) =>
      `export const run = async (args, { stdout }) => { stdout.write('${word}'); return 0; };`;
    await cp(fileURLToPath(new URL('../bin', import.meta.url)), dirname(command), { recursive: true });
    for (const file of [built, source, join(folder, 'packages/cli/src/main.ts')])
      await mkdir(dirname(file), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'packages/cli/src/main.ts'), says('sources'));
    await writeFile(source, '');
    await writeFile(built, says('built'));
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const said = async () => (await promisify(execFile)(process.execPath, [command])).stdout;
    for (const part of ['packages/server/src', 'packages/server/src/features', 'packages/cli/src'])
      await utimes(join(folder, part), minutesAgo(9), minutesAgo(9));
    for (const file of [source, join(folder, 'packages/cli/src/main.ts')])
      await utimes(file, minutesAgo(9), minutesAgo(9));
    expect(await said()).toBe('built');
    await utimes(source, minutesAgo(-1), minutesAgo(-1));
    expect(await said()).toBe('sources');
    await rm(source);
    // A file that went changes its folder.
    await utimes(join(folder, 'packages/server/src/features'), minutesAgo(-1), minutesAgo(-1));
    expect(await said()).toBe('sources');
  } finally {
    await rm(folder, { recursive: true });
  }
});
