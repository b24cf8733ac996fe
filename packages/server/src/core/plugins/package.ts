import { createHash } from 'node:crypto';
import { isJsonObject } from '@callboard/model';
import type { PluginFault } from '@callboard/model/http';
import type { PluginManifest } from '@callboard/model/plugins';
import { unpackArchive } from './archive.ts';
import { pluginErrors } from './errors.ts';
import { compatibilityFaults, manifestFaults, manifestOf } from './manifest.ts';

/** A package that was read and whose manifest is right. */
export type PluginPackage = {
  manifest: PluginManifest & { version: string };
  /** Of the tarball, in hexadecimal */
  sha256: string;
  size: number;
  files: Map<string, Buffer>;
  /** Why it cannot run on this portal */
  faults: PluginFault[];
  warnings: PluginFault[];
};

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function jsonFile(files: Map<string, Buffer>, path: string): unknown {
  const bytes = files.get(path);
  if (!bytes) return undefined;
  if (bytes.length > 1024 * 1024) throw pluginErrors.packageInvalid({ reason: `${path} is larger than 1 MiB` });
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw pluginErrors.packageInvalid({ reason: `${path} is not JSON: ${(error as Error).message}` });
  }
}

function scriptWarnings(files: Map<string, Buffer>): PluginFault[] {
  const packageJson = jsonFile(files, 'package.json');
  const scripts = isJsonObject(packageJson) && isJsonObject(packageJson['scripts']) ? packageJson['scripts'] : {};
  return ['preinstall', 'install', 'postinstall'].flatMap((name) =>
    name in scripts
      ? [
          {
            path: '/scripts',
            message: `package.json has a script '${name}'; the portal never runs it`,
            fix: 'Put into the package what it needs.',
          },
        ]
      : [],
  );
}

/**
 * Reads a tarball: unpacks it in memory and checks its manifest and entries.
 *
 * @throws AppError PLUGINS_PACKAGE_INVALID or PLUGINS_MANIFEST_INVALID with all faults in its details
 */
export function readPackage(tarball: Uint8Array): PluginPackage {
  const files = unpackArchive(tarball);
  const manifest = manifestOf({
    manifest: jsonFile(files, 'callboard.plugin.json'),
    packageJson: jsonFile(files, 'package.json'),
  });
  if (manifest === undefined)
    throw pluginErrors.packageInvalid({
      reason: "it has neither a key 'callboard' in package.json nor a file callboard.plugin.json",
    });
  const faults = manifestFaults(manifest);
  const read = manifest as PluginManifest & { version: string };
  if (faults.length === 0)
    for (const [path, file] of [
      ['/server', read.server],
      ['/web/entry', read.web?.entry],
    ] as const)
      if (file !== undefined && !files.has(file.replace(/^\.\//, '')))
        faults.push({
          path,
          message: `The file '${file}' is not in the package`,
          fix: 'Build it before packing, and let `files` of package.json name it.',
        });
  if (faults.length > 0)
    throw pluginErrors.manifestInvalid(
      { count: faults.length, first: `${faults[0]!.path || '/'}: ${faults[0]!.message}` },
      { details: { faults: faults.slice(0, 50) } },
    );
  return {
    manifest: read,
    sha256: sha256Of(tarball),
    size: tarball.length,
    files,
    faults: compatibilityFaults(read),
    warnings: scriptWarnings(files),
  };
}
