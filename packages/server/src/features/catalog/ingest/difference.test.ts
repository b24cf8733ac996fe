import { expect, test } from 'vitest';
import { difference } from './difference.ts';

test('values that differ are listed by path, long ones shortened', () => {
  expect(difference({ a: 1, b: { c: 'x' } }, { a: 1, b: { c: 'y', d: true } })).toEqual([
    { path: 'b.c', before: 'x', after: 'y' },
    { path: 'b.d', after: true },
  ]);
  expect(difference({ a: 'x'.repeat(400) }, { a: 'y' })).toEqual([
    { path: 'a', before: `${'x'.repeat(300)}… (400 characters)`, after: 'y' },
  ]);
});

test('of long texts the lines that differ are kept, with two around', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  expect(difference({ a: lines.join('\n') }, { a: lines.with(50, 'other').join('\n') })).toEqual([
    {
      path: 'a',
      before: '… (48 lines as before)\nline 48\nline 49\nline 50\nline 51\nline 52\n… (47 lines as before)',
      after: '… (48 lines as before)\nline 48\nline 49\nother\nline 51\nline 52\n… (47 lines as before)',
    },
  ]);
  const [change] = difference({ a: 'x\n'.repeat(5000) }, { a: 'y\n'.repeat(5000) });
  expect(JSON.stringify(change?.before).length).toBeLessThan(3200);
});
