import { expect, it } from 'vitest';
import { layOut } from './lines.ts';

const parts = [
  { key: 'a', count: 2 },
  { key: 'b', count: 3 },
  { key: 'c', count: 1 },
];
const all = (lines: ReturnType<typeof layOut>) =>
  Array.from({ length: lines.total }, (_, index) => {
    const { part, row } = lines.at(index);
    return `${parts[part].key}${row}`;
  });

it('is plain rows without headings', () => {
  expect(all(layOut([parts[1]], false, new Set())).map((line) => line.slice(1))).toEqual(['0', '1', '2']);
});

it('puts a heading above each part, and hides the rows of folded ones', () => {
  expect(all(layOut(parts, true, new Set()))).toEqual([
    'aheading',
    'a0',
    'a1',
    'bheading',
    'b0',
    'b1',
    'b2',
    'cheading',
    'c0',
  ]);
  expect(all(layOut(parts, true, new Set(['b'])))).toEqual(['aheading', 'a0', 'a1', 'bheading', 'cheading', 'c0']);
});

it('has no lines for no parts, and finds a line among very many', () => {
  expect(layOut([], true, new Set()).total).toBe(0);
  const many = Array.from({ length: 1000 }, (_, index) => ({ key: String(index), count: 100 }));
  const lines = layOut(many, true, new Set());
  expect(lines.total).toBe(101_000);
  expect(lines.at(50_500)).toEqual({ part: 500, row: 'heading' });
  expect(lines.at(50_499)).toEqual({ part: 499, row: 99 });
});
