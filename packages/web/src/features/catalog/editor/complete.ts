import type { JsonObject } from '@callboard/model';
import type { KindSchema } from './api.ts';

/** Where the cursor stands in a document: the keys above it, and whether a key or a value is being written. */
export type Place = {
  path: string[];
  writing: 'key' | 'value';
  /** what stands there already, up to the cursor */
  written: string;
  kind?: string;
  type?: string;
  /** keys that the same map has already */
  siblings: string[];
};

/** A word that may stand at a place. */
export type Proposal = { word: string; detail?: string; info?: string; isKey: boolean; isNeeded?: boolean };

const indentOf = (line: string) => /^[ ]*/.exec(line)![0].length;
const entry = /^(\s*)((?:- )*)(["']?)([\w.$/-]+)\3:(?:\s+(.*))?$/;

/** The lines of the document around a line: from one separator to the next. */
function documentAround(lines: string[], at: number): { lines: string[]; at: number } {
  const isSeparator = (line: string) => /^(---|\.\.\.)(\s|$)/.test(line);
  let start = at;
  while (start > 0 && !isSeparator(lines[start - 1]!)) start -= 1;
  let end = at + 1;
  while (end < lines.length && !isSeparator(lines[end]!)) end += 1;
  return { lines: lines.slice(start, end), at: at - start };
}

const scalarOf = (lines: string[], key: RegExp) =>
  lines.map((line) => key.exec(line)?.[1]?.replaceAll(/["']/g, '').trim()).find(Boolean);

/** Where a key of a line begins, past the dashes of a list. */
const keyIndent = (line: string) => {
  const found = entry.exec(line);
  return found ? found[1]!.length + found[2]!.length : indentOf(line);
};

/**
 * Tells what is being written at a place of a text, by indentation, so that it also works while the text is not valid.
 *
 * @param line - counted from 0
 * @param column - characters before the cursor
 */
export function placeAt(text: string, line: number, column: number): Place {
  const all = text.split('\n');
  const { lines, at } = documentAround(all, line);
  const before = (lines[at] ?? '').slice(0, column);
  const kind = scalarOf(lines, /^kind:\s*(\S+)/);
  const type = scalarOf(lines, /^ {1,8}type:\s*(\S+)/);
  const common = { ...(kind !== undefined && { kind }), ...(type !== undefined && { type }) };
  const value = /^(\s*(?:- )*)(["']?)([\w.$/-]+)\2:\s+(?:\[(?:.*,)?\s*)?["']?([^"',[\]]*)$/.exec(before);
  const item = /^(\s*)- ["']?([^"']*)$/.exec(before);
  const own = value ? value[1]!.length : indentOf(before) + (/^\s*(- )+/.exec(before)?.[0].trimStart().length ?? 0);
  const path: string[] = [];
  let indent = own;
  // Items of a list may stand at the same indentation as the key above them.
  let isItem = /^\s*- /.test(before);
  let dash = indentOf(before);
  for (let index = at - 1; index >= 0; index -= 1) {
    const found = entry.exec(lines[index]!);
    if (!found) continue;
    const here = keyIndent(lines[index]!);
    const isParent = isItem ? here <= dash && found[2] === '' : here < indent;
    if (!isParent) {
      if (!isItem && here === indent && found[2] !== '') {
        isItem = true;
        dash = found[1]!.length;
      }
      continue;
    }
    path.unshift(found[4]!);
    indent = here;
    isItem = found[2] !== '';
    dash = found[1]!.length;
    if (indent === 0) break;
  }
  if (value) return { path: [...path, value[3]!], writing: 'value', written: value[4]!, siblings: [], ...common };
  if (item && path.join('/') !== 'metadata/links' && !/:(\s|$)/.test(item[2]!))
    return { path, writing: 'value', written: item[2]!, siblings: [], ...common };
  return {
    path,
    writing: 'key',
    written: before.trimStart().replace(/^(- )+/, ''),
    siblings: siblingsOf(lines, at, own),
    ...common,
  };
}

function siblingsOf(lines: string[], at: number, indent: number): string[] {
  const found: string[] = [];
  const collect = (step: 1 | -1) => {
    for (let index = at + step; index >= 0 && index < lines.length; index += step) {
      const text = lines[index]!;
      if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
      const here = keyIndent(text);
      if (here < indent) return;
      const key = entry.exec(text)?.[4];
      if (here === indent && key !== undefined) found.push(key);
    }
  };
  collect(-1);
  collect(1);
  return found;
}

const envelope: Record<string, string> = {
  apiVersion: 'Version of the format, such as backstage.io/v1alpha1',
  kind: 'What it is',
  metadata: 'Name, title, description, tags, links',
  spec: 'What the kind defines',
};
const metadata: Record<string, string> = {
  name: 'Unique within its kind and namespace',
  title: 'What people call it',
  description: 'What it is, in a sentence',
  namespace: 'default when absent',
  labels: 'Short words for tools',
  annotations: 'Facts for tools',
  tags: 'Words to filter by',
  links: 'Where to go: dashboard, runbook, chat',
};
const link: Record<string, string> = {
  url: 'Where it leads',
  title: 'What it is called',
  icon: 'Name of an icon',
  type: 'What sort of link',
};

const asKeys = (words: Record<string, string>, needed: string[] = []): Proposal[] =>
  Object.entries(words).map(([word, info]) => ({ word, info, isKey: true, isNeeded: needed.includes(word) }));

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema of a value, found by its path; lists are passed through. */
function schemaAt(schema: JsonObject | undefined, path: string[]): JsonObject | undefined {
  let here: unknown = schema;
  for (const key of path) {
    if (isObject(here) && isObject(here.items)) here = here.items;
    here = isObject(here) && isObject(here.properties) ? here.properties[key] : undefined;
  }
  if (isObject(here) && isObject(here.items)) here = here.items;
  return isObject(here) ? here : undefined;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** What the schema lets stand at a place. */
function bySchema(schema: JsonObject | undefined, place: Place): Proposal[] {
  const here = schemaAt(schema, place.path);
  if (!here) return [];
  if (place.writing === 'key') {
    const needed = Array.isArray(here.required) ? here.required : [];
    return Object.entries(isObject(here.properties) ? here.properties : {}).map(([word, property]) => {
      const info = textOf((property as JsonObject).description);
      return { word, isKey: true, isNeeded: needed.includes(word), ...(info !== undefined && { info }) };
    });
  }
  const values = Array.isArray(here.enum) ? here.enum : here.const !== undefined ? [here.const] : [];
  const examples = Array.isArray(here.examples) ? here.examples : [];
  const truth = here.type === 'boolean' ? [true, false] : [];
  return [...values, ...examples, ...truth].flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [{ word: String(value), isKey: false }]
      : [],
  );
}

/** Words that people use for fields which may hold any text. */
const habits: Record<string, string[]> = {
  'Component spec/type': ['service', 'website', 'library'],
  'API spec/type': ['openapi', 'asyncapi', 'graphql', 'grpc'],
  'Resource spec/type': ['database', 's3-bucket', 'queue', 'cluster'],
  'Group spec/type': ['team', 'business-unit', 'product-area', 'root'],
  'spec/lifecycle': ['experimental', 'production', 'deprecated'],
};

/** The kind that a place's document names. */
export const kindAt = (kinds: KindSchema[], place: Place): KindSchema | undefined =>
  kinds.find(({ kind }) => kind === place.kind);

/** What kinds of entities a field names; undefined for a field that names none. */
export function referenceAt(kinds: KindSchema[], place: Place): KindSchema['references'][number] | undefined {
  if (place.writing !== 'value' || place.path[0] !== 'spec') return undefined;
  const field = place.path.slice(1).join('.');
  return kindAt(kinds, place)?.references.find((reference) => reference.field === field);
}

/**
 * What may stand at a place, by the schemas that the portal itself checks descriptors with.
 *
 * @param annotations - names of annotations that other entities have
 */
export function proposalsAt(kinds: KindSchema[], place: Place, annotations: string[]): Proposal[] {
  const { path, writing } = place;
  const kind = kindAt(kinds, place);
  const joined = path.join('/');
  const open = (proposals: Proposal[]) => proposals.filter(({ word }) => !place.siblings.includes(word));
  if (writing === 'key') {
    if (joined === '') return open(asKeys(envelope, ['apiVersion', 'kind', 'metadata']));
    if (joined === 'metadata') return open(asKeys(metadata, ['name']));
    if (joined === 'metadata/links') return open(asKeys(link, ['url']));
    if (joined === 'metadata/annotations') return open(annotations.map((word) => ({ word, isKey: true })));
  }
  if (writing === 'value' && joined === 'kind')
    return [...new Map(kinds.map((each) => [each.kind, each])).values()].map(({ kind: word, description }) => ({
      word,
      isKey: false,
      ...(description !== undefined && { info: description }),
    }));
  if (writing === 'value' && joined === 'apiVersion')
    return [...new Set((kind ? [kind] : kinds).flatMap(({ apiVersions }) => apiVersions))].map((word) => ({
      word,
      isKey: false,
    }));
  const variant = kind?.variants.find(({ type }) => type === place.type);
  const found = bySchema(variant?.schema ?? kind?.schema, place);
  if (writing === 'key') return open(found);
  const usual = habits[`${place.kind} ${joined}`] ?? habits[joined] ?? [];
  const variants = joined === 'spec/type' ? (kind?.variants ?? []).map(({ type }) => type) : [];
  return [...found, ...[...variants, ...usual].map((word) => ({ word, isKey: false }))];
}
