import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node, Scalar, YAMLError } from 'yaml';
import type { ConfigFault, ConfigNode, ConfigOrigin, MapEntry } from './types.ts';

/** More nodes than any honest configuration has; stops alias bombs. */
const maximumNodes = 200_000;

// The parser's own messages may quote the text of the file, and with it a secret: these do not.
const syntaxMessages: Partial<Record<YAMLError['code'], [message: string, fix: string]>> = {
  BAD_INDENT: [
    'the indentation does not fit the lines before it, or a bracket is not closed',
    'Indent keys of one group by the same number of spaces, and close every bracket.',
  ],
  TAB_AS_INDENT: ['a tab is used as indentation', 'Use spaces.'],
  DUPLICATE_KEY: ['the key is written twice in one group', 'Remove one of the two.'],
  BAD_ALIAS: ['an anchor or alias has no name', 'Write &name and *name.'],
  MISSING_CHAR: ['a quote, comma, colon or bracket is missing', 'Look at this line and the one before it.'],
  MULTIPLE_DOCS: ['the file holds more than one document', 'Remove the line `---` and merge what follows it.'],
  BLOCK_AS_IMPLICIT_KEY: ['two keys stand on one line', 'Put quotes around a value that contains a colon and a space.'],
  MULTILINE_IMPLICIT_KEY: ['a line holds neither a key with a value nor a list item', 'Write it as `key: value`.'],
  BAD_SCALAR_START: ['a value starts with a character that has a meaning in YAML', 'Put quotes around the value.'],
  BAD_DQ_ESCAPE: [
    'the backslash stands before a character that cannot be escaped',
    'Use single quotes, or write the backslash twice.',
  ],
};

const joinPath = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

type Reader = {
  file: string;
  counter: LineCounter;
  anchors: Map<string, Node>;
  count: number;
  faults: ConfigFault[];
  path: string;
};

/**
 * Reads YAML (or JSON) into a tree in which every value knows its place.
 *
 * @param file - absolute path, kept in every place
 * @param text - content of the file
 * @param path - key under which the tree will hang, for messages
 */
export function readTree(file: string, text: string, path = ''): { root?: ConfigNode; faults: ConfigFault[] } {
  const counter = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    lineCounter: counter,
    prettyErrors: false,
    merge: true,
    strict: true,
  });
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => {
      const { line, col } = counter.linePos(error.pos[0]);
      const [message, fix] = syntaxMessages[error.code] ?? [
        'the file is not valid YAML here',
        'Look at this line and the one before it.',
      ];
      return { file, line, column: col, path, message, fix };
    });
    return { faults };
  }
  const reader: Reader = { file, counter, anchors: new Map(), count: 0, faults: [], path };
  if (!document.contents) return { faults: [] };
  const root = convert(reader, document.contents, path, 0);
  return { root, faults: reader.faults };
}

function originOf(reader: Reader, node: Node): ConfigOrigin {
  const { line, col } = reader.counter.linePos(node.range?.[0] ?? 0);
  return { file: reader.file, line, column: col };
}

function convert(reader: Reader, node: Node | null, path: string, depth: number): ConfigNode {
  if (!node) return { kind: 'scalar', value: null, path, file: reader.file };
  const origin = originOf(reader, node);
  reader.count += 1;
  if (reader.count > maximumNodes || depth > 200) {
    if (reader.faults.length === 0) {
      const fix = 'Move what is not configuration elsewhere, or remove the repeated aliases.';
      reader.faults.push({
        ...origin,
        path,
        message: 'the file is too large or too deeply nested once its aliases are written out',
        fix,
      });
    }
    return { kind: 'scalar', value: null, path, ...origin };
  }
  if (isAlias(node)) {
    const target = reader.anchors.get(node.source);
    if (target) return { ...convert(reader, target, path, depth + 1), ...origin, path };
    reader.faults.push({
      ...origin,
      path,
      message: 'an alias names no anchor',
      fix: `Define the anchor &${node.source} before the alias.`,
    });
    return { kind: 'scalar', value: null, path, ...origin };
  }
  const { anchor } = node as Scalar;
  if (anchor) reader.anchors.set(anchor, node);
  if (isSeq(node)) {
    return {
      kind: 'list',
      items: node.items.map((item, index) => convert(reader, item as Node, `${path}[${index}]`, depth + 1)),
      path,
      ...origin,
    };
  }
  if (isMap(node)) {
    const entries = new Map<string, MapEntry>();
    const merged = new Map<string, MapEntry>();
    for (const pair of node.items) {
      const keyNode = pair.key as Scalar;
      const merges = isScalar(keyNode) && typeof keyNode.value === 'symbol';
      const key = isScalar(keyNode) && !merges ? String(keyNode.value) : '';
      const value = convert(reader, pair.value as Node | null, merges ? path : joinPath(path, key), depth + 1);
      if (merges) mergeInto(merged, value);
      else
        entries.set(key, {
          key: originOf(reader, keyNode),
          node: value.line === undefined ? { ...value, ...originOf(reader, keyNode) } : value,
        });
    }
    for (const [key, entry] of merged) if (!entries.has(key)) entries.set(key, entry);
    return { kind: 'map', entries, path, ...origin };
  }
  const { value } = node;
  const scalar =
    value === null || ['string', 'number', 'boolean'].includes(typeof value)
      ? (value as string | number | boolean | null)
      : JSON.stringify(value);
  return { kind: 'scalar', value: scalar, path, ...origin };
}

function mergeInto(merged: Map<string, MapEntry>, value: ConfigNode): void {
  if (value.kind === 'list') for (const item of value.items) mergeInto(merged, item);
  if (value.kind === 'map') for (const [key, entry] of value.entries) if (!merged.has(key)) merged.set(key, entry);
}

/** Every fault held by a node or below it. */
export function faultsBelow(node: ConfigNode): ConfigFault[] {
  if (node.kind === 'fault') return node.faults;
  if (node.kind === 'list') return node.items.flatMap(faultsBelow);
  if (node.kind === 'map') return [...node.entries.values()].flatMap((entry) => faultsBelow(entry.node));
  return [];
}

/** The node under a list of keys, or the nearest one above it that exists. */
export function nodeAt(
  root: ConfigNode,
  keys: string[],
): { node: ConfigNode; found: boolean; keyOrigin?: ConfigOrigin } {
  let node = root;
  let keyOrigin: ConfigOrigin | undefined;
  for (const key of keys) {
    const entry = node.kind === 'map' ? node.entries.get(key) : undefined;
    const next = entry?.node ?? (node.kind === 'list' ? node.items[Number(key)] : undefined);
    if (!next) return { node, found: false, keyOrigin };
    keyOrigin = entry?.key ?? { file: next.file, line: next.line, column: next.column };
    node = next;
  }
  return { node, found: true, keyOrigin };
}
