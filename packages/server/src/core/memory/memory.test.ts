import { afterEach, expect, test, vi } from 'vitest';
import { collectGarbage, collectGarbageLater } from './index.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('collects what nothing refers to any more', async () => {
  const kept: WeakRef<object>[] = [];
  for (let index = 0; index < 10; index += 1) kept.push(new WeakRef({ index }));
  // A weak reference keeps its target until the task that made it is over.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(kept.every((reference) => reference.deref() === undefined)).toBe(true);
});

test('waits with collecting until the thread rests', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const busy = { idle: 0, active: 1, utilization: 1 };
  const measured = vi.spyOn(performance, 'eventLoopUtilization').mockReturnValue(busy);
  const kept = [new WeakRef({})];
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbageLater();
  vi.advanceTimersByTime(20_000);
  expect(vi.getTimerCount()).toBe(1);
  measured.mockReturnValue({ idle: 1, active: 0, utilization: 0 });
  vi.advanceTimersByTime(4_000);
  expect([vi.getTimerCount(), kept[0]!.deref()]).toEqual([0, undefined]);
});
