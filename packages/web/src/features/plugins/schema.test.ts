import { expect, test } from 'vitest';
import { ApiError } from '../../core/api/index.ts';
import { faultsOf, finished, listed } from './schema.ts';

test('lines become a list, with room for the next one until it is stored', () => {
  expect([listed('a\n b \n'), listed('a\n\nb'), listed('\n')]).toEqual([['a', 'b', ''], ['a', 'b'], undefined]);
  expect(finished({ ports: ['a', ''], crew: { names: [''] }, depth: 0 })).toEqual({
    ports: ['a'],
    crew: { names: [] },
    depth: 0,
  });
});

test('faults stand at their fields', () => {
  const details = { faults: [{ path: '/harbour', message: 'must have at least 3 characters' }] };
  const error = new ApiError({ status: 400, code: 'X', message: 'x', fix: 'y', details });
  expect([...faultsOf(error)]).toEqual([['/harbour', 'must have at least 3 characters']]);
  expect(faultsOf(new Error('x')).size).toBe(0);
});
