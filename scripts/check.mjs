/** `npm run check`: everything about the sources that needs no running program. Steps run side by side; each says how it went, failures are shown whole. */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './npm.mjs';

const tool = (path, ...args) => [process.execPath, join(root, path), ...args];
const tsc = (project) => tool('node_modules/typescript/bin/tsc', '--noEmit', '--pretty', '-p', project);

/**
 * Every step: its name and its command. The slow ones stand first. A new check is one more line here. A step that `mayNotKnow` ends with 3 when
 * it could not find out: that is said, and neither holds nor fails.
 */
export const steps = [
  { name: 'types', command: tsc('tsconfig.json') },
  { name: 'lint', command: tool('node_modules/oxlint/bin/oxlint', '--format=stylish') },
  { name: 'types of the web app', command: tsc('packages/web/tsconfig.json') },
  { name: 'unused code', command: tool('node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints') },
  { name: 'generated documents', command: tool('scripts/generate.mjs', '--check') },
  { name: 'types of the browser tests', command: tsc('e2e/tsconfig.json') },
  { name: 'types of the model', command: tsc('packages/model/tsconfig.json') },
  { name: 'format', command: tool('node_modules/oxfmt/bin/oxfmt', '--check') },
  { name: 'rooms', command: tool('scripts/check-rooms.mjs') },
  { name: 'lockfile', command: tool('scripts/lockfile.mjs', '--check') },
  { name: 'vulnerabilities', command: tool('scripts/audit.mjs'), mayNotKnow: true },
];

function runStep({ name, command: [program, ...args], mayNotKnow = false }) {
  const started = performance.now();
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    const finish = (ok, unknown = false) =>
      done({ name, ok, unknown, output: output.trimEnd(), seconds: (performance.now() - started) / 1000 });
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('close', (code) => {
      const unknown = mayNotKnow && code === 3;
      finish(code === 0 || unknown, unknown);
    });
  });
}

/**
 * Runs steps side by side and prints each when it ends.
 *
 * @param list - as `steps`
 * @param say - prints a line
 * @returns one result per step: name, ok, unknown, output, seconds
 */
export async function runSteps(list, say) {
  const waiting = [...list];
  const results = [];
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await runStep(step);
      results.push(result);
      const [mark, word] = result.unknown ? ['?', 'not known'] : result.ok ? ['✓', 'ok'] : ['✗', 'failed'];
      const why = result.unknown ? `: ${result.output}` : '';
      say(`${mark} ${result.name} ${word} (${result.seconds.toFixed(1)} s)${why}`);
      if (!result.ok) say(`${result.output.replaceAll(/^/gm, '    ')}\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const chosen = wanted.length > 0 ? steps.filter(({ name }) => wanted.includes(name)) : steps;
  if (wanted.length > 0 && chosen.length !== wanted.length) {
    console.error(`The steps are: ${steps.map(({ name }) => `'${name}'`).join(', ')}.`);
    process.exitCode = 2;
  } else {
    const results = await runSteps(chosen, console.log);
    const failed = results.filter(({ ok }) => !ok);
    if (failed.length > 0) {
      console.error(`failed: ${failed.map(({ name }) => name).join(', ')}`);
      process.exitCode = 1;
    }
  }
}
