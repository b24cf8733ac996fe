import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { readTree } from './tree.ts';
import type { ConfigFault, ConfigNode, MapNode } from './types.ts';

const includeKeys = ['$file', '$env', '$include'];

type Context = { env: NodeJS.ProcessEnv; directory: string; /** files being read, outermost first */ files: string[] };

/**
 * Replaces `${VAR}`, `${VAR:-default}`, `$env`, `$file` and `$include` as Backstage does. What cannot be replaced becomes
 * a fault node, so that a missing variable matters only where the key is used.
 *
 * @param node - the tree as read
 * @param context.directory - folder that relative paths start at
 */
export function substitute(node: ConfigNode, context: Context): ConfigNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => substitute(item, context)) };
  if (node.kind === 'map') {
    const include = [...node.entries.keys()].find((key) => includeKeys.includes(key));
    if (include) return replaceInclude(node, include, context);
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { key: entry.key, node: substitute(entry.node, context) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  if (node.kind === 'scalar' && typeof node.value === 'string') return replaceVariables(node, node.value, context.env);
  return node;
}

function broken(node: ConfigNode, message: string, fix: string): ConfigNode {
  const { file, line, column, path } = node;
  const fault: ConfigFault = { file, line, column, path, message, fix };
  return { kind: 'fault', faults: [fault], file, line, column, path };
}

const unset = (node: ConfigNode, name: string, inText: boolean) =>
  broken(
    node,
    `the environment variable ${name} is not set`,
    inText
      ? `Set ${name}, or give a value to use without it: \${${name}:-value}.`
      : `Set ${name}, or write "\${${name}:-value}" instead of $env to give a value to use without it.`,
  );

function replaceVariables(node: ConfigNode, text: string, env: NodeJS.ProcessEnv): ConfigNode {
  const parts = text.split(/(\$?\$\{[^{}]*\})/);
  if (parts.length === 1) return node;
  let via: string | undefined;
  for (let index = 1; index < parts.length; index += 2) {
    const part = parts[index] ?? '';
    if (part.startsWith('$$')) {
      parts[index] = part.slice(1);
      continue;
    }
    const [, name = '', fallback] = /^([\s\S]*?)(?::-([\s\S]*))?$/.exec(part.slice(2, -1).trim()) ?? [];
    const variable = name.trim();
    if (variable === '')
      return broken(
        node,
        'there is a ${} without a name',
        'Write the name of an environment variable between the braces, or $${} for the characters themselves.',
      );
    const value = env[variable]?.trim();
    if (fallback === undefined ? value === undefined : !value) {
      if (fallback === undefined) return unset(node, variable, true);
      parts[index] = fallback;
    } else {
      parts[index] = value ?? '';
      via ??= variable;
    }
  }
  return { ...node, kind: 'scalar', value: parts.join(''), via };
}

function replaceInclude(node: MapNode, include: string, context: Context): ConfigNode {
  if (node.entries.size !== 1) {
    return broken(node, `${include} stands beside other keys`, `Leave ${include} alone in its group, or remove it.`);
  }
  const raw = node.entries.get(include)?.node;
  const target = raw && substitute(raw, context);
  if (target?.kind === 'fault') return target;
  if (!target || target.kind !== 'scalar' || typeof target.value !== 'string' || target.value === '') {
    const what = include === '$env' ? 'the name of an environment variable' : 'the path of a file';
    return broken(
      node,
      `${include} needs ${what}`,
      `Write ${include}: ${include === '$env' ? 'MY_VARIABLE' : './file'}.`,
    );
  }
  const place = { file: node.file, line: node.line, column: node.column, path: node.path };
  if (include === '$env') {
    const value = context.env[target.value]?.trim();
    return value === undefined
      ? unset(node, target.value, false)
      : { ...place, kind: 'scalar', value, via: target.value };
  }
  const [name = '', selection] = include === '$file' ? [target.value] : target.value.split(/#(.*)/);
  const file = resolve(context.directory, name);
  const content = readText(file);
  if (content.problem !== undefined)
    return broken(node, `the file ${name} ${content.problem}`, `Correct the path; it starts at ${context.directory}.`);
  if (include === '$file') return { ...place, kind: 'scalar', value: content.text.trimEnd(), via: name };
  return includeFile(node, { file, name, selection, text: content.text }, context);
}

function includeFile(
  node: MapNode,
  source: { file: string; name: string; selection?: string; text: string },
  context: Context,
): ConfigNode {
  if (!['.json', '.yaml', '.yml'].includes(extname(source.file))) {
    return broken(
      node,
      `$include cannot read ${source.name}`,
      'Include a .yaml, .yml or .json file, or use $file for the text of any file.',
    );
  }
  if (context.files.includes(source.file)) {
    return broken(node, `${source.name} includes itself`, 'Remove one of the $include keys of the circle.');
  }
  const { root, faults } = readTree(source.file, source.text, node.path);
  if (faults.length > 0)
    return { kind: 'fault', faults, path: node.path, file: node.file, line: node.line, column: node.column };
  let selected = root;
  for (const key of source.selection ? source.selection.split('.') : []) {
    selected = selected?.kind === 'map' ? selected.entries.get(key)?.node : undefined;
  }
  if (!selected)
    return broken(
      node,
      `there is nothing at ${source.selection ?? 'the root'} in ${source.name}`,
      'Correct the keys after the # sign.',
    );
  const directory = dirname(source.file);
  return substitute(rebase(selected, selected.path, node.path), {
    ...context,
    directory,
    files: [...context.files, source.file],
  });
}

/** Paths of an included part start where it is included. */
function rebase(node: ConfigNode, from: string, to: string): ConfigNode {
  const path = to + node.path.slice(from.length);
  if (node.kind === 'list') return { ...node, path, items: node.items.map((item) => rebase(item, from, to)) };
  if (node.kind === 'map') {
    return {
      ...node,
      path,
      entries: new Map(
        [...node.entries].map(([key, entry]) => [key, { key: entry.key, node: rebase(entry.node, from, to) }]),
      ),
    };
  }
  return { ...node, path };
}

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a folder',
};

/** Reads a text file; the problem is a phrase that follows its name. */
export function readText(file: string): { text: string; problem?: undefined } | { text?: undefined; problem: string } {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > 5_000_000) return { problem: 'is larger than 5 MB' };
    return { text: bytes.toString('utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return { problem: reasons[code] ?? `cannot be read (${code})` };
  }
}
