import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { supportedContracts } from '@callboard/plugin-api';
import { expect, test } from 'vitest';
import { tryOut } from './try-out.ts';

/** Sample plugins as they were packed with each version of the contract. They are never packed again: what was installed must go on running. */
const golden = fileURLToPath(new URL('../../../../plugin-api/golden', import.meta.url));
const versions = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();
const files = versions.flatMap((version) => readdirSync(join(golden, version)).map((name) => join(version, name)));

test('every contract that is supported has its golden plugins', () => {
  expect(versions).toEqual(expect.arrayContaining([...supportedContracts]));
  const majors = new Set(supportedContracts.map((version) => version.split('.')[0]));
  // What was packed with an earlier minor of a major that is supported must run as well.
  for (const version of versions) expect(majors).toContain(version.split('.')[0]);
  for (const version of versions)
    expect(files.filter((file) => file.startsWith(`${version}/`)).length).toBeGreaterThanOrEqual(3);
});

test.each(files)('%s runs, and answers as it must', async (file) => {
  const { manifest, faults, results } = await tryOut(await readFile(join(golden, file)), {});
  expect(faults).toEqual([]);
  expect(file).toContain(`${manifest.id}-${manifest.version}.tgz`);
  expect(results.filter(({ state }) => state === 'failed')).toEqual([]);
});
