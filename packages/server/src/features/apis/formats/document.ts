import type { Problem } from '@callboard/model';
import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { isObject, type Json } from './json.ts';
import { limits } from './definition.ts';

/** Schema and document text as a value, with what is wrong in it. */
export type ReadDocument = { value: unknown; language: 'json' | 'yaml'; fault?: Problem };

const yamlSchema = CORE_SCHEMA.withTags(mergeTag);

export const placeAt = (text: string, offset: number): { line: number; column: number } => {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
};

function jsonFault(text: string, error: Error): Problem {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  const place = placeAt(text, position === undefined ? text.length : Number(position));
  return {
    code: 'APIS_JSON_SYNTAX',
    severity: 'error',
    message: `JSON: ${error.message.replace(/ in JSON at position.*| \(line.*$/s, '')}.`,
    fix: 'Correct the JSON at this place.',
    ...place,
  };
}

/** Reads JSON or YAML. */
export function readDocument(text: string): ReadDocument {
  const isJson = /^\s*[{[]/.test(text);
  let fault: Problem | undefined;
  if (isJson)
    try {
      return { value: JSON.parse(text), language: 'json' };
    } catch (error) {
      fault = jsonFault(text, error as Error);
    }
  try {
    // Flow mappings of YAML look like JSON, so what is no JSON may still be right.
    return { value: load(text, { schema: yamlSchema, maxDepth: 1_000, maxAliases: 20_000 }), language: 'yaml' };
  } catch (error) {
    if (fault) return { value: undefined, language: 'json', fault };
    if (!(error instanceof YAMLException)) throw error;
    const { line = 0, column = 0 } = error.mark ?? {};
    return {
      value: undefined,
      language: 'yaml',
      fault: {
        code: 'APIS_YAML_SYNTAX',
        severity: 'error',
        message: `YAML: ${error.reason}.`,
        fix: 'Correct the YAML at this place.',
        line: line + 1,
        column: column + 1,
      },
    };
  }
}

/** A document whose parts refer to each other. */
export type Linked = {
  root: Json;
  text: string;
  problems: Problem[];
  /** The object itself, or what its `$ref` leads to; undefined when that is nothing, which is noted. */
  follow(value: unknown): Json | undefined;
  /** What a local reference leads to. */
  find(ref: string): unknown;
  /** Notes a problem once; `needle` is text that stands at its place. */
  note(problem: Omit<Problem, 'severity'> & { severity?: Problem['severity'] }, needle?: string): void;
  /** Notes a reference that leads nowhere. */
  noteMissing(ref: string): void;
};

const unescape = (segment: string) => {
  const plain = segment.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
};

/** The value at a JSON pointer such as `/components/schemas/Port`. */
function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const segment of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = unescape(segment);
    value = Object.hasOwn(value, key) ? (value as Json)[key] : undefined;
  }
  return value;
}

export function linkDocument(root: Json, text: string): Linked {
  const problems: Problem[] = [];
  const noted = new Set<string>();
  const linked: Linked = {
    root,
    text,
    problems,
    find: (ref) => (ref === '#' ? root : ref.startsWith('#/') ? valueAt(root, ref.slice(1)) : undefined),
    note(problem, needle) {
      const key = `${problem.code} ${problem.message}`;
      if (noted.has(key) || problems.length >= limits.problems) return;
      noted.add(key);
      const offset = needle === undefined ? -1 : text.indexOf(needle);
      problems.push({ severity: 'warning', ...problem, ...(offset !== -1 && placeAt(text, offset)) });
    },
    noteMissing(ref) {
      const isLocal = ref.startsWith('#');
      linked.note(
        {
          code: isLocal ? 'APIS_REFERENCE_MISSING' : 'APIS_REFERENCE_OUTSIDE',
          message: isLocal
            ? `Nothing stands at ${ref.slice(0, 200)}.`
            : `${ref.slice(0, 200)} is another document, which is not part of this definition.`,
          fix: isLocal
            ? 'Correct the reference, or add what it names.'
            : 'Join the files into one definition: $openapi and $asyncapi in the descriptor do it when it is read.',
        },
        ref,
      );
    },
    follow(value) {
      let current = value;
      for (let hop = 0; hop < 20; hop += 1) {
        if (!isObject(current)) return undefined;
        const ref = current['$ref'];
        if (typeof ref !== 'string') return current;
        const next = linked.find(ref);
        if (next === undefined) {
          linked.noteMissing(ref);
          return undefined;
        }
        current = next;
      }
      linked.note({
        code: 'APIS_REFERENCE_CIRCLE',
        message: 'A reference leads back to itself.',
        fix: 'Let the reference name the thing itself.',
      });
      return undefined;
    },
  };
  return linked;
}
