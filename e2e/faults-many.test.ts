import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countEntities, getProblems, untilRead } from './support/api.ts';
import { component, temporaryFolder, writeFiles } from './support/files.ts';
import { startPortal } from './support/portal.ts';
import { peakMemory, watchHealth } from './support/process.ts';

const total = 10_000;

/** Ways in which people break descriptors, each with the code of the problem. */
const breakages: [code: string, breakIt: (text: string) => string | Uint8Array][] = [
  ['CATALOG_YAML_SYNTAX', (text) => text.replace('  type: service', '   type: service')],
  ['CATALOG_YAML_SYNTAX', (text) => text.replace('  owner', '\towner')],
  ['CATALOG_YAML_SYNTAX', (text) => `${text}  note: "never closed\n`],
  ['CATALOG_YAML_SYNTAX', (text) => text.replace('  type: service', '  type: service\n  type: website')],
  ['CATALOG_YAML_SYNTAX', (text) => text.replace('description: ', 'description: a: ')],
  ['CATALOG_YAML_NOT_A_MAP', () => '- a list\n- of things\n'],
  ['CATALOG_FILE_BINARY', () => Uint8Array.from({ length: 500 }, (_, index) => (index * 31) % 256)],
  ['CATALOG_DESCRIPTOR_FIELD_MISSING', (text) => text.replace(/^kind: .*\n/m, '')],
  ['CATALOG_DESCRIPTOR_KIND_UNKNOWN', (text) => text.replace('kind: Component', 'kind: Komponent')],
  ['CATALOG_DESCRIPTOR_FIELD_TYPE', (text) => text.replace(/owner: .*/, 'owner: 42')],
  ['CATALOG_DESCRIPTOR_FIELD_MISSING', (text) => text.replace(/ {2}lifecycle: .*\n/, '')],
  ['CATALOG_DESCRIPTOR_FIELD_FORMAT', (text) => text.replace(/ {2}name: .*/, '  name: not a name')],
];

test('of 10,000 files 500 are broken: 9,500 are served, and each broken one is a problem with file and line', async () => {
  const { folder, remove } = await temporaryFolder();
  const files: Record<string, string | Uint8Array> = {};
  const broken = new Map<string, string>();
  for (let index = 0; index < total; index += 1) {
    const path = `group-${index % 100}/part-${index}/catalog-info.yaml`;
    const text = component(`part-${index}`);
    const [code, breakIt] = breakages[(index / 20) % breakages.length] ?? [undefined, undefined];
    files[path] = breakIt ? breakIt(text) : text;
    if (code) broken.set(`file:${join(folder, path)}`, code);
  }
  expect(broken.size).toBe(500);
  await writeFiles(folder, files);

  const since = Date.now();
  const portal = await startPortal({ args: [folder] });
  try {
    const health = watchHealth(portal.url);
    await untilRead(portal.url, since, 90_000);
    const { failed, longestMs } = await health.stop();
    expect(await countEntities(portal.url, 'kind=component')).toBe(total - broken.size);
    const problems = (await getProblems(portal.url)).filter(({ severity }) => severity === 'error');
    const wrong = problems.filter(
      ({ location, code, line, message, fix }) => broken.get(location!) !== code || !(line! >= 1) || !message || !fix,
    );
    expect(wrong.slice(0, 5)).toEqual([]);
    const without = [...broken].filter(([location]) => !problems.some((problem) => problem.location === location));
    expect(without.slice(0, 5)).toEqual([]);
    expect(failed).toEqual([]);
    expect(longestMs).toBeLessThan(5_000);
    expect(peakMemory(portal.pid)).toBeLessThan(1_536);
  } finally {
    await portal.stop();
    await remove();
  }
});
