import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder that is a Git repository without a working tree. */
const isBareRepository = (path: string) =>
  ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(path, name))) && !existsSync(join(path, '.git'));

/**
 * Tells what someone means who starts the portal with a path or an address: a repository, a descriptor by http(s), or files.
 *
 * @param argument - as typed; a path starts at the working directory
 */
export function locationFromArgument(argument: string): { type: 'file' | 'url' | 'git'; target: string } {
  if (/^[^/\s@]+@[^:/\s]+:/.test(argument) || /^(ssh|git|git\+ssh):\/\//.test(argument))
    return { type: 'git', target: argument };
  if (/^https?:\/\//.test(argument)) {
    const { pathname } = new URL(argument);
    return /\.(ya?ml|json)$/i.test(pathname) ? { type: 'url', target: argument } : { type: 'git', target: argument };
  }
  const path = argument.startsWith('file://') ? fileURLToPath(argument) : resolve(argument);
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  return isFolder && isBareRepository(path) ? { type: 'git', target: path } : { type: 'file', target: path };
}
