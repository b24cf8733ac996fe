import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isJsonObject } from '@callboard/model';
import { packArchive } from './archive.ts';
import { pluginErrors } from './errors.ts';

const never = /(^|\/)(node_modules|\.git|\.DS_Store)(\/|$)|\.tgz$/;
const always =
  /^(callboard\.test\.json|package\.json|callboard\.plugin\.json|readme(\.\w+)?|licen[cs]e(\.\w+)?|changelog(\.\w+)?)$/i;

/**
 * Packs a plugin's folder: what `files` of its package.json names, or everything; never node_modules.
 *
 * @param folder - with package.json or callboard.plugin.json
 * @param options.version - in place of the version that stands there
 */
export async function packFolder(folder: string, options: { version?: (own: string) => string } = {}): Promise<Buffer> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!found) throw pluginErrors.packageInvalid({ reason: `there is no folder ${folder}` });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length).split(sep).join('/'))
    .filter((path) => !never.test(path));
  const read = async (path: string) => readFile(join(folder, path));
  const text = paths.includes('package.json') ? (await read('package.json')).toString('utf8') : '{}';
  let packageJson: unknown;
  try {
    packageJson = JSON.parse(text);
  } catch (error) {
    throw pluginErrors.packageInvalid({ reason: `package.json is not JSON: ${(error as Error).message}` });
  }
  const listed =
    isJsonObject(packageJson) && Array.isArray(packageJson['files']) ? packageJson['files'].map(String) : undefined;
  const isListed = (path: string) =>
    !listed ||
    listed.some(
      (entry) => path === entry || path.startsWith(`${entry.replace(/^\.\//, '').replace(/\/(\*\*?)?$/, '')}/`),
    );
  const files = new Map<string, Uint8Array>();
  for (const path of paths.filter((name) => always.test(name) || isListed(name))) files.set(path, await read(path));
  if (options.version && isJsonObject(packageJson)) {
    const version = options.version(typeof packageJson['version'] === 'string' ? packageJson['version'] : '0.0.0');
    files.set('package.json', Buffer.from(JSON.stringify({ ...packageJson, version })));
  }
  return packArchive(files);
}
