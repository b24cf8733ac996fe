import { expect, it } from 'vitest';
import { neighbourInDirection } from './walk.ts';

const box = (id: string, x: number, y: number) => ({ id, x, y, width: 100, height: 40 });
const boxes = [
  box('middle', 200, 100),
  box('left', 0, 110),
  box('right-up', 400, 0),
  box('right', 420, 90),
  box('below', 200, 160),
];

it.each([
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['ArrowDown', 'below'],
  ['ArrowUp', 'right-up'],
  ['Enter', undefined],
])('%s leads from the middle to %s', (key, expected) => {
  expect(neighbourInDirection(boxes, 'middle', key)).toBe(expected);
});

it('ends where nothing is ahead', () => {
  expect(neighbourInDirection(boxes, 'left', 'ArrowLeft')).toBeUndefined();
  expect(neighbourInDirection(boxes, 'nowhere', 'ArrowLeft')).toBeUndefined();
});
