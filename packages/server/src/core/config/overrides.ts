import { resolve } from 'node:path';
import type { ConfigFault, ConfigFlags, ConfigNode, MapNode } from './types.ts';

/** Environment variables that set a key, in the order of `docs/guide/configuration.md`. */
export const environmentKeys = {
  CALLBOARD_PORT: 'server.port',
  CALLBOARD_HOST: 'server.host',
  CALLBOARD_DATA: 'data.directory',
  CALLBOARD_DATABASE_URL: 'database.url',
  CALLBOARD_LOG_LEVEL: 'log.level',
} as const;

const flagKeys = {
  port: 'server.port',
  host: 'server.host',
  data: 'data.directory',
  databaseUrl: 'database.url',
} as const;
const flagNames = { port: '--port', host: '--host', data: '--data', databaseUrl: '--database-url' } as const;

/** An empty variable counts as absent, as container files often pass them on empty. */
export function environmentValue(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** Puts environment variables and, above them, flags over what the file says. */
export function applyOverrides(
  root: MapNode,
  options: { flags: ConfigFlags; env: NodeJS.ProcessEnv; workingDirectory: string },
): MapNode {
  let result = root;
  const set = (path: string, value: string | number, source: string) => {
    // Paths given from outside start where the person stands, not where the file is. An empty one is left to be refused.
    const shown = path === 'data.directory' && value !== '' ? resolve(options.workingDirectory, String(value)) : value;
    result = setNode(result, path.split('.'), { kind: 'scalar', value: shown, path, source });
  };
  for (const [name, path] of Object.entries(environmentKeys)) {
    const value = environmentValue(options.env, name);
    if (value !== undefined) set(path, value, `environment variable ${name}`);
  }
  for (const name of Object.keys(flagKeys) as (keyof typeof flagKeys)[]) {
    const value = options.flags[name];
    if (value !== undefined) set(flagKeys[name], value, `flag ${flagNames[name]}`);
  }
  if (options.flags.terminal && !hasKey(result, 'log', 'level')) set('log.level', 'warn', 'terminal');
  return result;
}

function hasKey(root: MapNode, group: string, key: string): boolean {
  const node = root.entries.get(group)?.node;
  return node?.kind === 'map' ? node.entries.has(key) : node !== undefined;
}

/** A copy of the tree with one node set; groups on the way are made where they are missing. */
export function setNode(root: MapNode, keys: string[], node: ConfigNode): MapNode {
  const [key = '', ...rest] = keys;
  const entries = new Map(root.entries);
  const existing = entries.get(key);
  if (rest.length === 0) {
    entries.set(key, { key: { file: node.file, line: node.line, column: node.column, source: node.source }, node });
  } else {
    const group: MapNode =
      existing?.node.kind === 'map'
        ? existing.node
        : { kind: 'map', entries: new Map(), path: joinPath(root.path, key), source: node.source };
    entries.set(key, { key: existing?.key ?? {}, node: setNode(group, rest, node) });
  }
  return { ...root, entries };
}

const joinPath = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** Whether the example company is shown where nothing else is configured. */
export function wantsExample(flags: ConfigFlags, env: NodeJS.ProcessEnv): { example: boolean; faults: ConfigFault[] } {
  if (flags.example !== undefined) return { example: flags.example, faults: [] };
  const value = environmentValue(env, 'CALLBOARD_NO_EXAMPLE')?.toLowerCase();
  if (value === undefined || ['0', 'false', 'no'].includes(value)) return { example: true, faults: [] };
  if (['1', 'true', 'yes'].includes(value)) return { example: false, faults: [] };
  const fault: ConfigFault = {
    source: 'environment variable CALLBOARD_NO_EXAMPLE',
    path: '',
    message: `expected 1 or 0, found "${value}"`,
    expected: '1 or 0',
    found: `"${value}"`,
    fix: 'Set it to 1 to start without the example company, or unset it.',
  };
  return { example: true, faults: [fault] };
}
