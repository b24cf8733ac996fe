import { describe, expect, it } from 'vitest';
import { count, splitMiddle, words } from './text.ts';
import { relativeTime } from './time.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('ages', () => {
  it.each([
    [0, 'just now'],
    [9 * second, 'just now'],
    [10 * second, '10 s ago'],
    [59 * second, '59 s ago'],
    [minute, '1 min ago'],
    [59 * minute, '59 min ago'],
    [hour, '1 h ago'],
    [23 * hour, '23 h ago'],
    [day, '1 day ago'],
    [30 * day, '30 days ago'],
    [31 * day, '22 Oct 2026'],
    [-2 * hour, 'in 2 h'],
  ])('says %i ms as %s', (age, text) => {
    expect(relativeTime(now - age, now)).toBe(text);
  });
});

describe('words', () => {
  it('counts with the right form', () => {
    expect(count(1, 'entity', 'entities')).toBe('1 entity');
    expect(count(1204, 'entity', 'entities')).toBe('1,204 entities');
    expect(count(0, 'problem')).toBe('0 problems');
  });

  it.each([
    ['spec.costCenter', 'Cost center'],
    ['metadata.annotations.acme.io/on-call', 'On call'],
    ['kind', 'Kind'],
  ])('makes %s readable', (path, text) => {
    expect(words(path)).toBe(text);
  });

  it('keeps the end of a long name', () => {
    expect(splitMiddle('ledger')).toEqual(['ledger', '']);
    expect(splitMiddle('payments-ledger-service-v2')).toEqual(['payments-ledger-se', 'rvice-v2']);
    expect(splitMiddle('Identity and secrets of the fleet')).toEqual(['Identity and secrets of the fleet', '']);
  });
});
