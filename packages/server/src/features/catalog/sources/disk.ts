import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse, resolve, sep } from 'node:path';
import type { CatalogContext } from '../context.ts';
import { locationErrors, sourceErrors } from '../errors.ts';
import { fileScope } from './file.ts';
import type { DiskReach } from './types.ts';
import { splitGlob } from './walk.ts';

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/** The folder or file that a target starts from. */
async function startOf(path: string): Promise<string> {
  if (await stat(path).catch(() => undefined)) return path;
  return resolve(splitGlob(path)?.base ?? path);
}

/** The folders that the configuration names, as far as they are there: of a single descriptor, the one it lies in. */
async function configuredFolders({ config, directory }: CatalogContext): Promise<string[]> {
  const found = await Promise.all(
    config.locations
      .filter(({ type }) => type === 'file')
      .map(({ target }) => fileScope({ target, options: {} }, directory, config.entityFilename).catch(() => undefined)),
  );
  return [...new Set(found.flatMap((scope) => scope?.root ?? []))];
}

/**
 * Refuses a target that is not below a folder which the configuration names, by the real paths of both: a link does not lead out.
 *
 * @throws AppError CATALOG_LOCATION_PATH_OUTSIDE
 */
export async function assertBelowConfigured(context: CatalogContext, target: string): Promise<void> {
  const folders = await configuredFolders(context);
  const start = await startOf(resolve(context.directory, target));
  const real = await realpath(start).catch(() => undefined);
  for (const folder of folders) {
    if (real === undefined ? isInside(folder, start) : isInside(await realpath(folder), real)) {
      if (real === undefined) throw sourceErrors.sourceNotFound({ target: start });
      return;
    }
  }
  const named = folders.slice(0, 5).join(', ');
  throw locationErrors.locationPathOutside({
    target,
    folders: named === '' ? 'The configuration names none so far.' : `It names ${named}.`,
  });
}

/**
 * A path as it is registered: whole, so that it means the same wherever the portal is started.
 *
 * @param reach - what whoever registers it may reach
 * @returns the target, and whether it has to stay below the configured folders
 * @throws AppError when it may not be registered
 */
export async function diskTarget(
  context: CatalogContext,
  given: string,
  reach: DiskReach,
): Promise<{ target: string; belowConfigured: boolean }> {
  if (reach === 'nowhere') throw locationErrors.locationPathRefused({ target: given });
  if (given.includes('\0')) throw locationErrors.locationTargetInvalid({ target: given.replaceAll('\0', '') });
  const target = resolve(context.directory, /^~(?=$|[/\\])/.test(given) ? join(homedir(), given.slice(1)) : given);
  if (reach === 'configured') {
    await assertBelowConfigured(context, target);
    return { target, belowConfigured: true };
  }
  // The whole disk is never meant, and takes minutes.
  const start = await startOf(target);
  if (start === parse(start).root) throw locationErrors.locationPathWholeDisk({ target: given });
  return { target, belowConfigured: false };
}
