import { expect, test } from 'vitest';
import { pageAt, pathOfPage } from './page-path.ts';

const plugins = [
  { id: 'quay', contributes: { pages: [{ id: 'berths' }, { id: 'log', path: '/harbour-log' }] } },
  { id: 'news', contributes: { pages: [{ id: 'old', path: '/harbour-log/old' }] } },
  { id: 'bare', contributes: {} },
];

test.each([
  ['/plugins/quay/berths', 'quay', 'berths', ''],
  ['/plugins/quay/berths/north/7', 'quay', 'berths', 'north/7'],
  ['/harbour-log', 'quay', 'log', ''],
  ['/harbour-log/older', 'quay', 'log', 'older'],
  ['/harbour-log/old/3', 'news', 'old', '3'],
])('%s is a page of %s', (pathname, plugin, id, rest) => {
  const found = pageAt(plugins, pathname);
  expect([found?.plugin, found?.page.id, found?.rest]).toEqual([plugin, id, rest]);
});

test.each(['/plugins/quay', '/plugins/quay/berthsx', '/harbour-logs', '/'])('%s is no page of a plugin', (pathname) => {
  expect(pageAt(plugins, pathname)).toBeUndefined();
});

test('a page is at the address that it declares', () => {
  expect([pathOfPage('quay', { id: 'a' }), pathOfPage('quay', { id: 'a', path: '/b' })]).toEqual([
    '/plugins/quay/a',
    '/b',
  ]);
});
