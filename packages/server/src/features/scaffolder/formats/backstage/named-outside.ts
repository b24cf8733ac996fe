import { posix } from 'node:path';
import { isJsonObject, type JsonValue } from '@callboard/model';
import { parseAllDocuments } from 'yaml';

const placeholders = ['$yaml', '$json', '$text'];

const isOutside = (path: string) => !path.includes('${{') && !URL.canParse(path) && path.startsWith('../');

function* named(value: JsonValue | undefined, isInput = false): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* named(item, isInput);
  if (!isJsonObject(value)) return;
  for (const [key, item] of Object.entries(value))
    if (typeof item !== 'string') yield* named(item, isInput || key === 'input');
    else if (placeholders.includes(key) || (isInput && key === 'url')) yield item;
}

/**
 * What a template names outside its own folder: files that it puts into itself, and what its steps fetch. Relative to the template's file,
 * each once.
 */
export function namedOutside(text: string): string[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false });
  const found = new Set<string>();
  for (const document of Array.isArray(documents) ? documents : []) {
    if (document.errors.length > 0) continue;
    for (const path of named(document.toJS({ maxAliasCount: 100 }) as JsonValue)) {
      const plain = posix.normalize(path);
      if (isOutside(plain)) found.add(plain);
    }
  }
  return [...found];
}
