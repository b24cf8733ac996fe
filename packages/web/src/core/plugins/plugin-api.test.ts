import { expect, test } from 'vitest';
import { addressOfRoute } from './plugin-api.ts';

test.each([
  ['/ships', '/api/plugins/quay/ships'],
  ['ships/7?late=yes', '/api/plugins/quay/ships/7?late=yes'],
  ['//example.com/x', '/api/plugins/quay/example.com/x'],
])('%s stays with the plugin', (path, address) => {
  expect(addressOfRoute('quay', path)).toBe(address);
});

test.each(['../other/ships', '/../../catalog/entities', 'a/%2e%2e/../../x', 'https://example.com/'])(
  '%s is no route of it',
  (path) => {
    expect(() => addressOfRoute('quay', path)).toThrow(`${path} is no route of the plugin quay`);
  },
);
