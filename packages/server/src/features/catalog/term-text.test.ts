import { type Entity, entityTerms, type Term } from '@callboard/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachTerm, termText } from './term-text.ts';

test('the terms of any entity come out of their text as they went in', () => {
  // What separates terms, stands for null, or is cut.
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\0', '\u0001', '0', 'ß', 'İ', 'A'.repeat(300)),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null), fc.array(tie('value')), tie('map')),
    map: fc.dictionary(text, tie('value')),
  }));
  fc.assert(
    fc.property(fc.dictionary(text, value), (spec) => {
      const terms = entityTerms({ apiVersion: 'a/v1', kind: 'K', metadata: { name: 'n' }, spec } as unknown as Entity);
      const found: Term[] = [];
      eachTerm(termText(terms), (...term) => found.push(term));
      expect(found).toEqual(terms);
    }),
  );
  eachTerm(termText([]), () => expect.unreachable());
});
