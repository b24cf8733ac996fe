import fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { seedOf } from './test-seed.mjs';

test('the seed is the same in every run, unless another is asked for', () => {
  expect(seedOf(undefined)).toBe(20_261_122);
  expect(seedOf('')).toBe(20_261_122);
  expect(seedOf('-7')).toBe(-7);
  expect(seedOf(String(2 ** 31 - 1))).toBe(2 ** 31 - 1);
  const random = Array.from({ length: 20 }, () => seedOf('random'));
  expect(new Set(random).size).toBeGreaterThan(15);
  expect(random.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)).toBe(true);
  for (const wrong of ['often', '1.5', '4294967296'])
    expect(() => seedOf(wrong)).toThrow(
      `TEST_SEED is ${JSON.stringify(wrong)}: give a whole number of 32 bits, or random`,
    );
});

test('properties draw the values of the seed of this run', () => {
  const { seed } = fastCheck.readConfigureGlobal();
  const drawn = () => {
    const values = [];
    fastCheck.assert(fastCheck.property(fastCheck.string(), (value) => void values.push(value)));
    return values;
  };
  if (process.env.TEST_SEED !== 'random') expect(seed).toBe(seedOf(process.env.TEST_SEED));
  expect(drawn()).toEqual(fastCheck.sample(fastCheck.string(), { seed, numRuns: 100 }));
  expect(drawn()).toEqual(drawn());
});
