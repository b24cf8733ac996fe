import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createColumnAsking } from './column-asking.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { signal } = new AbortController();

it('asks for many cells in calls of at most a hundred, each column on its own', async () => {
  const calls: [string, number][] = [];
  const ask = createColumnAsking(async (column, refs) => {
    calls.push([column, refs.length]);
    return (ref) => `${column} of ${ref}`;
  });
  const refs = Array.from({ length: 150 }, (_, index) => `component:default/C${index}`);
  const asked = Promise.all([...refs, refs[0]].map((ref) => ask('ci:health', ref, signal)));
  const other = ask('yard:afloat', refs[7], signal);
  await vi.runAllTimersAsync();
  expect(calls).toEqual([
    ['ci:health', 100],
    ['ci:health', 50],
    ['yard:afloat', 1],
  ]);
  const values = await asked;
  expect([values[0], values[149], values[150]]).toEqual([
    'ci:health of component:default/c0',
    'ci:health of component:default/c149',
    'ci:health of component:default/c0',
  ]);
  expect(await other).toBe('yard:afloat of component:default/c7');
});

it('does not ask for rows that have gone, and tells a failure to those whose it is', async () => {
  const calls: string[][] = [];
  const ask = createColumnAsking(async (column, refs) => {
    calls.push(refs);
    if (column === 'ci:health') throw new Error('away');
    return () => 'well';
  });
  const gone = new AbortController();
  const settled = Promise.allSettled([
    ask('ci:health', 'component:default/a', gone.signal),
    ask('ci:health', 'component:default/b', signal),
    ask('yard:afloat', 'component:default/b', signal),
  ]);
  gone.abort(new Error('gone'));
  await vi.runAllTimersAsync();
  expect(calls).toEqual([['component:default/b'], ['component:default/b']]);
  expect(await settled).toEqual([
    { status: 'rejected', reason: new Error('gone') },
    { status: 'rejected', reason: new Error('away') },
    { status: 'fulfilled', value: 'well' },
  ]);
});
