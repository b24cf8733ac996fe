import { describe, expect, it } from 'vitest';
import { heldOf } from './held.ts';
import { readLocation } from './location-input.ts';

describe('what a person pastes as a location', () => {
  it.each([
    [
      'https://git.example.org/a/blob/main/catalog-info.yaml',
      'url',
      'https://git.example.org/a/blob/main/catalog-info.yaml',
    ],
    [' https://git.example.org/a.git ', 'git', 'https://git.example.org/a.git'],
    ['git@git.example.org:acme/a.git', 'git', 'git@git.example.org:acme/a.git'],
    ['ssh://git@git.example.org/a', 'git', 'ssh://git@git.example.org/a'],
    ['/srv/acme', 'file', '/srv/acme'],
    ['./acme/*.yaml', 'file', './acme/*.yaml'],
    ['file:///srv/a%20b.yaml', 'file', '/srv/a b.yaml'],
    ['url:https://x.org/c.yaml', 'url', 'https://x.org/c.yaml'],
    ['file:/srv/acme', 'file', '/srv/acme'],
  ])('takes %s for %s', (text, type, target) => {
    expect(readLocation(text)).toEqual({ type, target });
  });

  it('takes nothing for nothing', () => {
    expect(readLocation('  ')).toBeUndefined();
  });
});

describe('what a held source would delete', () => {
  it('reads figures and names, and survives what it does not know', () => {
    expect(heldOf({ held: { lost: 12, total: 40, refs: ['component:default/a', 3] } })).toEqual({
      lost: 12,
      total: 40,
      refs: ['component:default/a'],
    });
    expect(heldOf({ held: {} })).toEqual({ lost: 0, total: 0, refs: [] });
    expect(heldOf({})).toBeUndefined();
  });
});
