import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, hunksOf, patchOf } from './lines.ts';

test('a comparison says which lines went and came', () => {
  expect(diffLines('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([
    { kind: 'same', text: 'a', before: 1, after: 1 },
    { kind: 'removed', text: 'b', before: 2 },
    { kind: 'added', text: 'x', after: 2 },
    { kind: 'same', text: 'c', before: 3, after: 3 },
    { kind: 'added', text: 'd', after: 4 },
  ]);
  expect(hunksOf(diffLines('a\nb\n', 'a\nb\n'))).toEqual([]);
});

test('a patch names the file and the lines', () => {
  const before = Array.from({ length: 12 }, (_, index) => `line ${index}`).join('\n');
  expect(patchOf('shop/catalog-info.yaml', `${before}\n`, `${before.replace('line 6', 'other')}\n`)).toBe(
    `--- a/shop/catalog-info.yaml\n+++ b/shop/catalog-info.yaml\n@@ -4,7 +4,7 @@\n line 3\n line 4\n line 5\n-line 6\n+other\n line 7\n line 8\n line 9\n`,
  );
  expect(patchOf('a', 'same', 'same')).toBe('');
});

test('git applies every patch and gets the other text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-patch-'));
  const text = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '', '  x'), { minLength: 1, maxLength: 14 }), fc.boolean())
    .map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''))
    .filter((value) => value.replaceAll('\n', '') !== '' && !value.endsWith('\n\n'));
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        writeFileSync(join(folder, 'f'), before);
        execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: folder, input: patchOf('f', before, after) });
        expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after);
      }),
      { numRuns: 40, examples: [['a\n\n  x\nb\na', '\n  x\nb\na\n']] },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
