import { expect, test } from 'vitest';
import { addedBy, bytesOf, placeOf } from './words.ts';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [123_456, '123 kB'],
  [47_300_000, '47.3 MB'],
])('%d bytes: %s', (bytes, words) => {
  expect(bytesOf(bytes)).toBe(words);
});

test('says what a plugin adds, by its titles', () => {
  expect(
    addedBy({ cards: [{ id: 'a', title: 'Runs' }], routes: [], kinds: [{ kind: 'Robot' }, { kind: 'Arm' }] }),
  ).toEqual([
    { what: '1 card of entities', titles: ['Runs'] },
    { what: '2 kinds of entities', titles: ['Robot', 'Arm'] },
  ]);
});

test('says where a server part runs', () => {
  expect([
    placeOf({ runsIn: 'child', running: false }),
    placeOf({ runsIn: 'process', running: true }),
    placeOf({ runsIn: 'nothing', running: false }),
  ]).toEqual(['In a process of its own, asleep', 'In the portal’s process, running', 'Without a process']);
});
