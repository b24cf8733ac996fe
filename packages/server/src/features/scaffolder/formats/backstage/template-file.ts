import { fromPointer, isJsonObject, type JsonObject, type JsonValue, type Problem } from '@callboard/model';
import { isMap, isScalar, isSeq, LineCounter, type Node, parse, parseAllDocuments } from 'yaml';
import type { Locate } from './template.ts';

/** A template as a file says it, after its placeholders were put in. */
export type TemplateDocument = { entity: JsonObject; locate: Locate; problems: Problem[] };

const placeholder = /^\$(yaml|json|text)$/;
const deepest = 10;

/** Puts in what `$yaml`, `$json` and `$text` point at. */
async function substitute(
  value: JsonValue,
  read: (path: string) => Promise<string>,
  report: (message: string) => void,
): Promise<JsonValue> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => substitute(item, read, report)));
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value);
  const kind = keys.length === 1 ? placeholder.exec(keys[0] as string)?.[1] : undefined;
  const target = kind && value[`$${kind}`];
  if (kind && typeof target === 'string')
    try {
      const text = await read(target);
      return kind === 'text'
        ? text
        : kind === 'json'
          ? (JSON.parse(text) as JsonValue)
          : (parse(text, { maxAliasCount: 100 }) as JsonValue);
    } catch (error) {
      report(`$${kind}: ${target} could not be read: ${(error as Error).message}`);
      return value;
    }
  const entries = await Promise.all(
    keys.map(async (key) => [key, await substitute(value[key] as JsonValue, read, report)] as const),
  );
  return Object.fromEntries(entries);
}

function locatorOf(root: Node | null, counter: LineCounter): Locate {
  return (pointer) => {
    let node: unknown = root;
    let offset = root?.range?.[0] ?? 0;
    for (const key of fromPointer(pointer).slice(0, deepest)) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
        if (!pair) break;
        offset = (pair.key as Node).range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(key)];
        offset = (node as Node | undefined)?.range?.[0] ?? offset;
      } else break;
    }
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
}

/**
 * Reads the templates of a YAML file.
 *
 * @param read - reads a text by a path relative to the file
 */
export async function readTemplateFile(
  text: string,
  location: string,
  read: (path: string) => Promise<string>,
): Promise<{ documents: TemplateDocument[]; problems: Problem[] }> {
  const counter = new LineCounter();
  const problems: Problem[] = [];
  const parsed = parseAllDocuments(text, { lineCounter: counter, logLevel: 'silent', prettyErrors: false });
  const documents: TemplateDocument[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const error of document.errors) {
      const { line, col } = counter.linePos(error.pos[0]);
      problems.push({
        code: 'SCAFFOLDER_TEMPLATE_INVALID',
        severity: 'error',
        message: `The file is not YAML: ${error.message}.`,
        fix: 'Correct the YAML. A text that begins with ${{ is put in quotes if it has a colon or a # in it.',
        location,
        line,
        column: col,
      });
    }
    if (document.errors.length > 0) continue;
    let plain: JsonValue;
    try {
      plain = document.toJS({ maxAliasCount: 100 }) as JsonValue;
    } catch (error) {
      problems.push({
        code: 'SCAFFOLDER_TEMPLATE_INVALID',
        severity: 'error',
        message: `${(error as Error).message}.`,
        fix: 'Use fewer aliases.',
        location,
        line: 1,
        column: 1,
      });
      continue;
    }
    if (!isJsonObject(plain) || plain.kind !== 'Template') continue;
    const unread: Problem[] = [];
    const report = (message: string) =>
      unread.push({
        code: 'SCAFFOLDER_TEMPLATE_INVALID',
        severity: 'error',
        message: `${message}.`,
        fix: 'Correct the path, or add the file.',
        location,
        line: 1,
        column: 1,
      });
    const entity = (await substitute(plain, read, report)) as JsonObject;
    documents.push({ entity, locate: locatorOf(document.contents, counter), problems: unread });
  }
  return { documents, problems };
}
