import { expect, test } from 'vitest';
import { verdict } from './audit.mjs';
import { runSteps } from './check.mjs';

const counts = (more) => ({ info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0, ...more });
const answer = (vulnerabilities, more) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities,
    metadata: { vulnerabilities: counts(more), dependencies: { total: 812 } },
  });

test('tells vulnerable packages from sound ones, and both from not knowing', () => {
  expect(verdict(answer({}))).toEqual({
    code: 0,
    text: 'no vulnerability of the levels high and critical among 812 packages',
  });
  const low = { name: 'a', severity: 'moderate', range: '<1', fixAvailable: false };
  expect(verdict(answer({ a: low }, { moderate: 1 })).code).toBe(0);
  const bad = { name: 'b', severity: 'critical', range: '<2.0.1', fixAvailable: true };
  expect(verdict(answer({ a: low, b: bad }, { moderate: 1, critical: 1 }))).toEqual({
    code: 1,
    text: 'critical: b <2.0.1 (a version without it is there: npm audit fix)',
  });
  // The count alone is enough, whatever the list says.
  expect(verdict(answer({}, { high: 1 })).code).toBe(1);
  const refused = JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405, error: { summary: '' } });
  expect(verdict(refused)).toEqual({
    code: 3,
    text: 'The registry does not answer audits, so that nothing is known: 405 Method Not Allowed',
  });
  for (const nothing of ['', '{}', 'null', '<html>']) expect([nothing, verdict(nothing).code]).toEqual([nothing, 3]);
});

test('a check that cannot know says so, and is not counted among those that hold', async () => {
  const script = (code) => [process.execPath, '-e', `console.log('why'); process.exit(${code})`];
  const said = [];
  const results = await runSteps(
    [
      { name: 'a', command: script(0) },
      { name: 'b', command: script(3), mayNotKnow: true },
      { name: 'c', command: script(3) },
    ],
    (line) => said.push(line),
  );
  const found = results
    .map(({ name, ok, unknown }) => [name, ok, unknown])
    .toSorted(([one], [other]) => one.localeCompare(other));
  expect(found).toEqual([
    ['a', true, false],
    ['b', true, true],
    ['c', false, false],
  ]);
  expect(said.find((line) => line.startsWith('?'))).toMatch(/^\? b not known \(\d+\.\d s\): why$/);
});
