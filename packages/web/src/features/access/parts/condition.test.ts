import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blank, changedTo, conditionOf, draftOf, everything } from './condition.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9/.-]{0,8}$/);
const rule = fc.oneof(
  fc.constant({ rule: 'IS_ENTITY_OWNER', params: {} }),
  fc.record({ rule: fc.constant('IS_ENTITY_OWNER'), params: fc.record({ claims: fc.array(word) }) }),
  fc.record({ rule: fc.constant('HAS_TAG'), params: fc.record({ tag: word }) }),
  fc.record({
    rule: fc.constantFrom('IS_ENTITY_KIND'),
    params: fc.record({ kinds: fc.array(fc.oneof(word, fc.string()), { minLength: 1 }) }),
  }),
  fc.record({
    rule: fc.constantFrom('HAS_LABEL'),
    params: fc.record({ value: fc.oneof(word, fc.string(), fc.array(word)), label: fc.oneof(word, fc.string()) }),
  }),
  fc.record({ rule: fc.constant('HAS_SPEC'), params: fc.record({ key: word }) }),
  fc.record({ rule: fc.constant('OF_TOMORROW'), params: fc.record({ key: word }) }),
);
const { condition } = fc.letrec((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    rule,
    fc.record({ allOf: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ anyOf: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

test('a stored condition comes out of the form as it went in, whatever it is', () => {
  fc.assert(
    fc.property(condition, (given) => {
      expect(conditionOf(draftOf(given))).toEqual(given);
    }),
  );
});

test('a form without a condition means everything', () => {
  expect(conditionOf(everything)).toBeUndefined();
  expect(draftOf(undefined)).toEqual(everything);
});

test('what was chosen is kept when it is combined', () => {
  const tag = draftOf({ rule: 'HAS_TAG', params: { tag: 'public' } });
  const both = changedTo('allOf', tag);
  expect(conditionOf(both)).toEqual({
    allOf: [
      { rule: 'HAS_TAG', params: { tag: 'public' } },
      { rule: 'IS_ENTITY_OWNER', params: {} },
    ],
  });
  expect(conditionOf(changedTo('anyOf', both))).toEqual({ anyOf: Object.values(conditionOf(both) as object)[0] });
  expect(conditionOf(changedTo('not', both))).toEqual({ not: conditionOf(both) });
  expect(conditionOf(changedTo('not', everything))).toEqual({ not: conditionOf(blank) });
  expect(changedTo('everything', both)).toEqual(everything);
});
