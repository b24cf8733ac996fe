/**
 * Verdaccio, the npm registry that companies run, for the test that installs a plugin from one: fetched once, beside what the repository itself
 * needs, because its 320 packages are of no use to anybody else. `node scripts/verdaccio.mjs` prints its folder.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { explainNpmFailure, npmCommand, npmEnvironment, root } from './npm.mjs';

const version = '6.10.4';
const prefix = join(root, 'node_modules/.cache/verdaccio');
const stamp = join(prefix, `.ready-${version}`);
const log = (line) => process.stderr.write(`${line}\n`);

// One of its packages wants a tag that not every mirror has.
const description = { private: true, dependencies: { verdaccio: version }, overrides: { 'node-fetch': '2.7.0' } };

function fetchPackages() {
  log(`fetching verdaccio@${version} (65 MB, once)`);
  writeFileSync(join(prefix, 'package.json'), JSON.stringify(description));
  const [command, ...first] = npmCommand();
  const args = ['install', '--prefix', prefix, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const result = spawnSync(command, [...first, ...args], { cwd: prefix, env: npmEnvironment(), encoding: 'utf8' });
  if (result.status !== 0) {
    log(`Verdaccio could not be fetched.\n${explainNpmFailure(result.stderr || String(result.error))}`);
    process.exitCode = 1;
  } else writeFileSync(stamp, '');
}

mkdirSync(prefix, { recursive: true });
await withLock(join(prefix, '.lock'), log, async () => {
  if (!existsSync(stamp)) fetchPackages();
});
if (existsSync(stamp)) process.stdout.write(join(prefix, 'node_modules/verdaccio'));
