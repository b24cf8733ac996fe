/**
 * `npm test`: the checks and every test, on SQLite, a real PostgreSQL and a real browser, which it provides itself. `npm test -- path…` runs these
 * test files only. Its last line is `N passed, N failed`: tests, plus one for each check. What cannot run has failed; so has a skipped test.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSteps, steps } from './check.mjs';
import { root } from './npm.mjs';
import { startPostgres } from './postgres.mjs';
import { countTests } from './test-report.mjs';
import { seedOf } from './test-seed.mjs';

const args = process.argv.slice(2);
const say = (line) => console.log(line);
const scratch = mkdtempSync(join(tmpdir(), 'callboard-test-run-'));
let postgres;
let interrupted = '';

/** Starts the database unless somebody gave one; without it the tests that need it fail, each with this reason. */
async function provideDatabase() {
  if (process.env.TEST_DATABASE_URL) return { name: 'PostgreSQL', ok: true };
  try {
    postgres = await startPostgres({ log: say });
    say(`✓ ${postgres.version} at ${postgres.url}`);
    return { name: 'PostgreSQL', ok: true };
  } catch (error) {
    say(`✗ no PostgreSQL: ${error.message}`);
    return { name: 'PostgreSQL', ok: false, reason: error.message };
  }
}

/** Runs Vitest and returns what its own JSON report says. */
async function runTests(database, seed) {
  const report = join(scratch, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const found = postgres
    ? { TEST_DATABASE_URL: postgres.url }
    : database.ok
      ? {}
      : { TEST_DATABASE_FAILURE: database.reason };
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...found, TEST_SEED: String(seed) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      interrupted = signal;
      child.kill(signal);
    });
  }
  const code = await new Promise((done) => {
    child.once('error', () => done(1));
    child.once('close', (status) => done(status ?? 1));
  });
  let text;
  try {
    text = readFileSync(report, 'utf8');
  } catch {
    // a run that ends without a report has failed; countTests says so
  }
  return countTests(text && JSON.parse(text), code);
}

async function main() {
  const seed = seedOf(process.env.TEST_SEED);
  say(`properties draw their values from seed ${seed}`);
  const database = await provideDatabase();
  const checks = args.length > 0 ? [] : await runSteps(steps, say);
  const tests = await runTests(database, seed);
  const failed = [database, ...checks].filter(({ ok }) => !ok);
  if (tests.reasons.length > 0 || failed.length > 0) {
    say('\nfailed:');
    for (const { name } of failed) say(`  check: ${name}`);
    for (const reason of tests.reasons) say(`  ${reason.replaceAll(root, '')}`);
    say(`\nThe same values again: TEST_SEED=${seed}`);
  }
  const unknown = checks.filter((step) => step.unknown);
  for (const { name } of unknown) say(`not known, and counted neither as passed nor as failed: ${name}`);
  return {
    passed: tests.passed + checks.length - unknown.length - failed.filter((step) => step !== database).length,
    failed: tests.failed + failed.length,
  };
}

let totals = { passed: 0, failed: 1 };
try {
  totals = await main();
} catch (error) {
  console.error(error);
} finally {
  await postgres?.stop();
  rmSync(scratch, { recursive: true, force: true });
}
if (interrupted) {
  say(`interrupted by ${interrupted}`);
  process.exitCode = 128 + constants.signals[interrupted];
} else process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
say(`${totals.passed} passed, ${totals.failed} failed`);
