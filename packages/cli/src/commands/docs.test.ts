import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCallboard } from '../testing/callboard.ts';
import { sarifFaults } from '../testing/sarif-rules.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-cli-docs-'));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  };
  write('good/docs/index.md', '# Good\n');
  write('bad/docs/index.md', '# Bad\n\n[x](nowhere.md)\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]) => runCallboard(['docs', ...args], { cwd: directory });

test('check says what is wrong, where, and by its exit code', async () => {
  expect(await run('check', 'good')).toMatchObject({ code: 0, stdout: 'Nothing wrong in 1 page.\n' });
  const text = await run('check', 'bad');
  expect(text.code).toBe(1);
  expect(text.stdout).toContain('bad/docs/index.md:3  warning  The link to nowhere.md leads to nothing');
  const sarif = JSON.parse((await run('check', 'bad', '--format', 'sarif')).stdout);
  expect(sarifFaults(sarif)).toEqual([]);
  expect(sarif.runs[0].results[0].ruleId).toBe('TECHDOCS_LINK_BROKEN');
  const json = JSON.parse((await run('check', 'bad', '--format', 'json')).stdout);
  expect(json).toMatchObject({ files: 1, problems: [{ code: 'TECHDOCS_LINK_BROKEN', line: 3 }] });
  expect((await run('check', 'nothing')).code).toBe(2);
});

test('build writes a site', async () => {
  const { code, stdout } = await run('build', 'good', '-o', 'out');
  expect([code, stdout]).toEqual([0, '1 page in out/index.html.\n']);
  expect(existsSync(join(directory, 'out/techdocs_metadata.json'))).toBe(true);
});
