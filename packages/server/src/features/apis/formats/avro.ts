import type { ApiField, ApiOperation, ApiSchema, ApiType } from '@callboard/model';
import { createGroups, createIds, type Definition, emptyDefinition, limits } from './definition.ts';
import { factsOf, filled, isObject, type Json, listOf, objectOf, showValue, textOf } from './json.ts';

const primitive = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

/** Reads an Avro schema (.avsc) or protocol (.avpr). */
export function readAvro(root: unknown): Definition {
  const definition = emptyDefinition('avro', 'json');
  const types = new Map<string, ApiType>();
  const asked = new Set<string>();
  let nodes = 0;

  const fullName = (name: string, space: string | undefined) =>
    name.includes('.') || !space ? name : `${space}.${name}`;

  function read(value: unknown, space: string | undefined, depth: number): ApiSchema {
    nodes += 1;
    if (depth > limits.depth || nodes > limits.nodes) {
      definition.leftOut = 'The schema is larger or deeper than what is shown; the text has all of it.';
      return { type: '…' };
    }
    if (typeof value === 'string') {
      if (primitive.has(value)) return { type: value };
      const ref = fullName(value, space);
      asked.add(ref);
      return { type: value, ref };
    }
    if (Array.isArray(value)) return union(value, space, depth);
    if (!isObject(value)) return { type: 'unknown' };
    const type = value['type'];
    if (typeof type !== 'string') return read(type, space, depth + 1);
    if (type === 'record' || type === 'error' || type === 'enum' || type === 'fixed')
      return named(value, type, space, depth);
    if (type === 'array' || type === 'map') {
      const inner = read(value[type === 'array' ? 'items' : 'values'], space, depth + 1);
      return filled({
        type: `${type} of ${inner.type}`,
        ref: inner.ref,
        inner: inner.choices || inner.rules ? inner : undefined,
      }) as ApiSchema;
    }
    const logical = textOf(value['logicalType']);
    const rules = [
      logical,
      value['precision'] && `precision ${showValue(value['precision'])}`,
      value['scale'] && `scale ${showValue(value['scale'])}`,
    ];
    return filled({
      ...read(type, space, depth + 1),
      rules: rules.filter((each): each is string => typeof each === 'string'),
    }) as ApiSchema;
  }

  function union(value: unknown[], space: string | undefined, depth: number): ApiSchema {
    const read1 = (each: unknown) => read(each, space, depth + 1);
    const others = value.filter((each) => each !== 'null');
    if (others.length === 1) {
      const only = read1(others[0]);
      return value.length > 1 ? { ...only, type: `${only.type} or null` } : only;
    }
    const nullable = others.length < value.length ? ' or null' : '';
    return {
      type: `one of ${others.length}${nullable}`,
      choices: [{ word: 'one of', of: others.slice(0, 200).map(read1) }],
    };
  }

  function named(value: Json, what: string, outer: string | undefined, depth: number): ApiSchema {
    const id = fullName(textOf(value['name']) ?? 'unnamed', textOf(value['namespace']) ?? outer);
    const space = id.includes('.') ? id.slice(0, id.lastIndexOf('.')) : undefined;
    const name = id.slice(id.lastIndexOf('.') + 1);
    if (!types.has(id)) {
      const schema: ApiSchema = { type: what };
      types.set(id, { id, name, what, schema });
      Object.assign(
        schema,
        filled({
          description: textOf(value['doc']),
          rules: what === 'fixed' ? [`${showValue(value['size'])} bytes`] : [],
          values: what === 'enum' ? listOf(value['symbols']).map((symbol) => ({ value: showValue(symbol) })) : [],
          default: what === 'enum' ? textOf(value['default']) : undefined,
          fields: what === 'enum' || what === 'fixed' ? [] : fieldsOf(value['fields'], space, depth),
        }),
      );
    }
    return { type: name, ref: id };
  }

  const fieldsOf = (value: unknown, space: string | undefined, depth: number): ApiField[] =>
    listOf(value)
      .filter(isObject)
      .map((field) => {
        const schema = read(field['type'], space, depth + 1);
        const aliases = listOf(field['aliases']).map(String).join(', ');
        return filled({
          name: textOf(field['name']) ?? '?',
          ...schema,
          description: textOf(field['doc']) ?? schema.description,
          rules: [...(schema.rules ?? []), ...(aliases ? [`also known as ${aliases}`] : [])],
          default: field['default'] === undefined ? undefined : showValue(field['default']),
          ...(field['default'] === undefined && { required: true as const }),
        }) as ApiField;
      });

  const operations: (ApiOperation & { group: number })[] = [];
  const groups = createGroups();
  const protocol = isObject(root) ? textOf(root['protocol']) : undefined;
  if (isObject(root) && protocol !== undefined) {
    const space = textOf(root['namespace']);
    for (const type of listOf(root['types'])) read(type, space, 0);
    const ids = createIds();
    for (const [name, value] of Object.entries(objectOf(root['messages']))) {
      const message = objectOf(value);
      operations.push({
        ...filled({ id: ids(name), verb: 'message', name, description: textOf(message['doc']) }),
        group: groups.place(protocol),
        facts: [],
        sections: [
          { kind: 'request', title: 'Request', fields: fieldsOf(message['request'], space, 0) },
          {
            kind: 'response',
            title: 'Answer',
            contents: [{ schema: read(message['response'] ?? 'null', space, 0), examples: [] }],
          },
        ],
      });
    }
  } else if (Array.isArray(root)) for (const each of root) read(each, undefined, 0);
  else read(root, undefined, 0);

  for (const id of asked)
    if (!types.has(id) && definition.found.length < limits.problems)
      definition.found.push({
        code: 'APIS_REFERENCE_MISSING',
        severity: 'warning',
        message: `The type ${id} is not defined.`,
        fix: 'Define it in the same schema, or correct the name.',
      });
  if (types.size === 0 && operations.length === 0)
    definition.found.push({
      code: 'APIS_NOTHING_OFFERED',
      severity: 'warning',
      message: 'The schema defines no record.',
      fix: 'Put an Avro schema in JSON into the definition.',
    });
  const top = isObject(root) ? root : {};
  return {
    ...definition,
    title: protocol ?? textOf(top['name']),
    description: textOf(top['doc']),
    facts: factsOf([['Namespace', top['namespace']]]),
    groups: groups.list,
    operations,
    types: [...types.values()],
  };
}
