import { expect, test } from 'vitest';
import { missingEntries } from './lockfile.mjs';

const tool = (optionalDependencies) => ({
  '': {},
  'node_modules/tool': { version: '1.2.3', dev: true, optionalDependencies },
});

test('adds what the lockfile can tell about a package of another platform', () => {
  const names = [
    'linux-x64-musl',
    'linux-arm64-gnu',
    'linux-arm-musleabihf',
    'win32-ia32-msvc',
    'darwin-arm64',
    'wasm32-wasi',
  ];
  const optional = Object.fromEntries(names.map((name) => [`@tool/binding-${name}`, '1.2.3']));
  const common = { version: '1.2.3', dev: true, optional: true };
  expect(missingEntries(tool(optional))).toEqual({
    'node_modules/@tool/binding-linux-x64-musl': { ...common, cpu: ['x64'], libc: ['musl'], os: ['linux'] },
    'node_modules/@tool/binding-linux-arm64-gnu': { ...common, cpu: ['arm64'], libc: ['glibc'], os: ['linux'] },
    'node_modules/@tool/binding-linux-arm-musleabihf': { ...common, cpu: ['arm'], libc: ['musl'], os: ['linux'] },
    'node_modules/@tool/binding-win32-ia32-msvc': { ...common, cpu: ['ia32'], os: ['win32'] },
    'node_modules/@tool/binding-darwin-arm64': { ...common, cpu: ['arm64'], os: ['darwin'] },
    'node_modules/@tool/binding-wasm32-wasi': { ...common, cpu: ['wasm32'] },
  });
});

test('leaves alone what is there, beside the package or below it', () => {
  const packages = {
    ...tool({ 'a-linux-x64': '1.0.0', 'b-linux-x64': '1.0.0' }),
    'node_modules/a-linux-x64': { version: '1.0.0' },
    'node_modules/tool/node_modules/b-linux-x64': { version: '1.0.0' },
  };
  expect(missingEntries(packages)).toEqual({});
});

test('does not guess', () => {
  const wanted =
    'package-lock.json lacks colours@1.0.0, which node_modules/tool wants, and its platform cannot be told from its name';
  expect(() => missingEntries(tool({ colours: '1.0.0' }))).toThrow(wanted);
  expect(() => missingEntries(tool({ 'tool-linux-x64': '^1.0.0' }))).toThrow(
    'package-lock.json lacks tool-linux-x64@^1.0.0',
  );
});
