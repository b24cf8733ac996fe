import { expect, test } from 'vitest';
import { parseOrderFields, parseOrders } from './order.ts';

test('order fields', () => {
  expect(parseOrderFields(undefined)).toEqual([]);
  expect(parseOrderFields(['metadata.Name,asc', 'spec.type,desc', 'kind', 'METADATA.name,desc'])).toEqual([
    { field: 'metadata.name', order: 'asc' },
    { field: 'spec.type', order: 'desc' },
    { field: 'kind', order: 'asc' },
  ]);
  expect(() => parseOrderFields(['a,up'])).toThrow("Invalid order 'a,up'");
  expect(() => parseOrderFields([',asc'])).toThrow("Invalid order ''");
  expect(() => parseOrderFields(['a,asc,b'])).toThrow("Invalid order 'a,asc,b'");
  expect(() => parseOrderFields(Array.from({ length: 11 }, (_, index) => `a${index},asc`))).toThrow(
    "Invalid order '11 fields'",
  );
});

test('orders of the older endpoint', () => {
  expect(parseOrders(['asc:kind', 'desc:metadata.annotations.a:b'])).toEqual([
    { field: 'kind', order: 'asc' },
    { field: 'metadata.annotations.a:b', order: 'desc' },
  ]);
  expect(() => parseOrders(['kind'])).toThrow("Invalid order 'kind'");
  expect(() => parseOrders(['asc:'])).toThrow("Invalid order ''");
});
