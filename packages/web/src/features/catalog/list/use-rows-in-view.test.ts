import { expect, it } from 'vitest';
import { rowsBetween } from './use-rows-in-view.ts';

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
