import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// As the command does it for the portal. Without a cache each thread that a test starts compiles TypeScript by WebAssembly, and V8 crashes
// now and then when such threads come and go (WasmCode::DecrementRefCount in Runtime_TierUpWasmToJSWrapper, Node 24.21).
process.env['NODE_COMPILE_CACHE'] ||= fileURLToPath(new URL('node_modules/.cache/callboard/tests', import.meta.url));

/** Every test file: generated values from one seed, and patience with machines that are busy; waiting ends as soon as what is waited for is there. */
const usual = {
  setupFiles: ['./scripts/test-properties.mjs'],
  expect: { poll: { timeout: 20_000 } },
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

/** Tests that open databases get a PostgreSQL from the global setup; the others start without waiting for it. */
const withDatabases = { ...usual, globalSetup: ['./scripts/test-setup.mjs'] };

export default defineConfig({
  test: {
    reporters: ['default'],
    // A test that never fails is worse than none: neither `.only` nor an empty run may pass.
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'model',
          include: ['packages/model/src/**/*.test.ts'],
          ...usual,
          isolate: false,
        },
      },
      { test: { name: 'plugin-api', include: ['packages/plugin-api/src/**/*.test.ts'], ...usual, isolate: false } },
      { test: { name: 'server', include: ['packages/server/src/**/*.test.ts'], ...withDatabases } },
      { test: { name: 'cli', include: ['packages/cli/src/**/*.test.ts'], ...withDatabases } },
      {
        test: {
          name: 'plugins',
          include: ['plugins/*/src/**/*.test.ts'],
          globalSetup: ['./scripts/test-programs.mjs'],
          ...usual,
        },
      },
      {
        test: {
          name: 'scripts',
          include: ['scripts/**/*.test.mjs', 'scripts/**/*.test.ts'],
          ...usual,
        },
      },
      { test: { name: 'web', include: ['packages/web/src/**/*.test.{ts,tsx}'], ...usual } },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: [...withDatabases.globalSetup, './e2e/support/setup.ts'],
          expect: usual.expect,
          testTimeout: 120_000,
          hookTimeout: usual.hookTimeout,
          // Browsers and whole portals have time limits: they come last, and few at once.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
    ],
  },
});
