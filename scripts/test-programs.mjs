/** Vitest global setup: the servers that tests of plugins talk to, by their paths in the environment. Where one cannot be had, its tests say so. */
import { debianProgram } from './debian.mjs';

const programs = [
  ['TEST_PROMETHEUS', 'prometheus', 'usr/bin/prometheus'],
  ['TEST_PROMTOOL', 'prometheus', 'usr/bin/promtool'],
  ['TEST_ALERTMANAGER', 'prometheus-alertmanager', 'usr/bin/prometheus-alertmanager'],
  ['TEST_VICTORIA_METRICS', 'victoria-metrics', 'usr/bin/victoria-metrics'],
];

export async function setup() {
  for (const [variable, name, file] of programs) {
    if (process.env[variable]) continue;
    const path = await debianProgram(name, file, (line) => process.stderr.write(`${line}\n`));
    if (path) process.env[variable] = path;
  }
}
