import { expect, test } from 'vitest';
import { highlight, matcherOf, snippet } from './highlight.ts';
import { parseQuery } from './parse.ts';

const marks = { preTag: '[', postTag: ']' };
const matches = (query: string, expansions = new Map<string, string[]>()) => matcherOf(parseQuery(query), expansions);

test('marks whole words, starts, inner parts, stems and what was meant', () => {
  expect(highlight('Booking database', matches('booking'), marks)).toBe('[Booking] database');
  expect(highlight('Booking database', matches('data'), marks)).toBe('Booking [database]');
  expect(highlight('petStore', matches('store'), marks)).toBe('pet[Store]');
  expect(highlight('A swagger petstore', matches('store'), marks)).toBe('A swagger [petstore]');
  expect(highlight('one payment', matches('payments'), marks)).toBe('one [payment]');
  expect(highlight('Gangway', matches('gagnway', new Map([['gagnway', ['gangway']]])), marks)).toBe('[Gangway]');
  expect(highlight('Freya Jónsdóttir', matches('jonsdottir'), marks)).toBe('Freya [Jónsdóttir]');
  expect(highlight('nothing here', matches('booking'), marks)).toBeUndefined();
  expect(highlight('Group travel desk', matches('traveldesk'), marks)).toBe('Group [travel] [desk]');
  expect(highlight('Group travel desk', matches('travelde'), marks)).toBe('Group [travel] [desk]');
  expect(
    highlight('Pet-Store, Front', matches('petstorefrnt', new Map([['petstorefrnt', ['petstorefront']]])), marks),
  ).toBe('[Pet]-[Store], [Front]');
  expect(highlight('Pet store', matches('tst'), marks)).toBeUndefined();
});

test('shows the stretch of a long text that has most of it, between whole words', () => {
  const filler = 'lorem ipsum dolor '.repeat(60);
  const found = snippet(
    `harbour ${filler}the harbour master keeps the harbour log ${filler}`,
    matches('harbour master'),
    marks,
  )!;
  expect(found).toContain('the [harbour] [master] keeps the [harbour] log');
  expect(found.startsWith('…') && found.endsWith('…')).toBe(true);
  expect(found.length).toBeLessThan(300);
});

test('markup of a text is left as it is, for clients to escape', () => {
  expect(highlight('<b>master</b>', matches('master'), marks)).toBe('<b>[master]</b>');
});
