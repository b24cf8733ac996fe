/** How our scripts call npm: plain JavaScript without dependencies, because they run before anything is installed. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The command line that starts npm: the npm that runs us, else the one beside Node, else whatever PATH has. */
export function npmCommand(env = process.env) {
  if (env.npm_execpath?.endsWith('.js') && existsSync(env.npm_execpath)) return [process.execPath, env.npm_execpath];
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  if (existsSync(beside)) return [process.execPath, beside];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** The environment without what npm hands to its scripts: a nested npm would inherit `-w`, `--prefix` and the like from it. */
export function npmEnvironment(env = process.env) {
  const inherited =
    /^npm_(config_(workspace|workspaces|include_workspace_root|prefix|local_prefix|global|save)$|lifecycle|package|command)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !inherited.test(name)));
}
