import { expect, test } from 'vitest';
import type { EntityCursor } from './cursor.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

const cursor: EntityCursor = {
  orderFields: [{ field: 'metadata.name', order: 'asc' }],
  orderFieldValues: ['ünï', 'component:default/ünï'],
  predicate: { all: [{ key: 'kind', in: ['component'] }, { not: { key: 'a', exists: true } }] },
  fullTextFilter: { term: 'x', fields: ['metadata.name'] },
  isPrevious: true,
  firstSortFieldValues: [null, 'a:b/c'],
  totalItems: 12,
};

const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

test('a cursor survives the way to the client and back', () => {
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  const { predicate: _, ...plain } = cursor;
  expect(decodeCursor(encodeCursor(plain))).toEqual(plain);
});

test('clients can see whether a cursor holds a query', () => {
  expect('query' in (JSON.parse(atob(encodeCursor(cursor))) as object)).toBe(true);
});

const valid = { orderFields: [], orderFieldValues: ['a:b/c'], isPrevious: false };

test.each([
  ['!', 'it is not base64'],
  ['%00', 'it is not base64'],
  [base64('nonsense'), 'it does not hold JSON'],
  ['/////w==', 'it does not hold JSON'],
  [base64('null'), 'it must be object'],
  [base64([]), 'it must be object'],
  [base64({}), "it must have required property 'orderFields'"],
  [base64({ ...valid, extra: 1 }), 'it must NOT have additional properties'],
  [
    base64({ ...valid, orderFields: [{ field: 'a', order: 'up' }] }),
    '/orderFields/0/order must be equal to one of the allowed values',
  ],
  [base64({ ...valid, orderFieldValues: [] }), '/orderFieldValues must NOT have fewer than 1 items'],
  [base64({ ...valid, orderFieldValues: [{}] }), '/orderFieldValues/0 must be string'],
  [base64({ ...valid, orderFieldValues: ['a', 'b'] }), 'its values do not fit its order fields'],
  [base64({ ...valid, orderFieldValues: [null] }), 'its values do not fit its order fields'],
  [base64({ ...valid, firstSortFieldValues: ['a', 'b'] }), 'its values do not fit its order fields'],
  [base64({ ...valid, totalItems: -1 }), '/totalItems must be >= 0'],
  [base64({ ...valid, totalItems: 1.5 }), '/totalItems must be integer'],
  [base64({ ...valid, isPrevious: 'no' }), '/isPrevious must be boolean'],
  [base64({ ...valid, query: 'kind' }), '/query must be object'],
  [
    base64({ ...valid, fullTextFilter: { term: 'x'.repeat(1001) } }),
    '/fullTextFilter/term must NOT have more than 1000 characters',
  ],
])('refuses %s', (text, reason) => {
  expect(() => decodeCursor(text)).toThrow(
    expect.objectContaining({ status: 400, code: 'CATALOG_CURSOR_INVALID', message: `Malformed cursor: ${reason}` }),
  );
});

test('the query within a cursor is checked like one in a request', () => {
  expect(() => decodeCursor(base64({ ...valid, query: { $nor: [] } }))).toThrow(
    'Invalid query at /$nor: unknown operator "$nor"',
  );
});

test('characters that no database stores are replaced', () => {
  expect(decodeCursor(base64({ ...valid, orderFieldValues: ['a\0b'] })).orderFieldValues).toEqual(['a\uFFFDb']);
});
