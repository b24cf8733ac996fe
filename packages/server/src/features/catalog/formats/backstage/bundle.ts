import { fromPointer, isJsonObject, type JsonObject, type JsonValue, toPointer } from '@callboard/model';

/** A file reached by a reference: its content, why it has none, or undefined while it has not been read. */
export type BundleFile = { value: JsonValue } | { problem: string } | undefined;

export type BundleTools = {
  /** absolute name of the file that a reference names; undefined when it is not to be followed */
  resolve(reference: string, from: string): string | undefined;
  file(name: string): BundleFile;
  limits: { files: number; nodes: number };
};

/** A definition in one piece, or what kept it from being put together. */
export type Bundled = { value: JsonValue } | { problem: string };

class BundleProblem extends Error {
  override readonly name = 'BundleProblem';
}

const decodePointer = (fragment: string) => {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
};

const select = (value: JsonValue, fragment: string, reference: string): JsonValue => {
  let current: JsonValue | undefined = value;
  for (const key of fromPointer(decodePointer(fragment))) {
    if (Array.isArray(current)) current = current[Number(key)];
    else current = isJsonObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
    if (current === undefined) throw new BundleProblem(`${reference} names something that is not there`);
  }
  return current;
};

/**
 * Puts a definition that is spread over several files into one: what another file holds is placed where it is first referred to, and later
 * references point there. Files that have not been read yet count as empty, so that one pass finds all that are needed next.
 */
export function bundle(root: JsonValue, rootName: string, tools: BundleTools): Bundled {
  const placed = new Map<string, string>();
  const files = new Set<string>();
  let nodes = 0;

  const visit = (value: JsonValue, file: string, path: (string | number)[]): JsonValue => {
    nodes += 1;
    if (nodes > tools.limits.nodes) throw new BundleProblem(`it has more than ${tools.limits.nodes} parts`);
    if (path.length > 500) throw new BundleProblem('it is nested too deeply');
    if (Array.isArray(value)) return value.map((item, index) => visit(item, file, [...path, index]));
    if (!isJsonObject(value)) return value;
    if (typeof value.$ref === 'string') return follow(value, value.$ref, file, path);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner, file, [...path, key])]));
  };

  const follow = (value: JsonObject, reference: string, file: string, path: (string | number)[]): JsonValue => {
    const hash = reference.indexOf('#');
    const fragment = hash === -1 ? '' : reference.slice(hash + 1);
    const named = hash === 0 ? file : tools.resolve(hash === -1 ? reference : reference.slice(0, hash), file);
    // Other servers and anchors by name are left as they are.
    if (named === undefined || (fragment !== '' && !fragment.startsWith('/'))) return value;
    if (named === rootName) return { ...value, $ref: `#${fragment}` };
    const key = `${named}#${fragment}`;
    const known = placed.get(key);
    if (known !== undefined) return { ...value, $ref: `#${known}` };
    files.add(named);
    if (files.size > tools.limits.files) throw new BundleProblem(`it refers to more than ${tools.limits.files} files`);
    const content = tools.file(named);
    if (content === undefined) return value;
    if ('problem' in content) throw new BundleProblem(content.problem);
    placed.set(key, toPointer(path));
    const found = visit(select(content.value, fragment, reference), named, path);
    const { $ref: _, ...siblings } = value;
    return isJsonObject(found) ? { ...found, ...siblings } : found;
  };

  try {
    return { value: visit(root, rootName, []) };
  } catch (error) {
    if (error instanceof BundleProblem) return { problem: error.message };
    throw error;
  }
}
