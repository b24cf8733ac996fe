/** Vitest set-up of each test file: properties draw their values from the seed of the run. */
import fastCheck from 'fast-check';
import { seedOf } from './test-seed.mjs';

fastCheck.configureGlobal({ seed: seedOf(process.env.TEST_SEED) });
