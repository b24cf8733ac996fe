/** The modules of a repository and what they import: files, workspace packages by their `exports`, Node's modules and npm packages. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { findImports, strip } from './scan.mjs';

const builtins = new Set(builtinModules);
/** Folders without sources of ours: installed or built ones anywhere, and what the portal shows rather than runs. */
const skipped = new Set(['node_modules', 'dist']);
const skippedAtRoot = new Set(['coverage', 'docs', 'examples']);

const toPosix = (path) => path.split(sep).join('/');

function* filesBelow(folder, except = skipped) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || except.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (/\.(ts|tsx|mts|js|mjs|cjs)$/.test(entry.name)) yield path;
  }
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Workspace packages by name: folder (relative) and exports. */
function readWorkspaces(root) {
  const { workspaces = [] } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bases = workspaces
    .map((pattern) => pattern.replace(/\/\*$/, ''))
    .filter((base) => existsSync(join(root, base)));
  const folders = bases.flatMap((base) => readdirSync(join(root, base)).map((name) => posix.join(base, name)));
  const packages = folders.filter((folder) => isFile(join(root, folder, 'package.json')));
  return new Map(
    packages.map((folder) => {
      const { name, exports = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return [name, { folder, exports }];
    }),
  );
}

export const packageName = (name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

/** A function that tells the nearest package.json of a file: its folder and what it declares. */
function nearestPackages(root) {
  const known = new Map();
  const lookUp = (folder) => {
    if (known.has(folder)) return known.get(folder);
    const file = join(root, folder, 'package.json');
    const parent = posix.dirname(folder);
    const found = isFile(file)
      ? { folder, ...JSON.parse(readFileSync(file, 'utf8')) }
      : folder === '.'
        ? undefined
        : lookUp(parent);
    known.set(folder, found);
    return found;
  };
  return (path) => lookUp(posix.dirname(path));
}

/** Where an import leads: `file` (relative path), `node`, `package`, or `missing`. */
function resolveImport(root, workspaces, from, name) {
  if (name.startsWith('node:') || builtins.has(name))
    return { kind: 'node', target: name.replace(/^(?!node:)/, 'node:') };
  if (/^\.{1,2}(\/|$)/.test(name)) {
    const base = join(root, dirname(from), name);
    const file = [base, `${base}.ts`, `${base}.tsx`, join(base, 'index.ts'), join(base, 'index.tsx')].find(isFile);
    return file ? { kind: 'file', target: toPosix(relative(root, file)) } : { kind: 'missing', target: name };
  }
  const workspace = workspaces.get(packageName(name));
  if (!workspace) return { kind: 'package', target: packageName(name) };
  const subpath = `.${name.slice(packageName(name).length)}`;
  const entry = typeof workspace.exports === 'string' ? { '.': workspace.exports } : workspace.exports;
  const path = typeof entry[subpath] === 'object' ? entry[subpath].default : entry[subpath];
  if (!path) return { kind: 'missing', target: name };
  return { kind: 'file', target: posix.join(workspace.folder, path), entry: packageName(name) };
}

/**
 * Reads every source file below `root`.
 *
 * @returns the modules by path, each with its stripped text, its package and its resolved imports; and the names of the workspace packages
 */
export function readModules(root) {
  const workspaces = readWorkspaces(root);
  const nearest = nearestPackages(root);
  const modules = new Map();
  for (const file of filesBelow(root, skipped.union(skippedAtRoot))) {
    const path = toPosix(relative(root, file));
    const source = readFileSync(file, 'utf8');
    const stripped = strip(source);
    const imports = findImports(stripped).map((found) => ({
      ...found,
      ...resolveImport(root, workspaces, path, found.name),
    }));
    modules.set(path, {
      path,
      lines: source.split('\n').length - (source.endsWith('\n') ? 1 : 0),
      stripped,
      imports,
      package: nearest(path),
    });
  }
  return { modules, workspaces, rootPackage: nearest('package.json') };
}

/** Groups of modules that reach each other (Tarjan's strongly connected components), without recursion: graphs may be deep. */
export function findCircles(modules) {
  const state = new Map();
  const stack = [];
  const circles = [];
  let counter = 0;
  const targetsOf = (path) =>
    modules
      .get(path)
      .imports.filter(({ kind, target }) => kind === 'file' && modules.has(target))
      .map(({ target }) => target);
  const enter = (path) => {
    state.set(path, { index: counter, low: counter++, onStack: true, targets: targetsOf(path), next: 0 });
    stack.push(path);
    return path;
  };
  for (const start of modules.keys()) {
    if (state.has(start)) continue;
    const work = [enter(start)];
    while (work.length > 0) {
      const path = work.at(-1);
      const own = state.get(path);
      if (own.next < own.targets.length) {
        const target = own.targets[own.next++];
        const other = state.get(target);
        if (!other) work.push(enter(target));
        else if (other.onStack) own.low = Math.min(own.low, other.index);
        continue;
      }
      work.pop();
      if (work.length > 0) state.get(work.at(-1)).low = Math.min(state.get(work.at(-1)).low, own.low);
      if (own.low !== own.index) continue;
      const group = stack.splice(stack.indexOf(path));
      for (const member of group) state.get(member).onStack = false;
      if (group.length > 1 || own.targets.includes(path)) circles.push(group);
    }
  }
  return circles.map((group) => shortestCircle(group, targetsOf));
}

/** One short way round a group of modules that reach each other, beginning at the first by name. */
function shortestCircle(group, targetsOf) {
  const members = new Set(group);
  const start = group.reduce((first, path) => (path < first ? path : first));
  const cameFrom = new Map([[start, undefined]]);
  for (const queue = [start]; queue.length > 0;) {
    const path = queue.shift();
    for (const target of targetsOf(path)) {
      if (target === start) {
        const way = [];
        for (let step = path; step !== undefined; step = cameFrom.get(step)) way.unshift(step);
        return way;
      }
      if (!members.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, path);
      queue.push(target);
    }
  }
  return [start];
}
