import { describe, expect, test } from 'vitest';
import { brokenPath, docsBase, keyOf, pageAt, pageHref, refOf, similarPages, tabBase } from './address.ts';

const key = { namespace: 'default', kind: 'component', name: 'ledger' };

describe('addresses of documents', () => {
  test('name the entity and the page', () => {
    expect(refOf(key)).toBe('component:default/ledger');
    expect(keyOf('component:default/ledger')).toEqual(key);
    expect(pageHref(docsBase(key), '')).toBe('/docs/default/component/ledger');
    expect(pageHref(docsBase(key), 'a b/c', 'v1/x', '#d')).toBe(
      '/docs/default/component/ledger/a%20b/c?version=v1%2Fx#d',
    );
    expect(pageHref(tabBase(key), 'guides/')).toBe('/catalog/default/component/ledger/docs/guides');
  });

  test.each([
    ['/docs/default/component/ledger', { key, path: '', hash: '' }],
    ['/docs/Default/Component/Ledger/guides/index.html', { key, path: 'guides', hash: '' }],
    ['/docs/default/component/ledger/a%20b/?version=v1#c', { key, path: 'a b', version: 'v1', hash: '#c' }],
    ['/docs/default/component/ledger/%E0%A4', { key, path: '%E0%A4', hash: '' }],
  ])('are understood: %s', (href, page) => {
    expect(pageAt(href)).toEqual(page);
  });

  test.each([
    '/docs',
    '/docs/default/component',
    '/catalog/default/component/ledger',
    '#x',
    'https://x.example/docs/a/b/c',
  ])('are told from others: %s', (href) => {
    expect(pageAt(href)).toBeUndefined();
  });

  test.each([
    ['nowhere.md', 'index.md', 'nowhere'],
    ['../other/index.md#a', 'guides/first.md', 'other'],
    ['../../../x.md?y', 'guides/first.md', 'x'],
    ['a%20b.html', 'guides/first.md', 'guides/a b'],
    ['README.md', 'guides/first.md', 'guides'],
  ])('of links that lead to nothing: %s in %s', (target, file, path) => {
    expect(brokenPath(target, file)).toBe(path);
  });
});

test('pages that may have been meant', () => {
  const pages = [
    { path: '', title: 'Welcome' },
    { path: 'guides/first-week', title: 'Your first week' },
    { path: 'runbooks/database', title: 'Database failover' },
  ];
  expect(similarPages('guide/firstweek', pages).map(({ path }) => path)).toEqual(['guides/first-week']);
  expect(similarPages('runbook/db-failover', pages)[0]?.path).toBe('runbooks/database');
  expect(similarPages('zzz', pages)).toEqual([]);
});
