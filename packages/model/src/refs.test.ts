import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLocationRef, stringifyLocationRef } from './locations.ts';
import { parseEntityRef, stringifyEntityRef } from './refs.ts';

const context = { defaultKind: 'Component', defaultNamespace: 'space' };

describe('parseEntityRef', () => {
  it.each([
    ['k:ns/a', { kind: 'k', namespace: 'ns', name: 'a' }],
    ['K:NS/Ab', { kind: 'K', namespace: 'NS', name: 'Ab' }],
    ['k:a', { kind: 'k', namespace: 'space', name: 'a' }],
    ['ns/a', { kind: 'Component', namespace: 'ns', name: 'a' }],
    ['a', { kind: 'Component', namespace: 'space', name: 'a' }],
    ['k:ns/a/b', { kind: 'k', namespace: 'ns', name: 'a/b' }],
    ['k:n:a', { kind: 'k', namespace: 'space', name: 'n:a' }],
    ['a/b:c', { kind: 'Component', namespace: 'a', name: 'b:c' }],
  ])('reads %s', (text, ref) => {
    expect(parseEntityRef(text, context)).toEqual(ref);
  });

  it.each(['K:/a', 'a:', ':a', 'ns/', '/a', 'k:ns/', ':', '/'])('rejects %s', (text) => {
    expect(() => parseEntityRef(text, context)).toThrow(
      `Entity reference "${text}" was not on the form [<kind>:][<namespace>/]<name>`,
    );
  });

  it('requires a kind without a default', () => {
    expect(() => parseEntityRef('a')).toThrow(
      'Entity reference "a" had missing or empty kind (e.g. did not start with "component:" or similar)',
    );
    expect(() => parseEntityRef('')).toThrow('Entity reference must not be empty');
  });

  it('falls back to the default namespace', () => {
    expect(parseEntityRef('k:a')).toEqual({ kind: 'k', namespace: 'default', name: 'a' });
  });
});

describe('stringifyEntityRef', () => {
  it('writes canonical lower case', () => {
    expect(stringifyEntityRef({ kind: 'Component', name: 'My-Name' })).toBe('component:default/my-name');
    expect(
      stringifyEntityRef({ apiVersion: 'a/v1', kind: 'API', metadata: { namespace: 'Space', name: 'X.y_Z' } }),
    ).toBe('api:space/x.y_z');
  });

  it('is undone by reading', () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,20}$/);
    fc.assert(
      fc.property(word, word, word, (kind, namespace, name) => {
        const ref = { kind, namespace, name };
        expect(parseEntityRef(stringifyEntityRef(ref))).toEqual(ref);
      }),
    );
  });
});

describe('location refs', () => {
  it('splits at the first colon and trims', () => {
    expect(parseLocationRef('url: https://host/a:b ')).toEqual({ type: 'url', target: 'https://host/a:b' });
    expect(stringifyLocationRef({ type: 'file', target: '/a' })).toBe('file:/a');
  });

  it.each(['', 'url', 'url:', ':x', ' : '])('rejects %j', (text) => {
    expect(() => parseLocationRef(text)).toThrow(
      `Unable to parse location ref '${text}', expected '<type>:<target>', e.g. 'url:https://host/path'`,
    );
  });

  it('hints at the missing type of an address', () => {
    expect(() => parseLocationRef('https://host/x')).toThrow(
      "Invalid location ref 'https://host/x', please prefix it with 'url:', e.g. 'url:https://host/x'",
    );
  });

  it.each(['url:javascript:alert(1)', 'url: \u0001 jAva\nscript:x', 'url:java\tscript:x'])(
    'rejects the script in %j',
    (text) => {
      expect(() => parseLocationRef(text)).toThrow('target is a javascript: URL');
    },
  );

  it('rejects what cannot be read again', () => {
    expect(() => stringifyLocationRef({ type: '', target: 'x' })).toThrow('empty type');
    expect(() => stringifyLocationRef({ type: 'url', target: '' })).toThrow('empty target');
    expect(() => stringifyLocationRef({ type: 'url', target: 'javascript:x' })).toThrow('javascript: URL');
  });
});
