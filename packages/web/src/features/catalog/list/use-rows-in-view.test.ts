import { expect, it } from 'vitest';
import { moved, rowsBetween } from './use-rows-in-view.ts';

it('has the rows of the window, and some beyond', () => {
  expect(rowsBetween(-200, 600, 32, 1000)).toEqual({ first: 0, last: 28 });
  expect(rowsBetween(32_000, 32_800, 32, 100_000)).toEqual({ first: 992, last: 1036 });
  expect(rowsBetween(32_000, 32_800, 32, 1010)).toEqual({ first: 992, last: 1010 });
});

it('stays as it is while the window moves a little, and never leaves the list', () => {
  expect(rowsBetween(32_001, 32_701, 32, 5000)).toEqual(rowsBetween(32_090, 32_760, 32, 5000));
  expect(rowsBetween(90_000, 91_000, 32, 10)).toEqual({ first: 10, last: 10 });
  expect(rowsBetween(-5000, -4000, 32, 10)).toEqual({ first: 0, last: 0 });
});

it('flies where it leaps on and on, and not where it moves steadily, leaps once, or there and back', () => {
  const still = { from: 0, height: 900, leapt: 0, flies: false };
  const once = moved(still, 900, 900);
  expect(once).toEqual({ from: 900, height: 900, leapt: 1, flies: false });
  const again = moved(once, 1800, 900);
  expect(again).toEqual({ from: 1800, height: 900, leapt: 1, flies: true });
  expect(moved(again, 2000, 900)).toEqual({ from: 2000, height: 900, leapt: 0, flies: false });
  expect(moved(once, 700, 900)).toEqual({ from: 700, height: 900, leapt: 0, flies: false });
  const back = moved(again, 900, 900);
  expect(back).toEqual({ from: 900, height: 900, leapt: -1, flies: false });
  expect(moved(back, 0, 900).flies).toBe(true);
});
