import type { JsonObject } from '@callboard/model';
import { expect, test } from 'vitest';
import { parseFields } from './fields.ts';

const entity: JsonObject = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'a',
    tags: ['x', 'y'],
    annotations: { 'backstage.io/techdocs-ref': 'dir:.', backstage: 'short', 'a.b': 'dotted' },
  },
  spec: { type: 'service', nested: { a: null, b: { c: 1 } }, ['__proto__']: { polluted: true } },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/a' }],
};

const pick = (...fields: string[]): unknown => JSON.parse(JSON.stringify(parseFields(fields)!.apply(entity)));

test('picks paths, subtrees and keys with dots', () => {
  expect(pick('kind,metadata.name')).toEqual({ kind: 'Component', metadata: { name: 'a' } });
  expect(pick('kind', 'metadata.name')).toEqual({ kind: 'Component', metadata: { name: 'a' } });
  expect(pick('spec.nested.b')).toEqual({ spec: { nested: { b: { c: 1 } } } });
  expect(pick('spec.nested.a')).toEqual({ spec: { nested: { a: null } } });
  expect(pick('relations')).toEqual({ relations: entity.relations });
  expect(pick('metadata.annotations.backstage.io/techdocs-ref')).toEqual({
    metadata: { annotations: { 'backstage.io/techdocs-ref': 'dir:.' } },
  });
  expect(pick('metadata.annotations.a.b')).toEqual({ metadata: { annotations: { 'a.b': 'dotted' } } });
  expect(pick('metadata.annotations.backstage')).toEqual({ metadata: { annotations: { backstage: 'short' } } });
});

test('a field within one that is kept whole changes nothing, in either order', () => {
  for (const fields of [
    ['metadata', 'metadata.name'],
    ['metadata.name', 'metadata'],
  ])
    expect(pick(...fields)).toEqual({ metadata: entity.metadata });
  expect(Object.keys(entity.metadata as JsonObject)).toEqual(['name', 'tags', 'annotations']);
});

test('what is not there is left out', () => {
  expect(
    pick('nothing', 'metadata.name.first', 'constructor', 'toString.name', 'metadata.tags.0', 'metadata.tags.length'),
  ).toEqual({});
  expect(parseFields([' , '])).toBeUndefined();
  expect(parseFields(undefined)).toBeUndefined();
});

test('prototypes are out of reach', () => {
  const kept = parseFields(['spec.__proto__.polluted'])!.apply(entity);
  expect(JSON.stringify(kept)).toBe('{"spec":{"__proto__":{"polluted":true}}}');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('refuses array items, too many and too long fields', () => {
  expect(() => parseFields(['metadata.tags[0]'])).toThrow(
    "Invalid field 'metadata.tags[0]': items of arrays cannot be picked",
  );
  expect(() => parseFields(Array.from({ length: 201 }, (_, index) => `f${index}`))).toThrow(
    "Invalid field 'f200': at most 200 fields are taken",
  );
  expect(() => parseFields(['x'.repeat(1001)])).toThrow('it is too long');
});
