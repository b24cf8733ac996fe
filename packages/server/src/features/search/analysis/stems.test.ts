import fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { englishStem, germanStem, isSmallWord, stemBeginning, stemmerOf, stemsOf } from './stems.ts';

test.each([
  ['payments', 'payment'],
  ['deployed', 'deploying'],
  ['running', 'runs'],
  ['policies', 'policy'],
  ['relations', 'relational'],
  ['cancelled', 'cancels'],
  ['agreed', 'agree'],
  ['notifications', 'notification'],
  ['hopping', 'hops'],
  ['organization', 'organizations'],
])('English: %s and %s have one stem', (a, b) => {
  expect(englishStem(a)).toBe(englishStem(b));
});

test.each([
  ['zahlung', 'zahlungen'],
  ['dienste', 'dienst'],
  ['buchungen', 'buchung'],
  ['hafen', 'hafens'],
  ['kunden', 'kunde'],
])('German: %s and %s have one stem', (a, b) => {
  expect(germanStem(a)).toBe(germanStem(b));
});

const endings = fastCheck.constantFrom(
  '',
  's',
  'es',
  'ies',
  'ied',
  'ed',
  'ing',
  'eed',
  'y',
  'ational',
  'ung',
  'er',
  'en',
  'innen',
  'lich',
  'e',
  'll',
  'ion',
);

test('different things stay different', () => {
  expect(englishStem('star')).not.toBe(englishStem('store'));
  expect(englishStem('universe')).not.toBe(englishStem('manifest'));
  expect(englishStem('bus')).toBe('bus');
  expect(englishStem('k8s')).toBe('k8s');
});

test('the language of a text shows in its small words', () => {
  expect(stemmerOf('die zahlungen werden mit der karte gemacht'.split(' '))).toBe(germanStem);
  expect(stemmerOf('the payments are made with a card'.split(' '))).toBe(englishStem);
  expect(stemmerOf([])).toBe(englishStem);
  expect(isSmallWord('the') && isSmallWord('und')).toBe(true);
  expect(isSmallWord('api')).toBe(false);
});

test('a word of a query may be of either language', () => {
  expect(stemsOf('zahlungen')).toContain(germanStem('zahlung'));
  expect(stemsOf('payments')).toContain('payment');
});

test('a stem begins as its word does', () => {
  const word = fastCheck
    .tuple(
      fastCheck.string({ unit: fastCheck.constantFrom(...Array.from('abeginorstyz')), minLength: 1, maxLength: 6 }),
      endings,
    )
    .map((parts) => parts.join(''));
  fastCheck.assert(
    fastCheck.property(word, (each) => {
      for (const stem of stemsOf(each)) expect(each.startsWith(stem.slice(0, stemBeginning))).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});
