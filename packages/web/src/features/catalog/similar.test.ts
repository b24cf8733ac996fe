import { describe, expect, it } from 'vitest';
import { likeness, mostAlike, searchTerms } from './similar.ts';

describe('names that come near', () => {
  it('finds the name behind a slip', () => {
    const names = ['session-service', 'ledger-worker', 'ledger-service', 'cart', 'payments-ledger-service-v2'];
    expect(mostAlike('ledgr-service', names, (name) => name).slice(0, 2)).toEqual([
      'ledger-service',
      'payments-ledger-service-v2',
    ]);
    expect(mostAlike('cartt', names, (name) => name)).toEqual(['cart']);
    expect(mostAlike('zzz', names, (name) => name)).toEqual([]);
  });

  it('measures from nothing in common to the same', () => {
    expect(likeness('ledger', 'LEDGER')).toBe(1);
    expect(likeness('abc', 'xyz')).toBe(0);
  });

  it('looks for words, their beginnings and their ends', () => {
    expect(searchTerms('ledgr-service')).toEqual(['ledgr', 'service', 'ledg', 'serv', 'edgr', 'vice']);
    expect(searchTerms('salings')).toEqual(['salings', 'sali', 'ings']);
    expect(searchTerms('a-b')).toEqual([]);
  });
});
