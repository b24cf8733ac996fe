import { fromPointer } from '@callboard/model';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Position, YamlDocument } from './yaml.ts';

/** Finds the place of a JSON pointer within a document. */
export type Locator = (pointer: string) => Position;

type Found = { offset: number };

const walk = (root: Node | null | undefined, keys: string[]): Found | undefined => {
  let node: unknown = root;
  let found: Found | undefined = root?.range ? { offset: root.range[0] } : undefined;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (!pair) return found;
      const range = (pair.key as Node).range;
      if (range) found = { offset: range[0] };
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      const range = (node as Node | undefined)?.range;
      if (!range) return found;
      found = { offset: range[0] };
    } else return found;
  }
  return found;
};

/**
 * Makes a finder of places for one document of a text. The document is read once more, with positions, at the first question only:
 * documents without problems never pay for it. What is not there is placed at the nearest part around it that is.
 */
export function createLocator(text: string, document: Pick<YamlDocument, 'line' | 'start' | 'end'>): Locator {
  let find: ((pointer: string) => Position) | undefined;
  return (pointer) => {
    find ??= prepareFinder(text, document);
    return find(pointer);
  };
}

function prepareFinder(
  text: string,
  document: Pick<YamlDocument, 'line' | 'start' | 'end'>,
): (pointer: string) => Position {
  const fallback = { line: document.line, column: 1 };
  const counter = new LineCounter();
  let root: Node | null | undefined;
  try {
    const parsed = parseAllDocuments(text.slice(document.start, document.end), {
      merge: false,
      prettyErrors: false,
      lineCounter: counter,
      logLevel: 'silent',
    });
    root = Array.isArray(parsed) ? parsed.find((each) => each.contents !== null)?.contents : undefined;
  } catch {
    return () => fallback;
  }
  return (pointer) => {
    const found = walk(root, fromPointer(pointer));
    if (!found) return fallback;
    const { line, col } = counter.linePos(found.offset);
    return { line: document.line + line - 1, column: col };
  };
}
