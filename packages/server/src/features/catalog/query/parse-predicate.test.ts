import { describe, expect, test } from 'vitest';
import type { AppError } from '../../../core/errors/index.ts';
import { parseCarriedPredicate, parsePredicate, predicateToJson } from './parse-predicate.ts';

const fault = (value: unknown) => {
  try {
    parsePredicate(value);
  } catch (error) {
    return { status: (error as AppError).status, message: (error as AppError).message };
  }
  throw new Error('the predicate was accepted');
};

const nested = (depth: number): unknown => (depth === 0 ? { kind: 'api' } : { $all: [nested(depth - 1), { a: 1 }] });

describe('predicate language', () => {
  test.each([
    [{}, { all: [] }],
    [{ $all: [] }, { all: [] }],
    [{ $any: [] }, { any: [] }],
    [{ $not: { $any: [] } }, { all: [] }],
    [{ Kind: 'Component' }, { key: 'kind', in: ['component'] }],
    [{ a: 1 }, { key: 'a', in: ['1'] }],
    [
      { a: true, b: 2.5 },
      {
        all: [
          { key: 'a', in: ['true'] },
          { key: 'b', in: ['2.5'] },
        ],
      },
    ],
    [{ a: { $exists: true } }, { key: 'a', exists: true }],
    [{ a: { $exists: false } }, { not: { key: 'a', exists: true } }],
    [{ a: { $in: ['X', 1, false] } }, { key: 'a', in: ['x', '1', 'false'] }],
    [{ a: { $in: [] } }, { any: [] }],
    [{ a: { $hasPrefix: 'Ab' } }, { key: 'a', prefix: 'ab' }],
    [{ 'metadata.tags': { $contains: 'Java' } }, { key: 'metadata.tags', in: ['java'] }],
    [{ $not: { $not: { a: 'b' } } }, { key: 'a', in: ['b'] }],
    [{ $any: [{ a: 'x' }, { a: 'y' }] }, { key: 'a', in: ['x', 'y'] }],
    [{ relations: { $contains: { type: 'ownedBy' } } }, { key: 'relations.ownedby', exists: true }],
    [
      { relations: { $contains: { TYPE: 'ownedBy', targetRef: 'Group:default/A' } } },
      { key: 'relations.ownedby', in: ['group:default/a'] },
    ],
    [
      { relations: { $contains: { type: 'partOf', targetRef: { $in: ['a:b/c', 'A:b/d'] } } } },
      { key: 'relations.partof', in: ['a:b/c', 'a:b/d'] },
    ],
  ])('%j', (value, expected) => {
    expect(parsePredicate(value)).toEqual(expected);
    expect(parseCarriedPredicate(predicateToJson(parsePredicate(value)))).toEqual(expected);
  });

  test.each([
    ['text', 'Invalid query at the root: expected an object, found "text"'],
    [null, 'Invalid query at the root: expected an object, found null'],
    [[], 'Invalid query at the root: expected an object, found []'],
    [{ a: null }, 'Invalid query at /a: expected a text, number, boolean or an operator, found null'],
    [{ a: ['b'] }, 'Invalid query at /a: expected a text, number, boolean or an operator, found ["b"]'],
    [{ a: { $like: 'b' } }, 'Invalid query at /a/$like: unknown operator "$like"'],
    [{ a: {} }, 'Invalid query at /a: expected exactly one of $exists, $in, $hasPrefix, $contains, found []'],
    [
      { a: { $in: [], $exists: true } },
      'Invalid query at /a: expected exactly one of $exists, $in, $hasPrefix, $contains, found ["$in","$exists"]',
    ],
    [{ $nor: [] }, 'Invalid query at /$nor: unknown operator "$nor"'],
    [{ $all: [{ a: 1 }], b: 2 }, 'Invalid query at /$all: it must be the only key here'],
    [{ $any: { a: 1 } }, 'Invalid query at /$any: expected an array of conditions, found {"a":1}'],
    [
      { $all: [{ $not: { 'x/y': { $in: 'z' } } }] },
      'Invalid query at /$all/0/$not/x~1y/$in: expected an array of values, found "z"',
    ],
    [{ $any: ['text'] }, 'Invalid query at /$any/0: expected an object, found "text"'],
    [{ a: { $exists: 'yes' } }, 'Invalid query at /a/$exists: expected true or false, found "yes"'],
    [{ a: { $in: [{}] } }, 'Invalid query at /a/$in/0: expected a text, number or boolean, found {}'],
    [{ a: { $hasPrefix: 1 } }, 'Invalid query at /a/$hasPrefix: expected a text, found 1'],
    [{ a: { $contains: { b: 1 } } }, 'Invalid query at /a/$contains: only relations can be asked for an object'],
    [{ relations: { $contains: {} } }, 'Invalid query at /relations/$contains: the type of the relation is missing'],
    [
      { relations: { $contains: { type: '' } } },
      'Invalid query at /relations/$contains/type: expected the type of a relation, found ""',
    ],
    [
      { relations: { $contains: { type: 'a', x: 1 } } },
      'Invalid query at /relations/$contains/x: only type and targetRef can be asked for',
    ],
    [{ relations: { $contains: { type: 'a', Type: 'b' } } }, 'Invalid query at /relations/$contains/Type: named twice'],
    [
      { relations: { $contains: { type: 'a', targetRef: { $in: [] } } } },
      'Invalid query at /relations/$contains/targetRef/$in: an empty list matches no relation',
    ],
    [nested(21), 'The query is too large: combined more than 20 levels deep'],
    [
      { $any: Array.from({ length: 1001 }, () => ({ a: 1 })) },
      'The query is too large: more than 1000 conditions and combinators',
    ],
    [
      { a: { $in: Array.from({ length: 10_001 }, () => 1) } },
      'The query is too large: more than 10000 values in lists',
    ],
  ])('refuses %j', (value, message) => {
    expect(fault(value)).toEqual({ status: 400, message });
  });

  test('takes what is just within the limits, and reads it back from a cursor', () => {
    const widest = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, { $exists: false }]));
    for (const value of [nested(20), widest]) {
      const predicate = parsePredicate(value);
      expect(parseCarriedPredicate(predicateToJson(predicate))).toEqual(predicate);
    }
  });
});
