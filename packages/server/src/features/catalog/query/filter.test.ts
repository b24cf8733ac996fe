import { describe, expect, test } from 'vitest';
import type { AppError } from '../../../core/errors/index.ts';
import { parseFilters } from './filter.ts';

const fault = (filters: string[]) => {
  try {
    parseFilters(filters);
  } catch (error) {
    const { code, message, fix, status } = error as AppError;
    return { code, message, fix, status };
  }
  throw new Error('the filter was accepted');
};

describe('filter grammar', () => {
  test.each([
    [['kind=component'], { key: 'kind', in: ['component'] }],
    [['  KIND =  Component  '], { key: 'kind', in: ['component'] }],
    [['spec.type'], { key: 'spec.type', exists: true }],
    [['a='], { key: 'a', in: [''] }],
    [['a=b=c'], { key: 'a', in: ['b=c'] }],
    [['a=1,a=2'], { key: 'a', in: ['1', '2'] }],
    [['a,a=2'], { key: 'a', in: ['2'] }],
    [
      ['a=1,b'],
      {
        all: [
          { key: 'a', in: ['1'] },
          { key: 'b', exists: true },
        ],
      },
    ],
    [['kind=user', 'kind=group'], { key: 'kind', in: ['user', 'group'] }],
    [
      ['kind=user,a=1', 'kind=group'],
      {
        any: [
          {
            all: [
              { key: 'kind', in: ['user'] },
              { key: 'a', in: ['1'] },
            ],
          },
          { key: 'kind', in: ['group'] },
        ],
      },
    ],
    [['', ' , '], undefined],
    [[], undefined],
    [undefined, undefined],
  ])('%j', (filters, expected) => {
    expect(parseFilters(filters)).toEqual(expected);
  });

  test('a long value is compared by its hash', () => {
    const predicate = parseFilters([`a=${'X'.repeat(300)}`]);
    expect(predicate).toEqual({ key: 'a', in: [`${'x'.repeat(192)}#02fd68253071f895718c8d41f7ff665abe1a6290`] });
  });

  test('a condition without key is refused', () => {
    expect(fault(['kind=a, =b'])).toEqual({
      status: 400,
      code: 'CATALOG_FILTER_INVALID',
      message: "Invalid filter, '=b' is not a valid statement",
      fix: 'Write conditions as key=value, key= (empty value) or key (exists), separated by commas.',
    });
  });

  test('too many conditions are refused', () => {
    expect(fault(Array.from({ length: 101 }, () => 'a=1,'.repeat(10)))).toMatchObject({
      status: 400,
      code: 'CATALOG_PREDICATE_TOO_LARGE',
      message: 'The query is too large: 1010 conditions, at most 1000 are taken',
    });
  });
});
