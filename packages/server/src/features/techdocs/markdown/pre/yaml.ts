import { createRequire } from 'node:module';
import type * as yaml from 'yaml';

const require = createRequire(import.meta.url);

/**
 * Reads YAML in a page, as strictly as MkDocs does: tags and keys that are no text are faults. The reader comes with the first page that
 * has some: most have none, and somebody waits for the first.
 *
 * @throws an error with what is wrong, and where
 */
export function parseYaml(text: string, maxAliasCount: number): unknown {
  const { isCollection, parseDocument, visit } = require('yaml') as typeof yaml;
  const document = parseDocument(text, { version: '1.1', logLevel: 'error', uniqueKeys: false });
  const [fault] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
  if (fault) throw fault;
  visit(document, {
    Pair(_key, { key }) {
      if (isCollection(key)) throw new Error('A key is a list or a map; braces need quotes');
    },
  });
  return document.toJS({ maxAliasCount });
}
