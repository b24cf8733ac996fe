/** Vitest global setup: the servers that tests of plugins talk to, by their paths in the environment. Where one cannot be had, its tests say so. */
import { spawnSync } from 'node:child_process';
import { debianProgram } from './debian.mjs';
import { root } from './npm.mjs';

const programs = [
  ['TEST_PROMETHEUS', 'prometheus', 'usr/bin/prometheus'],
  ['TEST_PROMTOOL', 'prometheus', 'usr/bin/promtool'],
  ['TEST_ALERTMANAGER', 'prometheus-alertmanager', 'usr/bin/prometheus-alertmanager'],
  ['TEST_VICTORIA_METRICS', 'victoria-metrics', 'usr/bin/victoria-metrics'],
  ['TEST_VMALERT', 'victoria-metrics', 'usr/bin/vmalert'],
];

export async function setup() {
  for (const [variable, name, file] of programs) {
    if (process.env[variable]) continue;
    const path = await debianProgram(name, file, (line) => process.stderr.write(`${line}\n`));
    // What is unpacked rather than installed gets its own /usr/share in a name space of its own, which not everybody may make.
    const isUnpacked = path?.startsWith(root);
    if (isUnpacked && spawnSync('unshare', ['-rm', 'true']).status !== 0)
      process.stderr.write(`${name} cannot be run unpacked here: unshare -rm fails\n`);
    else if (path) process.env[variable] = path;
  }
}
