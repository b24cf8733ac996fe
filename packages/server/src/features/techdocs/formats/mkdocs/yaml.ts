import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { JsonObject, JsonValue } from '@callboard/model';

/** A configuration as written, and where its parts stand. */
export type YamlFile = {
  values: JsonObject;
  lineOf(path: (string | number)[]): number | undefined;
  /** The first line below a path that says a value: for what stands at any depth there. */
  lineSaying(value: string, below: (string | number)[]): number | undefined;
};

export type YamlFault = { message: string; line?: number };

/** Longer configurations are not read: nobody writes them by hand. */
export const longestConfig = 512 * 1024;

const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null)) as JsonValue;

/** What stands for a node with a tag that names something of Python. */
function untagged(document: Document, node: Node & { tag?: string }): Node | undefined {
  if (node.tag === undefined) return undefined;
  if (node.tag === '!ENV') {
    const fallback = isSeq(node) && node.items.length > 1 ? node.items.at(-1) : undefined;
    return isScalar(fallback) ? fallback : document.createNode(null);
  }
  const [, kind, name] = /python\/(name|object(?:\/(?:apply|new))?):([\w.]+)$/.exec(node.tag) ?? [];
  if (name === undefined) return undefined;
  if (kind === 'name') return document.createNode(name);
  if (!isMap(node)) return document.createNode({ object: name });
  node.tag = undefined;
  node.set('object', name);
  return node;
}

/**
 * Reads a configuration of MkDocs. Tags that only Python understands are tolerated: `!ENV` gives the default that it names, the
 * environment is never read; `!!python/name:a.b` gives the name, and `!!python/object/apply:a.b` a map with the name under `object`;
 * nothing of it is run. Other tags leave their value as it is.
 */
export function readYaml(text: string): YamlFile | YamlFault {
  if (text.length > longestConfig) return { message: `it has more than ${longestConfig} characters` };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    const at = lines.linePos(error.pos[0]);
    return { message: error.message.split('\n')[0]!.replace(/:$/, ''), line: at.line };
  }
  visit(document, {
    Node(_key, node) {
      return untagged(document, node);
    },
  });
  try {
    const values = plain(document.toJS({ maxAliasCount: 50 }));
    if (values === null) return { values: {}, lineOf: () => undefined, lineSaying: () => undefined };
    if (typeof values !== 'object' || Array.isArray(values)) return { message: 'it is no map of keys' };
    const lineAt = (node: unknown) => {
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      return range ? lines.linePos(range[0]).line : undefined;
    };
    return {
      values,
      lineOf: (path) => lineAt(document.getIn(path, true)),
      lineSaying(value, below) {
        const start = document.getIn(below, true);
        let found: number | undefined;
        if (isNode(start))
          visit(start, {
            Scalar(_key, node) {
              if (node.value !== value) return undefined;
              found = lineAt(node);
              return visit.BREAK;
            },
          });
        return found ?? lineAt(start);
      },
    };
  } catch (problem) {
    return { message: (problem as Error).message };
  }
}
