import { expect, test } from 'vitest';
import { isDue } from './refresher.ts';

const minute = 60_000;

test.each([
  { type: 'git', failedFor: undefined, waits: 2 * minute },
  { type: 'file', failedFor: undefined, waits: 10 * minute },
  { type: 'git', failedFor: 0, waits: minute / 2 },
  { type: 'file', failedFor: 0, waits: minute / 2 },
  { type: 'file', failedFor: 10 * minute, waits: 10 * minute },
  { type: 'url', failedFor: 600 * minute, waits: 60 * minute },
])('a source of type $type that has failed for $failedFor ms is asked again after $waits ms', (given) => {
  const last = 1_000 * minute;
  const source = {
    type: given.type,
    last_attempt_at: last,
    failing_since: given.failedFor === undefined ? null : last - given.failedFor,
  };
  expect(isDue(source, last + given.waits * 0.9, 2 * minute)).toBe(false);
  expect(isDue(source, last + given.waits, 2 * minute)).toBe(true);
});
