import { expect, test } from 'vitest';
import { scaleOf } from './scale.ts';

const series = (...ys: (number | null)[]) => [{ name: 'a', points: ys.map((y, index) => ({ x: index * 1000, y })) }];

test('a line keeps to its range, with round marks', () => {
  const scale = scaleOf(series(103, 118, null, 121), 'line');
  expect([scale.marks, scale.across(0), scale.across(1500), scale.across(3000)]).toEqual([
    [100, 105, 110, 115, 120, 125],
    0,
    0.5,
    1,
  ]);
  expect(scale.up(100)).toBe(0);
});

test('bars stand on zero, each in the middle of its own place, also below zero', () => {
  const scale = scaleOf(
    [
      {
        name: 'a',
        points: [
          { x: 'build', y: 3 },
          { x: 'test', y: -1 },
        ],
      },
      { name: 'b', points: [{ x: 'build', y: 2 }] },
    ],
    'bar',
  );
  expect([scale.places, scale.marks]).toEqual([
    ['build', 'test'],
    [-1, 0, 1, 2, 3],
  ]);
  expect([scale.across('build'), scale.across('test')]).toEqual([0.25, 0.75]);
});

test.each([[0], [7], [-3]])('a single value %d has a place of its own', (value) => {
  const scale = scaleOf(series(value), 'line');
  expect(scale.across(0)).toBe(0.5);
  expect(scale.up(value)).toBeGreaterThanOrEqual(0);
  expect(scale.up(value)).toBeLessThanOrEqual(1);
});
