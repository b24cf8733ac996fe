/**
 * The seed from which properties draw their values. It is the same in every run, so that a change never fails for a value that it has nothing to do
 * with; `TEST_SEED=random` looks for new ones, and `TEST_SEED=<number>` shows again what a run found.
 */
const usual = 20_261_122;

/**
 * The seed to use.
 *
 * @param wanted - what TEST_SEED says
 */
export function seedOf(wanted) {
  if (!wanted) return usual;
  if (wanted === 'random') return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(wanted);
  if (Number.isInteger(seed) && Math.abs(seed) < 2 ** 31) return seed;
  throw new Error(`TEST_SEED is ${JSON.stringify(wanted)}: give a whole number of 32 bits, or random`);
}
