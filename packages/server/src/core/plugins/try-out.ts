import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { contractVersion } from '@callboard/plugin-api';
import { startChild } from './connection.ts';
import { startInstance } from './instance.ts';
import { targetsOf } from './manifest.ts';
import { readPackage, type PluginPackage } from './package.ts';

/**
 * Reads a package and starts its server part once, in a process as the portal gives it, to see that every declared contribution has its
 * handler.
 *
 * @throws AppError that says what is wrong
 */
export async function tryOut(tarball: Uint8Array): Promise<PluginPackage> {
  const found = readPackage(tarball);
  const { manifest } = found;
  if (manifest.server === undefined || found.faults.length > 0) return found;
  const folder = await mkdtemp(join(tmpdir(), 'callboard-plugin-'));
  try {
    for (const [path, bytes] of found.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    const instance = await startInstance(
      (listener) => startChild({ folder, entryFile: join(folder, manifest.server!), memoryMb: 128 }, listener),
      {
        plugin: manifest.id,
        version: manifest.version,
        contract: contractVersion,
        entryName: manifest.server,
        configuration: {},
        services: async () => null,
        targets: targetsOf(manifest),
        memoryBytes: 320 * 1024 * 1024,
        log: () => undefined,
        ended: () => undefined,
      },
    );
    instance.stop('it was tried out');
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
