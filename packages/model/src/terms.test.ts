import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha1 } from './sha1.ts';
import { entityTerms, nullTerm, termValue } from './terms.ts';

describe('sha1', () => {
  it('agrees with the platform on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(sha1(text)).toBe(createHash('sha1').update(text).digest('hex'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('termValue', () => {
  it('lower-cases and keeps what is short', () => {
    expect(termValue('Ab')).toBe('ab');
    expect(termValue(true)).toBe('true');
    expect(termValue(1.5)).toBe('1.5');
    expect(termValue(null)).toBe(nullTerm);
    expect(termValue('x'.repeat(256))).toBe('x'.repeat(256));
  });

  it('cuts what is long and keeps it distinct', () => {
    const long = 'X'.repeat(300);
    expect(termValue(long)).toBe(`${'x'.repeat(192)}#${sha1('x'.repeat(300))}`);
    expect(termValue(`${long}a`)).not.toBe(termValue(`${long}b`));
  });

  it('replaces what databases refuse', () => {
    expect(termValue('a\0b\ud800')).toBe('a\uFFFDb\uFFFD');
  });

  it('is stable and storable for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const value = termValue(text);
        expect(termValue(value)).toBe(value);
        expect(value.isWellFormed()).toBe(true);
        expect(value.includes('\0')).toBe(false);
        expect(value.length).toBeLessThanOrEqual(256);
      }),
      { numRuns: 500 },
    );
  });
});

describe('entityTerms', () => {
  it('lists every leaf once', () => {
    const terms = entityTerms({
      apiVersion: 'example.com/v1',
      kind: 'Component',
      metadata: {
        name: 'Shop',
        uid: 'u',
        etag: 'e',
        tags: ['java', 'Go', 'java'],
        annotations: { 'example.com/Key': 'A' },
        links: [{ url: 'https://a' }, { url: 'https://b' }],
      },
      spec: { count: 3, on: true, empty: '', nothing: null, deep: { list: [1, [2, 'x']] } },
      relations: [{ type: 'ownedBy', targetRef: 'group:default/a' }],
      status: { items: [] },
    });
    expect(terms).toEqual([
      ['apiversion', 'example.com/v1', null, 0],
      ['kind', 'component', 'Component', 0],
      ['metadata.name', 'shop', 'Shop', 0],
      ['metadata.tags', 'java', null, 1],
      ['metadata.tags', 'go', 'Go', 1],
      ['metadata.annotations.example.com/key', 'a', 'A', 0],
      ['metadata.links.url', 'https://a', null, 0],
      ['metadata.links.url', 'https://b', null, 0],
      ['spec.count', '3', null, 0],
      ['spec.on', 'true', null, 0],
      ['spec.empty', '', null, 0],
      ['spec.nothing', nullTerm, null, 0],
      ['spec.deep.list', '1', null, 0],
      ['spec.deep.list', '2', null, 0],
      ['spec.deep.list', 'x', null, 1],
    ]);
  });

  it('keeps a readable start of a long value', () => {
    const [term] = entityTerms({
      apiVersion: 'a',
      kind: 'b',
      metadata: { name: 'c' },
      spec: { text: 'A'.repeat(400) },
    }).slice(-1);
    expect(term).toEqual(['spec.text', `${'a'.repeat(192)}#${sha1('a'.repeat(400))}`, `${'A'.repeat(192)}…`, 0]);
  });
});
