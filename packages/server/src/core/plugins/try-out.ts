import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contractVersion } from '@callboard/plugin-api';
import { type ContractExamples, type ContractResult, exampleServices, runContract, runDeclared } from './contract.ts';
import { startChild } from './connection.ts';
import { allOf } from './grants.ts';
import { startInstance } from './instance.ts';
import { schemaFaults, targetsOf } from './manifest.ts';
import { type PluginPackage, readPackage } from './package.ts';
import { pluginErrors } from './errors.ts';

/**
 * Reads a package and starts its server part, in a process as the portal gives it, to see that every declared contribution has its handler.
 * With examples, each contribution is called as well, and what is declared is asked for.
 *
 * @throws AppError that says what is wrong
 */
export async function tryOut(
  tarball: Uint8Array,
  examples?: ContractExamples,
): Promise<PluginPackage & { results: ContractResult[] }> {
  const found = readPackage(tarball);
  const { manifest } = found;
  const configuration = examples?.configuration ?? {};
  if (examples && manifest.configuration) {
    const faults = schemaFaults(manifest.configuration, configuration, 'Give a configuration in callboard.test.json.');
    if (faults.length > 0)
      throw pluginErrors.packageInvalid({ reason: `its configuration for tests: ${faults[0]!.message}` });
  }
  if (found.faults.length > 0) return { ...found, results: [] };
  const declared = examples ? await runDeclared(manifest, examples) : [];
  if (manifest.server === undefined) return { ...found, results: declared };
  const folder = await mkdtemp(join(tmpdir(), 'callboard-plugin-'));
  const asked = new Set<string>();
  try {
    for (const [path, bytes] of found.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    const files = allOf(manifest.asks).files ? join(folder, '.files') : undefined;
    if (files) await mkdir(files);
    const instance = await startInstance(
      (listener) => startChild({ folder, entryFile: join(folder, manifest.server!), files, memoryMb: 128 }, listener),
      {
        plugin: manifest.id,
        version: manifest.version,
        contract: contractVersion,
        entryName: manifest.server,
        configuration,
        directory: files,
        services: exampleServices(examples ?? {}, asked),
        targets: targetsOf(manifest),
        memoryBytes: 320 * 1024 * 1024,
        log: () => undefined,
        ended: () => undefined,
      },
    );
    const results = examples ? await runContract(instance, manifest, examples, asked) : [];
    instance.stop('it was tried out');
    return { ...found, results: [...results, ...declared] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
