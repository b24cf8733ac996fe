import { Type } from '@callboard/model/schema';
import { durationInvalid } from './errors.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const units: Record<string, number> = {
  milliseconds: 1,
  seconds: second,
  minutes: minute,
  hours: hour,
  days: day,
  weeks: 7 * day,
  months: 30 * day,
  years: 365 * day,
};

const unitWords: Record<string, number> = {};
for (const [words, length] of [
  ['ms msec msecs millisecond milliseconds', 1],
  ['s sec secs second seconds', second],
  ['m min mins minute minutes', minute],
  ['h hr hrs hour hours', hour],
  ['d day days', day],
  ['w week weeks', 7 * day],
] as const) {
  for (const word of words.split(' ')) unitWords[word] = length;
}

const words = Object.keys(unitWords)
  .sort((a, b) => b.length - a.length)
  .join('|');
const textPattern = `^\\s*(\\d+(\\.\\d+)?\\s*(${words})\\s*)+$`;
const isoPattern =
  '^P(?=\\d|T\\d)(\\d+(\\.\\d+)?Y)?(\\d+(\\.\\d+)?M)?(\\d+(\\.\\d+)?W)?(\\d+(\\.\\d+)?D)?(T(?=\\d)(\\d+(\\.\\d+)?H)?(\\d+(\\.\\d+)?M)?(\\d+(\\.\\d+)?S)?)?$';

const amount = Type.Number({ minimum: 0 });
const durationObject = Type.Object(
  Object.fromEntries(Object.keys(units).map((unit) => [unit, Type.Optional(amount)])),
  { additionalProperties: false, minProperties: 1 },
);

const expected = 'a length of time such as 30s, 5m, PT5M or { minutes: 5 }';

/** Schema of a length of time as Backstage writes it: `5m`, `PT5M` or `{ minutes: 5 }`. */
export function duration(options: { default?: string | Record<string, number>; description?: string } = {}) {
  return Type.Union([Type.String({ pattern: `${textPattern}|${isoPattern}` }), durationObject], {
    ...options,
    expected,
  });
}

/** The same where `false` may switch the thing off. */
export function durationOrOff(
  options: { default?: false | string | Record<string, number>; description?: string } = {},
) {
  return Type.Union([Type.Literal(false), Type.String({ pattern: `${textPattern}|${isoPattern}` }), durationObject], {
    ...options,
    expected: `${expected}, or false`,
  });
}

/** Schema of when something runs: a length of time between runs, or `{ cron: '0 6 * * *' }`. */
export function schedule(options: { default?: string | Record<string, number | string>; description?: string } = {}) {
  return Type.Union(
    [
      Type.String({ pattern: `${textPattern}|${isoPattern}` }),
      Type.Object({ cron: Type.String({ pattern: '^\\s*\\S+(\\s+\\S+){4,5}\\s*$' }) }, { additionalProperties: false }),
      durationObject,
    ],
    {
      ...options,
      expected: `${expected}, or a time table such as { cron: '0 6 * * *' }`,
    },
  );
}

const isoUnits = [365 * day, 30 * day, 7 * day, day, hour, minute, second];
const isoParts =
  /^P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/;

/**
 * Reads a length of time in any accepted notation.
 *
 * @returns milliseconds
 * @throws AppError CONFIG_DURATION_INVALID
 */
export function durationToMilliseconds(value: unknown): number {
  if (typeof value === 'string') {
    if (new RegExp(isoPattern).test(value)) {
      const parts = isoParts.exec(value) ?? [];
      return Math.round(isoUnits.reduce((total, unit, index) => total + Number(parts[index + 1] ?? 0) * unit, 0));
    }
    if (new RegExp(textPattern).test(value)) {
      let total = 0;
      for (const [, number, word] of value.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g))
        total += Number(number) * (unitWords[word ?? ''] ?? 0);
      return Math.round(total);
    }
  } else if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const parts = Object.entries(value);
    if (
      parts.length > 0 &&
      parts.every(([unit, number]) => unit in units && typeof number === 'number' && number >= 0)
    ) {
      return Math.round(parts.reduce((total, [unit, number]) => total + (units[unit] ?? 0) * number, 0));
    }
  }
  throw durationInvalid({ value: typeof value === 'string' ? value : JSON.stringify(value) });
}
