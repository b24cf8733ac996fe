import { expect, test } from 'vitest';
import fc from 'fast-check';
import { addWords, compounds, fold, joined, type Whole, wordsOf } from './words.ts';

const wholes = (text: string) => [...compounds(text)].flatMap(({ whole }) => whole ?? []);

test('words that are written as one are found by their parts and as a whole', () => {
  expect(wordsOf('petStore')).toEqual(['pet', 'store']);
  expect(wordsOf('HTTPServer parseXMLFile')).toEqual(['http', 'server', 'parse', 'xml', 'file']);
  expect(wordsOf('payment-gateway_v2.internal/refunds')).toEqual(['payment', 'gateway', 'v2', 'internal', 'refunds']);
  expect(wholes('petStore payment-gateway_v2.internal plain')).toEqual(['petstore', 'paymentgatewayv2internal']);
  expect(joined('Booking database')).toBe('bookingdatabase');
  expect(joined('booking-database')).toBe('bookingdatabase');
});

test('digits stay with their letters, and languages with signs in their names are words', () => {
  expect(wordsOf('k8s-harbour s3 C++ c# node24')).toEqual(['k8s', 'harbour', 's3', 'cplusplus', 'csharp', 'node24']);
});

test('accents, case and letters of other alphabets', () => {
  expect(wordsOf('Müller Jónsdóttir Straße Łódź Crème ÅNGSTRÖM')).toEqual([
    'muller',
    'jonsdottir',
    'strasse',
    'lodz',
    'creme',
    'angstrom',
  ]);
  expect(wordsOf('Привет, мир. Γειά σου')).toEqual(['привет', 'мир', 'γεια', 'σου']);
  expect(wordsOf('世界你好')).toEqual(['世界', '界你', '你好']);
  expect(wordsOf('豈Ǖ')).not.toContain('');
  expect(fold('İstanbul')).toBe('istanbul');
});

test('punctuation is no word, and a possessive is its noun', () => {
  expect(wordsOf('')).toEqual([]);
  expect(wordsOf('?! -- "" \0 🚢 …')).toEqual([]);
  expect(wordsOf("the crew's nest, (really) “quoted” it's")).toEqual(['the', 'crew', 'nest', 'really', 'quoted', 'it']);
});

test('positions point at the text as it was written', () => {
  const text = 'A Häfen-Plan (petStore).';
  const found = [...compounds(text)].flatMap(({ parts }) => parts.map(({ start, end }) => text.slice(start, end)));
  expect(found).toEqual(['A', 'Häfen', 'Plan', 'pet', 'Store']);
});

test('long texts end at the limit, long words are cut', () => {
  expect(wordsOf('a b c d e', 3)).toEqual(['a', 'b', 'c']);
  expect(wordsOf('x'.repeat(10_000))[0]).toHaveLength(64);
  expect(wordsOf('a-'.repeat(100_000), 50)).toHaveLength(50);
});

test('a sign that stands for several words stays one word', () => {
  expect(wordsOf('\u{FDFA}')).toEqual(['\u{FDFA}'.normalize('NFKD').replaceAll(' ', '')]);
});

test('texts are taken apart in the same way without places', () => {
  const signs = [
    ' ',
    '\t',
    '\u00A0',
    '\u2003',
    '\u2028',
    '\uFEFF',
    '(',
    '"',
    "'",
    '<',
    '.',
    ',',
    ')',
    '>',
    '-',
    '/',
    'A',
    'z',
    '9',
  ];
  const pieces = ['petStore', 'a-b.c', '(Word).', 'C++', "it's", '東京都', 'Foo', 'é', 'x'.repeat(70), 'y'.repeat(999)];
  const text = fc.array(fc.oneof(fc.constantFrom(...signs, ...pieces), fc.string({ unit: 'grapheme' })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(text, fc.constantFrom('', ' '), (parts, between) => {
      const words: string[] = [];
      const found: Whole[] = [];
      const whole = parts.join(between);
      addWords(whole, 100_000, words, found);
      expect({ words, wholes: found.map((each) => each.text) }).toEqual({
        words: wordsOf(whole),
        wholes: wholes(whole),
      });
      for (const { at, parts: count, text: joint } of found) expect(words.slice(at, at + count).join('')).toBe(joint);
    }),
    { numRuns: 1_000 },
  );
});
