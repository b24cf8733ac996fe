import { toPointer } from '@callboard/model';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

/** Where one document of a file begins and ends, and where each of its values stands. Lines and columns are counted from 1. */
export type OutlinedDocument = {
  line: number;
  endLine: number;
  entityRef?: string;
  values: { path: string; line: number; column: number }[];
};

const mostValues = 5_000;

type Place = (offset: number) => { line: number; column: number };

function walk(node: unknown, keys: string[], place: Place, values: OutlinedDocument['values']): void {
  if (values.length >= mostValues) return;
  const items: [key: string, at: Node | null, value: unknown][] = isMap(node)
    ? node.items.flatMap((pair): [string, Node, unknown][] =>
        isScalar(pair.key) ? [[String(pair.key.value), pair.key, pair.value]] : [],
      )
    : isSeq(node)
      ? node.items.map((item, index): [string, Node, unknown] => [String(index), item as Node, item])
      : [];
  for (const [key, at, value] of items) {
    const path = [...keys, key];
    if (at?.range && values.length < mostValues) values.push({ path: toPointer(path), ...place(at.range[0]) });
    walk(value, path, place, values);
  }
}

/**
 * Tells where documents and their values stand in a text.
 *
 * @param starts - first line of each document with what it describes, in order
 */
export function outlineOf(text: string, starts: { line: number; entityRef?: string }[]): OutlinedDocument[] {
  const lines = text.split('\n');
  let left = mostValues;
  return starts.map((start, index) => {
    let endLine = (starts[index + 1]?.line ?? lines.length + 1) - 1;
    while (endLine > start.line && /^(---|\.\.\.)?\s*(#.*)?$/.test(lines[endLine - 1] ?? '')) endLine -= 1;
    const values: OutlinedDocument['values'] = [];
    if (left > 0) {
      const counter = new LineCounter();
      const place: Place = (offset) => {
        const { line, col } = counter.linePos(offset);
        return { line: start.line + line - 1, column: col };
      };
      try {
        const parsed = parseAllDocuments(lines.slice(start.line - 1, endLine).join('\n'), {
          merge: false,
          prettyErrors: false,
          lineCounter: counter,
          logLevel: 'silent',
        });
        if (Array.isArray(parsed)) walk(parsed.find((each) => each.contents !== null)?.contents, [], place, values);
      } catch {
        // What cannot be read has faults, with places of their own.
      }
      left -= values.length;
    }
    return { ...start, endLine, values };
  });
}
