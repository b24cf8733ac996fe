import { expect, test } from 'vitest';
import { compareVersions, satisfiesRange } from './ranges.ts';

test.each([
  ['1.4.2', '^1.0.0', true],
  ['2.0.0', '^1.0.0', false],
  ['0.2.0', '^0.1.3', false],
  ['0.1.9', '^0.1.3', true],
  ['0.0.4', '^0.0.3', false],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['19.3.1', '^19', true],
  ['19.3.1', '19.x', true],
  ['18.0.0', '18 || 19', true],
  ['20.0.0', '>=18 <20', false],
  ['19.9.9', '>= 18 < 20', true],
  ['1.4.0', '1.2 - 1.4', true],
  ['1.5.0', '1.2 - 1.4', false],
  ['3.0.0', '*', true],
  ['3.0.0', '>2', true],
  ['2.9.0', '>2', false],
  ['1.0.0', 'latest', undefined],
  ['nonsense', '^1', undefined],
])('%s within %s: %s', (version, range, expected) => {
  expect(satisfiesRange(version, range)).toBe(expected);
});

test('orders versions by number, prereleases before their release', () => {
  expect(['1.10.0', '1.2.0', '2.0.0', '2.0.0-rc.1'].sort(compareVersions)).toEqual([
    '1.2.0',
    '1.10.0',
    '2.0.0-rc.1',
    '2.0.0',
  ]);
});
