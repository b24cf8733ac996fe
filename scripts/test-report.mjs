/**
 * Counts a Vitest JSON report strictly: a skipped or unfinished test has failed, and so has a file that could not be loaded or a run that ended
 * badly for any other reason.
 *
 * @param report - the parsed report, or undefined when the run left none
 * @param code - exit code of Vitest
 * @returns passed, failed, and one line per failure
 */
export function countTests(report, code) {
  if (!report) return { passed: 0, failed: 1, reasons: [`Vitest ended with ${code} and left no report`] };
  let passed = 0;
  const reasons = [];
  for (const file of report.testResults) {
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') passed += 1;
      else
        reasons.push(
          `${file.name}: ${fullName.trim()}${status === 'failed' ? '' : ` (${status}: a test that does not run has failed)`}`,
        );
    }
    const explained = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !explained)
      reasons.push(`${file.name}: ${(file.message || 'could not run').split('\n')[0]}`);
  }
  if (reasons.length === 0 && (code !== 0 || !report.success))
    reasons.push(`Vitest ended with ${code}: an error outside of tests, see above`);
  if (reasons.length === 0 && passed === 0) reasons.push('no test ran');
  return { passed, failed: reasons.length, reasons };
}
