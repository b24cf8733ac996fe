import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PluginPackage } from '../../core/plugins/index.ts';

/**
 * Unpacks a package below a folder, once: what is there under its hash is whole.
 *
 * @returns the folder of this package
 */
export async function unpackTo(directory: string, found: PluginPackage): Promise<string> {
  const target = join(directory, found.manifest.id, found.sha256);
  if (await stat(target).catch(() => undefined)) return target;
  const making = `${target}.${randomBytes(4).toString('hex')}`;
  for (const [path, bytes] of found.files) {
    await mkdir(dirname(join(making, path)), { recursive: true });
    await writeFile(join(making, path), bytes);
  }
  // So that Node does not look for one in folders that the plugin may not read.
  if (!found.files.has('package.json')) await writeFile(join(making, 'package.json'), '{"type":"module"}');
  await rename(making, target).catch(async (error: unknown) => {
    await rm(making, { recursive: true, force: true });
    if (!(await stat(target).catch(() => undefined))) throw error;
  });
  return target;
}
