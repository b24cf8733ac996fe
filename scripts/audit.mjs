/**
 * Whether a package that is installed has a known vulnerability of the levels high or critical, by `npm audit`. A registry that does not answer
 * such questions says nothing about the packages: then this ends with 3, which is neither yes nor no.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { npmCommand, npmEnvironment, root } from './npm.mjs';

const levels = ['high', 'critical'];

/**
 * What an answer of `npm audit --json` means.
 *
 * @returns `code` 0: none, 1: some, 3: not known; `text` says which
 */
export function verdict(output) {
  let answer;
  try {
    answer = JSON.parse(output);
  } catch {
    return { code: 3, text: 'npm audit gave no answer that can be read' };
  }
  const counts = answer?.metadata?.vulnerabilities;
  if (!counts || !answer.vulnerabilities) {
    const reason = answer?.message || answer?.error?.summary || 'it did not say why';
    return { code: 3, text: `The registry does not answer audits, so that nothing is known: ${reason}` };
  }
  const found = Object.values(answer.vulnerabilities).filter(({ severity }) => levels.includes(severity));
  if (found.length === 0 && levels.every((level) => counts[level] === 0))
    return {
      code: 0,
      text: `no vulnerability of the levels ${levels.join(' and ')} among ${answer.metadata.dependencies?.total} packages`,
    };
  const lines = found.map(({ name, severity, range, fixAvailable }) => {
    const fix = fixAvailable ? 'a version without it is there: npm audit fix' : 'no version without it is there yet';
    return `${severity}: ${name} ${range} (${fix})`;
  });
  const total = levels.map((level) => `${counts[level]} ${level}`).join(', ');
  return { code: 1, text: lines.join('\n') || total };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [program, ...before] = npmCommand();
  const { stdout } = spawnSync(program, [...before, 'audit', '--json', '--fetch-retries=0'], {
    cwd: root,
    env: npmEnvironment(),
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const { code, text } = verdict(stdout);
  console.log(text);
  process.exitCode = code;
}
