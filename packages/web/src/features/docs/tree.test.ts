import { expect, test } from 'vitest';
import { countEntries, sectionsTo, toTree } from './tree.ts';

const tree = toTree([
  { title: 'Start', path: '' },
  {
    title: 'Guides',
    children: [
      { title: 'Guides', path: 'guides' },
      { title: 'Deep', children: [{ title: 'First', path: 'guides/deep/first' }] },
    ],
  },
  { title: 'Elsewhere', url: 'https://example.org/' },
]);

test('a section takes the page of its own name', () => {
  expect(tree[1]).toMatchObject({ title: 'Guides', path: 'guides' });
  expect(tree[1]?.children.map(({ title }) => title)).toEqual(['Deep']);
  expect(countEntries(tree)).toBe(5);
});

test('the sections of a page are known', () => {
  expect(sectionsTo(tree, 'guides/deep/first')).toEqual(['/Guides#1', '/Guides#1/Deep#1', '/Guides#1/Deep#1/First#0']);
  expect(sectionsTo(tree, 'guides')).toEqual(['/Guides#1']);
  expect(sectionsTo(tree, 'nowhere')).toEqual([]);
});
