import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './npm.mjs';
import { countTests } from './test-report.mjs';

let folder;
beforeAll(() => {
  // Below node_modules, so that the small projects find Vitest.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(root, 'node_modules/.cache/test-report-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs Vitest on some files and counts what it reports. */
function count(name, files) {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(
    join(project, 'vitest.config.mjs'),
    'export default { test: { include: ["*.spec.mjs"], exclude: [] } };\n',
  );
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
  const report = join(project, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', project, '--reporter=json', `--outputFile=${report}`];
  const { status } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  const counted = countTests(JSON.parse(readFileSync(report, 'utf8')), status);
  return { ...counted, reasons: counted.reasons.map((reason) => reason.replace(`${project}/`, '')) };
}

const head = "import { expect, test } from 'vitest';\n";

test('counts tests that pass', () => {
  const files = {
    'a.spec.mjs': `${head}test('one', () => {});\ntest('two', () => {});\ntest.fails('three', () => expect(1).toBe(2));\n`,
  };
  expect(count('good', files)).toEqual({ passed: 3, failed: 0, reasons: [] });
});

test('counts a failed, a skipped and an unwritten test as failed', () => {
  const files = {
    'a.spec.mjs': `${head}test('good', () => {});\ntest('bad', () => expect(1).toBe(2));\ntest.skip('later', () => {});\ntest.todo('some day');\n`,
  };
  expect(count('bad', files)).toEqual({
    passed: 1,
    failed: 3,
    reasons: [
      'a.spec.mjs: bad',
      'a.spec.mjs: later (skipped: a test that does not run has failed)',
      'a.spec.mjs: some day (todo: a test that does not run has failed)',
    ],
  });
});

test('counts a file that cannot be loaded as failed', () => {
  const files = { 'a.spec.mjs': `${head}test('good', () => {});\n`, 'b.spec.mjs': "throw new Error('no database');\n" };
  expect(count('broken', files)).toEqual({ passed: 1, failed: 1, reasons: ['b.spec.mjs: no database'] });
});

test('counts tests whose set-up failed as failed', () => {
  const files = {
    'a.spec.mjs': `import { beforeAll, test } from 'vitest';\nbeforeAll(() => { throw new Error('no browser'); });\ntest('good', () => {});\n`,
  };
  expect(count('hook', files)).toEqual({
    passed: 0,
    failed: 2,
    reasons: ['a.spec.mjs: good (skipped: a test that does not run has failed)', 'a.spec.mjs: no browser'],
  });
});

test('counts an error outside of tests as failed', () => {
  const files = { 'a.spec.mjs': `${head}test('good', () => void Promise.reject(new Error('nobody waits')));\n` };
  expect(count('outside', files)).toEqual({
    passed: 1,
    failed: 1,
    reasons: ['Vitest ended with 1: an error outside of tests, see above'],
  });
});

test('counts a run without a report and a run without tests as failed', () => {
  expect(countTests(undefined, 137)).toEqual({
    passed: 0,
    failed: 1,
    reasons: ['Vitest ended with 137 and left no report'],
  });
  expect(countTests({ success: true, testResults: [] }, 0)).toEqual({ passed: 0, failed: 1, reasons: ['no test ran'] });
});
