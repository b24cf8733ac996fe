import { expect, it } from 'vitest';
import { greeting } from './greeting.ts';

it('greets by the clock, and by the first name where there is one', () => {
  expect([2, 5, 11, 12, 17, 18, 23].map((hour) => greeting(hour, undefined))).toEqual([
    'Good night',
    'Good morning',
    'Good morning',
    'Good afternoon',
    'Good afternoon',
    'Good evening',
    'Good evening',
  ]);
  expect(greeting(8, 'Ada Lovelace')).toBe('Good morning, Ada');
  expect(greeting(8, ' ')).toBe('Good morning');
});
