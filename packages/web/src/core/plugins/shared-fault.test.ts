import { expect, test } from 'vitest';
import { sharedFault } from './shared-fault.ts';

const known = { react: '19.3.1', '@mantine/core': '9.7.3' };

test.each([[{}], [{ react: '^19' }], [{ react: '18 || 19', '@mantine/core': '>=9.1' }]])('%j fits', (shared) => {
  expect(sharedFault(shared, known)).toBeUndefined();
});

test.each([
  [{ react: '^18' }, 'It needs react ^18; this portal shares react 19.3.1.'],
  [{ react: 'newest' }, 'It needs react newest; this portal shares react 19.3.1.'],
  [{ vue: '^3' }, 'It needs vue from the portal, which does not share it.'],
] as [Record<string, string>, string][])('%j does not', (shared, message) => {
  expect(sharedFault(shared, known)?.message).toBe(message);
});
