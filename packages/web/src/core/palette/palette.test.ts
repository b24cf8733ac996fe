import { describe, expect, it } from 'vitest';
import { arrange, fitting, readTyped } from './arrange.ts';
import { marksOf, scoreOf } from './match.ts';
import type { PaletteItem } from './types.ts';

describe('what is typed into the palette', () => {
  it('chooses the scope by its first sign', () => {
    expect(readTyped(' payments ')).toEqual({ scope: 'all', text: 'payments' });
    expect(readTyped('> theme')).toEqual({ scope: 'actions', text: 'theme' });
    expect(readTyped('@ada')).toEqual({ scope: 'people', text: 'ada' });
    expect(readTyped(' #java')).toEqual({ scope: 'tags', text: 'java' });
    expect(readTyped('a>b')).toEqual({ scope: 'all', text: 'a>b' });
  });

  it('prefers the name itself, then its start, then a word of it, then anything in it', () => {
    const names = ['payments', 'payments-api', 'card-payments', 'repayments', 'PaymentGateway', 'ledger'];
    const order = names.toSorted((a, b) => scoreOf(b, 'payments') - scoreOf(a, 'payments'));
    expect(order.slice(0, 4)).toEqual(['payments', 'payments-api', 'card-payments', 'repayments']);
    expect(scoreOf('ledger', 'payments')).toBe(0);
    expect(scoreOf('PaymentGateway', 'gate')).toBeGreaterThan(scoreOf('investigate', 'gate'));
    expect(scoreOf('payments-api', 'api pay')).toBeGreaterThan(0);
    expect(scoreOf('payments-api', 'payments api')).toBe(1);
    expect(scoreOf('payments-api', 'pay ledger')).toBe(0);
    expect(scoreOf('anything', '')).toBe(0);
  });

  it('marks what was typed, apart and in order', () => {
    expect(marksOf('payments-api', 'api pay')).toEqual([
      [0, 3],
      [9, 12],
    ]);
    expect(marksOf('payments', 'pay payme')).toEqual([[0, 5]]);
    expect(marksOf('ledger', 'x')).toEqual([]);
  });
});

describe('the lines of the palette', () => {
  const item = (id: string, group: string, score: number): PaletteItem => ({ id, label: id, group, score });

  it('has the best match on top whatever it is, then the groups', () => {
    const groups = arrange([item('a', 'Pages', 0.5), item('b', 'Components', 0.7), item('c', 'Components', 0.9)], {
      text: 'x',
      group: undefined,
    });
    expect(groups.map(({ title, items }) => [title, items.map(({ id }) => id)])).toEqual([
      ['Best match', ['c']],
      ['Components', ['b']],
      ['Pages', ['a']],
    ]);
  });

  it('names no best match where nothing fits well, and shows each thing once', () => {
    const groups = arrange([item('a', 'Components', 0.4), item('a', 'Recent', 0.4)], { text: 'x', group: undefined });
    expect(groups.map(({ title }) => title)).toEqual(['Components']);
  });

  it('says how many a group has left out, and shows them once it is chosen', () => {
    const many = Array.from({ length: 9 }, (_, index) => item(`c${index}`, 'Components', 0.5));
    expect(arrange(many, { text: 'c', group: undefined })[0]).toMatchObject({ title: 'Components', more: 4 });
    expect(arrange(many, { text: 'c', group: 'Components' })[0]?.items).toHaveLength(9);
    expect(arrange(many, { text: 'c', group: 'People' })).toEqual([]);
  });

  it('finds actions by other words too, after those whose name says it', () => {
    const actions: PaletteItem[] = [
      { id: 'dark', label: 'Use the dark theme', group: 'Actions', keywords: 'colour night' },
      { id: 'night', label: 'Night shift', group: 'Actions' },
    ];
    expect(fitting(actions, 'night').map(({ id }) => id)).toEqual(['night', 'dark']);
    expect(fitting(actions, 'zebra')).toEqual([]);
    expect(fitting(actions, '')).toEqual(actions);
  });
});
