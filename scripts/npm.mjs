/** How our scripts call npm: plain JavaScript without dependencies, because they run before anything is installed. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const installed = join(root, 'node_modules') + sep;

/** Whether a file lies in our own node_modules, which `npm ci` removes while it runs. */
export const isInstalledHere = (file) => file.startsWith(installed);

/** A Node that survives the removal of node_modules: the one that runs npm, else this one, else the next in PATH. */
function lastingNode(env) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const inPath = (env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const candidates = [env.npm_node_execpath, process.execPath, ...inPath].filter((file) => file && existsSync(file));
  return candidates.find((file) => !isInstalledHere(realpathSync(file))) ?? process.execPath;
}

/** The command line that starts npm: the npm that runs us, else the one beside Node, else whatever PATH has. */
export function npmCommand(env = process.env) {
  const node = lastingNode(env);
  const beside = join(dirname(realpathSync(node)), '../lib/node_modules/npm/bin/npm-cli.js');
  const script = [env.npm_execpath, beside].find((file) => file?.endsWith('.js') && existsSync(file));
  if (script) return [node, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** The environment without what npm hands to its scripts: a nested npm would inherit `-w`, `--prefix` and the like from it. */
export function npmEnvironment(env = process.env) {
  const handed =
    /^npm_(config_(workspace|workspaces|include_workspace_root|prefix|local_prefix|global|save)$|lifecycle|package|command)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !handed.test(name)));
}

/** What a failed npm means for the person in front of it: its last words, one sentence on the cause, and the next steps. */
export function explainNpmFailure(output) {
  const registry = 'npm config get registry';
  const offline =
    'Without a network: run `npm ci --cache FOLDER` on a machine that has one, copy FOLDER here, then `npm start --offline --cache FOLDER`.';
  const causes = [
    [/ENOTCACHED/, 'npm runs offline and a package is not in its cache.', offline],
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network request/,
      'The npm registry cannot be reached.',
      `Look at \`${registry}\`; behind a proxy set \`npm config set https-proxy http://HOST:PORT\`.`,
      offline,
    ],
    [
      /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
      "The registry's certificate is not trusted.",
      'Set NODE_EXTRA_CA_CERTS to the file of your company’s certificate authority.',
    ],
    [
      /E401|E403|ENEEDAUTH/,
      'The npm registry refuses access.',
      `Sign in to it: \`npm login\` (registry: \`${registry}\`).`,
    ],
    [
      /E404|ETARGET/,
      'The npm registry lacks a package or a version of it.',
      `A mirror may be behind; compare \`${registry}\` with https://registry.npmjs.org.`,
    ],
    [/ENOSPC/, 'The disk is full.', 'Callboard and its tools need about 700 MB; free some and start again.'],
    [
      /EACCES|EPERM|EROFS/,
      'npm may not write here.',
      'Make this folder and npm’s cache (`npm config get cache`) writable for you.',
    ],
    [/EINTEGRITY/, 'A downloaded package is damaged.', 'Run `npm cache verify`, then start again.'],
  ];
  const [, cause, ...steps] = causes.find(([pattern]) => pattern.test(output)) ?? [
    undefined,
    'npm failed.',
    'Its last words are above; start again when the cause is removed.',
  ];
  const lines = output.split('\n').filter((line) => line.trim() && !/^npm (error( +at .*|\W*)$|warn )/.test(line));
  return `${lines.slice(-12).join('\n')}\n\n${cause}\n${steps.map((line) => `  → ${line}`).join('\n')}`;
}
