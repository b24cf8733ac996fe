import { expect, it } from 'vitest';
import { createFollower, nameOfPress } from './press.ts';

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  nameOfPress({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

it('names a press as the map writes it', () => {
  expect(press('?')).toBe('?');
  expect(press('K', { ctrlKey: true })).toBe('mod+k');
  expect(press('k', { metaKey: true })).toBe('mod+k');
  expect(press('k', { altKey: true })).toBeUndefined();
  expect(press('Enter')).toBeUndefined();
});

it('waits a moment for the second key of a pair', () => {
  const follow = createFollower((keys) => (['g h', '?'].includes(keys) ? 'whole' : keys === 'g' ? 'start' : undefined));
  expect([follow('g', 0), follow('h', 500)]).toEqual([undefined, 'g h']);
  expect([follow('g', 0), follow('h', 2000)]).toEqual([undefined, undefined]);
  expect([follow('g', 0), follow('x', 100), follow('h', 200)]).toEqual([undefined, undefined, undefined]);
  expect(follow('?', 0)).toBe('?');
});
