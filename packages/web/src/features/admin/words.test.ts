import { expect, test } from 'vitest';
import { clockTime, scheduleWords, sizeWords, valueWords } from './words.ts';

test.each([
  [undefined, ''],
  ['30000', 'every 30 s'],
  ['120000', 'every 2 min'],
  ['7200000', 'every 2 h'],
  ['17 3 * * *', 'cron 17 3 * * *'],
])('says the schedule %s as "%s"', (schedule, expected) => expect(scheduleWords(schedule)).toBe(expected));

test('says sizes and settings for people', () => {
  expect(sizeWords(160 * 1_048_576)).toBe('160 MiB');
  expect(sizeWords(1.5 * 1024 * 1_048_576)).toBe('1.5 GiB');
  expect([valueWords(''), valueWords('x'), valueWords(['a']), valueWords(7007)]).toEqual(['—', 'x', '["a"]', '7007']);
});

test('says when something comes by the clock, and on which day', () => {
  const at = new Date(2026, 10, 22, 9, 5, 7);
  expect(clockTime(at.toISOString(), new Date(2026, 10, 22, 8, 0))).toBe('09:05:07');
  expect(clockTime(at.toISOString(), new Date(2026, 10, 21, 8, 0))).toBe('22 Nov, 09:05:07');
});
