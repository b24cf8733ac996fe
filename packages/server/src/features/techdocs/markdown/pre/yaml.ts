import { createRequire } from 'node:module';
import type { parse } from 'yaml';

const require = createRequire(import.meta.url);

/** Reads YAML in a page. The reader comes with the first page that has some: most have none, and somebody waits for the first. */
export const parseYaml = (text: string, maxAliasCount: number): unknown =>
  (require('yaml') as { parse: typeof parse }).parse(text, { version: '1.1', maxAliasCount, logLevel: 'silent' });
