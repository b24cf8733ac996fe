import { describe, expect, test } from 'vitest';
import { durationToMilliseconds } from './duration.ts';

describe('durationToMilliseconds', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1.5 hours', 5_400_000],
    ['1h 30m', 5_400_000],
    ['2 days', 172_800_000],
    ['1w', 604_800_000],
    ['PT30M', 1_800_000],
    ['P1DT2H3M4.5S', 93_784_500],
    ['P2W', 1_209_600_000],
    [{ minutes: 30 }, 1_800_000],
    [{ hours: 1, minutes: 30, seconds: 5 }, 5_405_000],
    [{ seconds: 0 }, 0],
    [{ months: 1 }, 2_592_000_000],
    [{ years: 1 }, 31_536_000_000],
  ])('reads %j as %d ms', (value, milliseconds) => {
    expect(durationToMilliseconds(value)).toBe(milliseconds);
  });

  test.each([
    '',
    '30',
    'soon',
    '5 fortnights',
    'P',
    'PT',
    'P1DT',
    '-5m',
    {},
    { minuts: 5 },
    { minutes: -1 },
    { minutes: '5' },
    30,
    null,
    [5],
  ])('refuses %j', (value) => {
    expect(() => durationToMilliseconds(value)).toThrow('is not a length of time');
  });

  test('says how to write it', () => {
    expect(() => durationToMilliseconds('soon')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_DURATION_INVALID',
        message: '"soon" is not a length of time',
        fix: 'Write it as 30s, 5m or 2h, as PT5M, or as { minutes: 5 }.',
      }),
    );
  });
});
