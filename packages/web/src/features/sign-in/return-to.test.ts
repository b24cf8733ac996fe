import { expect, test } from 'vitest';
import { safeReturn, signInAddress } from './return-to.ts';

const origin = 'https://portal.example.com';

test.for([
  ['/catalog?kind=api#x', '/catalog?kind=api#x'],
  [null, '/'],
  ['', '/'],
  ['catalog', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/%2f/evil.example', '/%2f/evil.example'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?returnTo=/', '/'],
  ['/x/..//evil.example', '/'],
] as const)('%s leads to %s', ([wanted, found]) => {
  expect(safeReturn(wanted, origin)).toBe(found);
});

test('names the page to come back to', () => {
  expect(signInAddress('/')).toBe('/sign-in');
  expect(signInAddress('/sign-in/setup')).toBe('/sign-in');
  expect(safeReturn(new URL(signInAddress('/docs?a=b&c=d#e'), origin).searchParams.get('returnTo'), origin)).toBe(
    '/docs?a=b&c=d#e',
  );
});
