import {
  type Fault,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type LocationRef,
  showValue,
  toPointer,
} from '@callboard/model';
import { stringify } from 'yaml';
import { bundle } from './bundle.ts';
import { decodeText } from './decode.ts';
import type { CodeHost } from './hosts.ts';
import { resolveReference, resolveWithin } from './place.ts';
import { readYaml, type YamlLimits } from './yaml.ts';

/** What has been read for the placeholders of one document file. */
export type Contents = Map<string, { bytes: Uint8Array } | { problem: string; fix?: string }>;

export type PlaceholderContext = {
  base: LocationRef;
  hosts: CodeHost[];
  contents: Contents;
  /** targets that must be read before the substitution is complete */
  needs: Set<string>;
  /** targets that the result depends on */
  dependencies: Set<string>;
  limits: YamlLimits & { placeholders: number };
};

const resolvers = new Set(['text', 'json', 'yaml', 'openapi', 'asyncapi']);

class PlaceholderProblem extends Error {
  override readonly name = 'PlaceholderProblem';
  readonly fix: string;
  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

const readTarget = (target: string, context: PlaceholderContext): string | undefined => {
  context.dependencies.add(target);
  const content = context.contents.get(target);
  if (!content) {
    if (context.contents.size + context.needs.size >= context.limits.placeholders)
      throw new PlaceholderProblem(
        `the document refers to more than ${context.limits.placeholders} files`,
        'Refer to fewer files from one document.',
      );
    context.needs.add(target);
    return undefined;
  }
  if ('problem' in content)
    throw new PlaceholderProblem(content.problem, content.fix ?? 'Correct the path, or add the file.');
  const decoded = decodeText(content.bytes);
  if ('binary' in decoded)
    throw new PlaceholderProblem(`${target} is not a text: it has ${decoded.binary}`, 'Refer to a text file in UTF-8.');
  return decoded.text;
};

const parseJson = (text: string, target: string): JsonValue => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new PlaceholderProblem(
      `${target} is not JSON: ${(error as Error).message}`,
      'Correct the JSON of that file.',
    );
  }
};

const parseYaml = (text: string, target: string, limits: YamlLimits): JsonValue => {
  const { documents, faults } = readYaml(text, limits);
  const fault = faults[0] ?? documents.flatMap((document) => document.faults)[0];
  if (fault)
    throw new PlaceholderProblem(
      `${target} is not YAML: line ${fault.line}, column ${fault.column}: ${fault.message}`,
      'Correct the YAML of that file.',
    );
  if (documents.length !== 1)
    throw new PlaceholderProblem(
      `${target} has ${documents.length} YAML documents, exactly one is expected`,
      'Keep one document in that file.',
    );
  return documents[0]!.value ?? null;
};

const isJsonName = (target: string) => /\.json$/i.test(target.replace(/[?#].*$/, ''));

const parseDefinition = (text: string, target: string, limits: YamlLimits) =>
  isJsonName(target) ? parseJson(text, target) : parseYaml(text, target, limits);

const bundled = (target: string, text: string, context: PlaceholderContext): string => {
  const result = bundle(parseDefinition(text, target, context.limits), target, {
    resolve: (reference, from) => resolveWithin(reference, from, context.base),
    file: (name) => {
      const inner = readTarget(name, context);
      return inner === undefined ? undefined : { value: parseDefinition(inner, name, context.limits) };
    },
    limits: { files: context.limits.placeholders, nodes: 1_000_000 },
  });
  if ('problem' in result)
    throw new PlaceholderProblem(
      `${target} cannot be put together: ${result.problem}`,
      'Correct the references of that file.',
    );
  return isJsonName(target)
    ? JSON.stringify(result.value, null, 2)
    : stringify(result.value, { aliasDuplicateObjects: false });
};

const resolveOne = (resolver: string, value: JsonValue, context: PlaceholderContext): JsonValue | undefined => {
  if (typeof value !== 'string')
    throw new PlaceholderProblem(
      'its value is not a string',
      'Give it an absolute URL or a path relative to this file.',
    );
  const resolved = resolveReference(value, context.base, context.hosts);
  if ('refused' in resolved)
    throw new PlaceholderProblem(
      `${value} may not be read: ${resolved.refused}`,
      'Refer to a file of the same repository, or copy its content there.',
    );
  const text = readTarget(resolved.target, context);
  if (text === undefined) return undefined;
  switch (resolver) {
    case 'text':
      return text;
    case 'json':
      return parseJson(text, value);
    case 'yaml':
      return parseYaml(text, value, context.limits);
    default:
      return bundled(resolved.target, text, context);
  }
};

/** Whether a text can contain a placeholder at all. */
export const mayHavePlaceholders = (text: string): boolean => /\$(?:text|json|yaml|openapi|asyncapi)\b/.test(text);

/**
 * Replaces every map whose only key is `$text`, `$json`, `$yaml`, `$openapi` or `$asyncapi` by what its value points at. What is put in is
 * not looked through again.
 *
 * @returns the document with all replacements that can be made, and a fault for each that cannot; `context.needs` names what to read before
 *   the next attempt
 */
export function substitute(
  document: JsonObject,
  context: PlaceholderContext,
): { document: JsonObject; faults: Fault[] } {
  const faults: Fault[] = [];
  const visit = (value: JsonValue, path: (string | number)[]): JsonValue => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (!isJsonObject(value)) return value;
    const keys = Object.keys(value);
    if (!keys.some((key) => key.startsWith('$')))
      return Object.fromEntries(keys.map((key) => [key, visit(value[key]!, [...path, key])]));
    const resolver = keys[0]!.slice(1);
    if (keys.length !== 1 || !resolvers.has(resolver)) return value;
    try {
      return resolveOne(resolver, value[keys[0]!]!, context) ?? value;
    } catch (error) {
      if (!(error instanceof PlaceholderProblem)) throw error;
      faults.push({
        code: 'CATALOG_DESCRIPTOR_PLACEHOLDER',
        message: `$${resolver} failed: ${error.message}.`,
        path: toPointer([...path, keys[0]!]),
        expected: 'the address or path of a file that can be read',
        found: showValue(value[keys[0]!]),
        fix: error.fix,
      });
      return value;
    }
  };
  return { document: visit(document, []) as JsonObject, faults };
}
