import { expect, test } from 'vitest';
import { reachOf } from '@callboard/model/plugins/rules';
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

test('says what nobody can grant less of', () => {
  const task = (id: string, everySeconds?: number) => ({ id, title: id, ...(everySeconds && { everySeconds }) });
  expect(
    reachOf('yard', {
      routes: [
        { id: 'in', title: 'Launched', method: 'POST', path: '/hooks/launched', open: true },
        { id: 'list', title: 'List', method: 'GET', path: '/list' },
      ],
      tasks: [task('watch'), task('poll', 300), task('sweep', 3600), task('blink', 45)],
      actions: [
        { id: 'yard:push', title: 'Push', workspace: 'read' },
        { id: 'yard:paint', title: 'Paint', workspace: 'write' },
        { id: 'yard:say', title: 'Say' },
      ],
    }),
  ).toEqual([
    'Is called from outside by anybody, without signing in: Launched (POST /api/plugins/yard/hooks/launched)',
    'Works in the background all the time: watch',
    'Works in the background every 5 min: poll',
    'Works in the background every hour: sweep',
    'Works in the background every 45 s: blink',
    'Reads the files of template runs, and pushes them to granted hosts: Push',
    'Reads and changes the files of template runs, and pushes them to granted hosts: Paint',
  ]);
  expect(reachOf('calm', { cards: [{ id: 'a', title: 'A' }] })).toEqual([]);
});
