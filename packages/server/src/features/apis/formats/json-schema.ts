import type { ApiField, ApiSchema, ApiType } from '@callboard/model';
import { limits } from './definition.ts';
import type { Linked } from './document.ts';
import { filled, isObject, isTrue, type Json, listOf, showValue, textOf } from './json.ts';

/** Reads JSON Schema, in the versions and dialects that OpenAPI and AsyncAPI use. */
export type Schemas = {
  read(value: unknown): ApiSchema;
  /** The types of `sections`, and every other one that was referred to, in order of their names. */
  types(): ApiType[];
  /** Whether the definition was larger than what is read. */
  isCut(): boolean;
};

const nameOfRef = (ref: string) => decodeURIComponent(ref.split('/').at(-1) ?? ref).replaceAll('~1', '/');

const many = (value: unknown, one: string, more = `${one}s`) => `${showValue(value)} ${value === 1 ? one : more}`;

function rulesOf(schema: Json): string[] {
  const rules: string[] = [];
  const add = (key: string, words: (value: unknown) => string) => {
    if (schema[key] !== undefined && schema[key] !== null && schema[key] !== false) rules.push(words(schema[key]));
  };
  add('format', showValue);
  add('contentMediaType', showValue);
  add('contentEncoding', showValue);
  add('minLength', (value) => `at least ${many(value, 'character')}`);
  add('maxLength', (value) => `at most ${many(value, 'character')}`);
  const exclusive = (key: string) => schema[key] === true;
  add('minimum', (value) => `${exclusive('exclusiveMinimum') ? '>' : '≥'} ${showValue(value)}`);
  add('maximum', (value) => `${exclusive('exclusiveMaximum') ? '<' : '≤'} ${showValue(value)}`);
  if (typeof schema['exclusiveMinimum'] === 'number') rules.push(`> ${schema['exclusiveMinimum']}`);
  if (typeof schema['exclusiveMaximum'] === 'number') rules.push(`< ${schema['exclusiveMaximum']}`);
  add('multipleOf', (value) => `a multiple of ${showValue(value)}`);
  add('pattern', (value) => `pattern ${showValue(value)}`);
  add('minItems', (value) => `at least ${many(value, 'item')}`);
  add('maxItems', (value) => `at most ${many(value, 'item')}`);
  add('uniqueItems', () => 'no item twice');
  add('minProperties', (value) => `at least ${many(value, 'property', 'properties')}`);
  add('maxProperties', (value) => `at most ${many(value, 'property', 'properties')}`);
  if (schema['additionalProperties'] === false || schema['unevaluatedProperties'] === false)
    rules.push('no other properties');
  const { discriminator } = schema;
  const tells =
    typeof discriminator === 'string' ? discriminator : isObject(discriminator) && discriminator['propertyName'];
  if (tells) rules.push(`${showValue(tells)} says which`);
  return rules;
}

function valuesOf(schema: Json): ApiSchema['values'] {
  const values = schema['const'] === undefined ? listOf(schema['enum']) : [schema['const']];
  const told = schema['x-enum-descriptions'] ?? schema['x-enumDescriptions'];
  return values.slice(0, 500).map((value, index) => {
    const description = textOf(Array.isArray(told) ? told[index] : isObject(told) ? told[String(value)] : undefined);
    return { value: showValue(value), ...(description && { description }) };
  });
}

const typesOf = (schema: Json): string[] =>
  listOf(schema['type'] ?? [])
    .concat(textOf(schema['type']) ?? [])
    .map(String);

/** The type in one word, from what is said or from what else only makes sense for it. */
function wordOf(schema: Json): string {
  const types = typesOf(schema);
  const named = types.filter((type) => type !== 'null');
  if (named.length > 0) return named.join(' or ');
  if (types.length > 0) return 'null';
  if (isObject(schema['properties']) || isObject(schema['additionalProperties'])) return 'object';
  if (schema['items'] !== undefined || schema['prefixItems'] !== undefined) return 'array';
  const values = schema['const'] === undefined ? listOf(schema['enum']) : [schema['const']];
  const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (kinds.size > 0) return [...kinds].join(' or ');
  if (schema['allOf'] !== undefined) return 'object';
  return 'any';
}

/** A schema that says nothing but a name needs no box of its own. */
const isPlain = (schema: ApiSchema) =>
  !schema.fields && !schema.inner && !schema.choices && !schema.values && !schema.rules && !schema.description;

const isNull = (schema: unknown) => isObject(schema) && schema['type'] === 'null' && Object.keys(schema).length === 1;

/**
 * @param sections - where named schemas stand, such as `#/components/schemas`
 */
export function createSchemas(linked: Linked, sections: string[]): Schemas {
  const wanted = new Map<string, { id: string; name: string }>();
  const ids = new Set<string>();
  let nodes = 0;
  let isCut = false;

  const isNamed = (ref: string) =>
    sections.some((section) => ref.startsWith(`${section}/`) && !ref.slice(section.length + 1).includes('/'));

  const register = (ref: string): string => {
    const known = wanted.get(ref);
    if (known) return known.id;
    const name = nameOfRef(ref).slice(0, 200);
    const id = isNamed(ref) && !ids.has(name) ? name : ref;
    ids.add(id);
    wanted.set(ref, { id, name });
    return id;
  };

  // References into the middle of the document, which joining files leaves behind, name nothing: what they lead to stands in their place.
  const open = new Set<string>();
  const inPlace = (ref: string, target: unknown, depth: number): ApiSchema | undefined => {
    if (isNamed(ref) || open.has(ref) || wanted.has(ref)) return undefined;
    open.add(ref);
    try {
      return read(target, depth + 1);
    } finally {
      open.delete(ref);
    }
  };

  const reference = (ref: string, schema: Json, depth: number): ApiSchema => {
    const common = filled({ description: textOf(schema['description']), deprecated: isTrue(schema['deprecated']) });
    const target = linked.find(ref);
    if (target === undefined) {
      linked.noteMissing(ref);
      return { type: nameOfRef(ref), missing: true, ...common };
    }
    const written = inPlace(ref, target, depth);
    if (written) return { ...written, ...common };
    const id = register(ref);
    return { type: wanted.get(ref)!.name, ref: id, ...common };
  };

  function fieldsOf(schema: Json, depth: number): ApiField[] {
    const required = new Set(listOf(schema['required']));
    const fields: ApiField[] = [];
    for (const [name, value] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {}))
      fields.push({
        name,
        ...read(value, depth + 1),
        // Swagger 2 drafts said it at the property itself.
        ...((required.has(name) || (isObject(value) && value['required'] === true)) && { required: true as const }),
      });
    for (const [pattern, value] of Object.entries(
      isObject(schema['patternProperties']) ? schema['patternProperties'] : {},
    ))
      fields.push({ name: `/${pattern}/`, ...read(value, depth + 1) });
    return fields;
  }

  /** What all of several schemas say together: their own fields in one list, their references by name. */
  function together(schema: Json, depth: number): { fields: ApiField[]; parts: ApiSchema[] } {
    const fields: ApiField[] = [];
    const parts: ApiSchema[] = [];
    for (const each of listOf(schema['allOf'])) {
      const part = read(each, depth + 1);
      if (part.fields && !part.choices && !part.ref) fields.push(...part.fields);
      else if (part.ref || part.missing || !isPlain(part)) parts.push(part);
    }
    return { fields, parts };
  }

  function choicesOf(schema: Json, parts: ApiSchema[], depth: number): NonNullable<ApiSchema['choices']> {
    const choices: NonNullable<ApiSchema['choices']> = [];
    const add = (word: string, values: unknown[]) => {
      if (values.length > 0) choices.push({ word, of: values.slice(0, 200).map((each) => read(each, depth + 1)) });
    };
    if (parts.length > 0) choices.push({ word: 'all of', of: parts });
    add(
      'one of',
      listOf(schema['oneOf']).filter((each) => !isNull(each)),
    );
    add(
      'any of',
      listOf(schema['anyOf']).filter((each) => !isNull(each)),
    );
    add('in this order', listOf(schema['prefixItems']));
    for (const word of ['not', 'if', 'then', 'else']) if (isObject(schema[word])) add(word, [schema[word]]);
    return choices;
  }

  function innerOf(schema: Json, depth: number): { word: string; inner: ApiSchema } | undefined {
    if (isObject(schema['items']) || schema['items'] === true)
      return { word: 'array of', inner: read(schema['items'], depth + 1) };
    if (isObject(schema['additionalProperties']) && Object.keys(schema['additionalProperties']).length > 0)
      return { word: 'map of', inner: read(schema['additionalProperties'], depth + 1) };
    return undefined;
  }

  function read(value: unknown, depth = 0): ApiSchema {
    if (value === false) return { type: 'nothing' };
    if (!isObject(value)) return { type: 'any' };
    nodes += 1;
    if (depth > limits.depth || nodes > limits.nodes) {
      isCut = true;
      return { type: '… not shown: too deep or too much' };
    }
    if (typeof value['$ref'] === 'string') return reference(value['$ref'], value, depth);
    const { fields: more, parts } = together(value, depth);
    const fields = [...more, ...fieldsOf(value, depth)];
    const choices = choicesOf(value, parts, depth);
    const isNullable =
      value['nullable'] === true ||
      value['x-nullable'] === true ||
      typesOf(value).includes('null') ||
      [...listOf(value['oneOf']), ...listOf(value['anyOf'])].some(isNull);
    const found = innerOf(value, depth);
    const [only] = choices.length === 1 ? choices[0]!.of : [];
    // A wrapper around one thing, to describe it or to let it be null, is that thing.
    const isWrapper =
      only !== undefined &&
      choices[0]!.of.length === 1 &&
      fields.length === 0 &&
      !['not', 'if'].includes(choices[0]!.word);
    const base = isWrapper ? only.type : found ? `${found.word} ${found.inner.type}` : wordOf(value);
    const word = choices.length > 0 && base === 'any' ? choices[0]!.word : base;
    const examples = [value['example'], ...listOf(value['examples'])].filter((each) => each !== undefined);
    return filled({
      ...(isWrapper ? only : {}),
      type: isNullable && word !== 'null' ? `${word} or null` : word,
      ref: isWrapper ? only.ref : found?.inner.ref,
      missing: isWrapper ? only.missing : found?.inner.missing,
      description: textOf(value['description']) ?? textOf(value['title']),
      rules: rulesOf(value),
      values: valuesOf(value),
      default: value['default'] === undefined ? undefined : showValue(value['default']),
      examples: examples.slice(0, 3).map(showValue),
      deprecated: isTrue(value['deprecated']),
      access:
        value['readOnly'] === true
          ? ('read only' as const)
          : value['writeOnly'] === true
            ? ('write only' as const)
            : undefined,
      fields: isWrapper ? only.fields : fields,
      inner: isWrapper ? only.inner : found && !isPlain(found.inner) ? found.inner : undefined,
      choices: isWrapper ? only.choices : choices,
    }) as ApiSchema;
  }

  return {
    read,
    isCut: () => isCut,
    types() {
      for (const section of sections) {
        const named = linked.find(section);
        if (isObject(named))
          for (const name of Object.keys(named))
            register(`${section}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      }
      const types: ApiType[] = [];
      // A type may name others that nobody has named before: the map grows while it is walked.
      for (const [ref, { id, name }] of wanted) {
        if (types.length >= limits.types) {
          isCut = true;
          break;
        }
        const schema = read(linked.find(ref));
        types.push({ id, name, what: schema.values && !schema.fields ? 'enum' : schema.type, schema });
      }
      return types.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
    },
  };
}
