import { describe, expect, it } from 'vitest';
import { lineTo, rowsOf, treeOf, type TreeNode } from './tree.ts';

const group = (name: string, ...parents: string[]) => ({
  entityRef: name,
  label: name,
  parents,
  people: { direct: 0, total: 0 },
  owned: { direct: 0, total: 0 },
});
const groups = [
  group('alone'),
  group('all'),
  group('trade', 'all'),
  group('shop', 'gone', 'trade'),
  group('orphan', 'gone'),
  group('ring-a', 'ring-b'),
  group('ring-b', 'ring-a'),
  group('self', 'self'),
];
const shape = (nodes: TreeNode[]): unknown =>
  nodes.map(({ group: { label }, children }) => (children.length > 0 ? [label, shape(children)] : label));

describe('the tree of groups', () => {
  it('has every group once, also when they stand in a circle or name a parent that is not there', () => {
    expect(shape(treeOf(groups))).toEqual([
      ['all', [['trade', ['shop']]]],
      ['ring-a', ['ring-b']],
      'alone',
      'orphan',
      'self',
    ]);
    expect(treeOf(groups).find(({ group: { label } }) => label === 'orphan')!.missingParent).toBe('gone');
  });

  it('shows the rows below open groups', () => {
    const rows = rowsOf(treeOf(groups), (ref) => ref === 'all');
    expect(rows.map(({ node, level, parent }) => [node.group.label, level, parent])).toEqual([
      ['all', 1, undefined],
      ['trade', 2, 'all'],
      ['ring-a', 1, undefined],
      ['alone', 1, undefined],
      ['orphan', 1, undefined],
      ['self', 1, undefined],
    ]);
  });

  it('leads from the top to a group', () => {
    expect(lineTo(groups, 'shop')).toEqual(['all', 'trade', 'shop']);
    expect(lineTo(groups, 'ring-a')).toEqual(['ring-b', 'ring-a']);
    expect(lineTo(groups, 'nobody')).toEqual(['nobody']);
  });
});
