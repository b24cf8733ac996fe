import type { Linked } from './document.ts';
import { isObject, type Json, listOf } from './json.ts';

const byFormat: Record<string, string> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  email: 'name@example.org',
  uuid: '00000000-0000-4000-8000-000000000000',
  uri: 'https://example.org/',
  url: 'https://example.org/',
  hostname: 'host.example.org',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'aGVsbG8=',
  duration: 'PT1H',
};

function scalar(type: unknown, schema: Json): unknown {
  if (type === 'integer' || type === 'number') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return byFormat[String(schema['format'])] ?? 'string';
}

/** A value that fits a schema: its example where it has one, else something of the right shape. */
export function sampleOf(linked: Linked, start: unknown, options: { forRequest?: boolean } = {}): unknown {
  let left = 300;

  function object(schema: Json, depth: number, open: ReadonlySet<unknown>): Json {
    const found: Json = {};
    for (const part of listOf(schema['allOf'])) {
      const value = make(part, depth + 1, open);
      if (isObject(value)) Object.assign(found, value);
    }
    for (const [name, value] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {})) {
      const property = isObject(value) && typeof value['$ref'] === 'string' ? linked.find(value['$ref']) : value;
      if (options.forRequest && isObject(property) && property['readOnly'] === true) continue;
      const made = make(value, depth + 1, open);
      if (made !== undefined) found[name] = made;
    }
    return found;
  }

  function make(value: unknown, depth: number, open: ReadonlySet<unknown>): unknown {
    left -= 1;
    if (depth > 8 || left < 0 || !isObject(value)) return undefined;
    if (typeof value['$ref'] === 'string') {
      const target = linked.find(value['$ref']);
      return open.has(target) ? undefined : make(target, depth + 1, new Set([...open, target]));
    }
    const { example, examples, default: preset, enum: values } = value;
    if (example !== undefined) return example;
    if (Array.isArray(examples) && examples.length > 0) return examples[0];
    if (value['const'] !== undefined) return value['const'];
    if (preset !== undefined) return preset;
    if (Array.isArray(values) && values.length > 0) return values[0];
    const [choice] = [...listOf(value['oneOf']), ...listOf(value['anyOf'])].filter(
      (each) => !(isObject(each) && each['type'] === 'null'),
    );
    if (choice !== undefined && !isObject(value['properties'])) return make(choice, depth + 1, open);
    const type: unknown = Array.isArray(value['type']) ? value['type'].find((each) => each !== 'null') : value['type'];
    if (type === 'array' || (type === undefined && value['items'] !== undefined)) {
      const item = make(value['items'], depth + 1, open);
      return item === undefined ? [] : [item];
    }
    if (type === 'object' || isObject(value['properties']) || value['allOf'] !== undefined)
      return object(value, depth, open);
    return type === undefined ? undefined : scalar(type, value);
  }

  return make(start, 0, new Set());
}
