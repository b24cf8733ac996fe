import { findChromium } from './chromium.ts';

/** Vitest global setup of the browser tests: unpacks the browser before any test waits for it. */
export function setup(): void {
  try {
    findChromium();
  } catch {
    // Every browser test asks again and fails with the reason.
  }
}
