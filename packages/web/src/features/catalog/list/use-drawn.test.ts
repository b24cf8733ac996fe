import { expect, it } from 'vitest';
import { nextDrawn } from './use-drawn.ts';

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const onScreen = (line: number) => line >= 20 && line < 50;

it('draws a new list at once as far as it is on the screen, and what is beyond then', () => {
  const first = nextDrawn(undefined, lines(12, 58), onScreen);
  expect([...first.drawn]).toEqual(lines(20, 50));
  expect(first.more).toBe(true);
  const second = nextDrawn(first.drawn, lines(12, 58), onScreen);
  expect(second.drawn.size).toBe(36);
  const third = nextDrawn(second.drawn, lines(12, 58), onScreen);
  expect(third.drawn.size).toBe(42);
  const last = nextDrawn(third.drawn, lines(12, 58), onScreen);
  expect([...last.drawn].toSorted((a, b) => a - b)).toEqual(lines(12, 58));
  expect(last.more).toBe(false);
});

it('draws few rows at a time where somebody scrolls, those on the screen first, and none that are unknown', () => {
  const { drawn, more } = nextDrawn(new Set(lines(0, 14)), lines(12, 58), onScreen);
  expect([...drawn]).toEqual([12, 13, ...lines(20, 26)]);
  expect(more).toBe(true);
  expect(nextDrawn(new Set([1]), [], onScreen)).toEqual({ drawn: new Set(), more: false });
});
