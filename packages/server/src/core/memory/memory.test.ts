import { expect, test } from 'vitest';
import { collectGarbage } from './index.ts';

test('collects what nothing refers to any more', async () => {
  const kept: WeakRef<object>[] = [];
  for (let index = 0; index < 10; index += 1) kept.push(new WeakRef({ index }));
  // A weak reference keeps its target until the task that made it is over.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(kept.every((reference) => reference.deref() === undefined)).toBe(true);
});
