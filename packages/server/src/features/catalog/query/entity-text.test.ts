import { expect, test } from 'vitest';
import { entityObject, entityText } from './entity-text.ts';

const known = {
  uid: 'u-1',
  etag: 'e"1',
  relations: [{ type: 'ownedBy', targetRef: 'group:default/a' }],
  status: [{ type: 'catalog', level: 'error' as const, message: 'broken' }],
};
const completed = {
  apiVersion: 'a/v1',
  kind: 'K',
  metadata: { uid: 'u-1', etag: 'e"1', name: 'n', annotations: { text: 'a "metadata":{ b' } },
  spec: { metadata: { name: 'other' } },
  relations: known.relations,
  status: { items: known.status },
};

test.each([
  [
    'the usual order',
    '{"apiVersion":"a/v1","kind":"K","metadata":{"name":"n","annotations":{"text":"a \\"metadata\\":{ b"}},"spec":{"metadata":{"name":"other"}}}',
  ],
  [
    'spec first',
    '{"spec":{"metadata":{"name":"other"}},"metadata":{"name":"n","annotations":{"text":"a \\"metadata\\":{ b"}},"apiVersion":"a/v1","kind":"K"}',
  ],
])('puts identity, relations and status into the stored text: %s', (_, body) => {
  expect(JSON.parse(entityText({ ...known, body }))).toEqual(completed);
  expect(entityObject({ ...known, body })).toEqual(completed);
});

test('text that looks like metadata is not taken for it', () => {
  const body = '{"spec":{"x":"\\\\"},"y":["\\"metadata\\":{",{"metadata":{}}],"kind":"K","metadata":{}}';
  expect(JSON.parse(entityText({ uid: 'u', etag: 'e', body }))).toEqual({
    ...JSON.parse(body),
    metadata: { uid: 'u', etag: 'e' },
  });
});

test('without relations and status nothing is added', () => {
  const body = '{"apiVersion":"a/v1","kind":"K","metadata":{"name":"n"}}';
  expect(entityText({ uid: 'u', etag: 'e', body, status: [] })).toBe(
    '{"apiVersion":"a/v1","kind":"K","metadata":{"uid":"u","etag":"e","name":"n"}}',
  );
});
