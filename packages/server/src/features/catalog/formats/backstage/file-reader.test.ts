import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFileReader } from './file-reader.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-reader-'));
  mkdirSync(join(folder, 'root/inner'), { recursive: true });
  writeFileSync(join(folder, 'root/file.yaml'), 'text');
  writeFileSync(join(folder, 'outside.yaml'), 'secret');
  symlinkSync(join(folder, 'outside.yaml'), join(folder, 'root/link.yaml'));
  symlinkSync(join(folder, 'root'), join(folder, 'root-link'));
  execFileSync('mkfifo', [join(folder, 'root/pipe.yaml')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string, { root = 'root', fileSize = 1024 } = {}) =>
  Buffer.from(createFileReader(join(folder, root), fileSize).read(join(folder, path), 'from.yaml')).toString();

test('reads a file below the root, also where the root is a link', () => {
  expect(read('root/file.yaml')).toBe('text');
  expect(read('root-link/file.yaml', { root: 'root-link' })).toBe('text');
});

test.each([
  ['outside.yaml', 'CATALOG_TARGET_OUTSIDE', () => `outside ${join(folder, 'root')}`],
  ['root/link.yaml', 'CATALOG_TARGET_OUTSIDE', () => `outside ${join(folder, 'root')}`],
  ['root/none.yaml', 'CATALOG_TARGET_NOT_FOUND', () => 'does not exist; from.yaml points at it'],
  ['root/inner', 'CATALOG_TARGET_NO_FILE', () => 'is a folder, not a file; from.yaml points at it'],
  ['root/pipe.yaml', 'CATALOG_TARGET_NO_FILE', () => 'is a device or pipe, not a file; from.yaml points at it'],
])('refuses %s with %s', (path, code, message) => {
  expect(() => read(path)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message()) }));
});

test('refuses a file above the limit', () => {
  expect(() => read('root/file.yaml', { fileSize: 3 })).toThrow(/has 4 bytes; at most 3 are read/);
});
