import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { toYaml } from './yaml.ts';

describe('YAML for reading', () => {
  it('writes a descriptor as a person would', () => {
    expect(
      toYaml({
        kind: 'Component',
        metadata: {
          name: 'ledger',
          tags: ['java', 'pci'],
          annotations: { 'acme.io/on-call': 'true' },
          links: [{ url: 'https://x.org/a', title: 'A' }],
        },
        spec: { replicas: 3, active: true, nothing: null, none: [], empty: {} },
      }),
    ).toBe(`kind: Component
metadata:
  name: ledger
  tags:
    - java
    - pci
  annotations:
    acme.io/on-call: "true"
  links:
    - url: "https://x.org/a"
      title: A
spec:
  replicas: 3
  active: true
  nothing: null
  none: []
  empty: {}
`);
  });

  it('writes long texts as blocks', () => {
    expect(toYaml({ definition: 'openapi: 3.1.0\ninfo:\n  title: x\n' })).toBe(
      'definition: |\n  openapi: 3.1.0\n  info:\n    title: x\n',
    );
  });

  const awkward = [
    'yes',
    '1e3',
    '010',
    '-',
    '- a',
    '? x',
    'a: b',
    'a #b',
    '#a',
    '',
    ' a',
    'a ',
    'null',
    '~',
    '@x',
    '`x',
    '%x',
    '!x',
    '&x',
    '*x',
    '{x',
    '[x',
    'a\nb',
    'a\n\n',
    '\na',
    '  a\nb',
    'a\tb\nc',
    'ä 日本 😀',
    'x\u0000y\nz',
    '"quoted"',
    "it's",
    'a\\b',
    '---',
    '...',
    '2020-01-01',
    '.5',
    '0x1F',
    'a\r\nb',
    '日本\n😀',
    '<<',
    '=',
  ];
  it.each(awkward)('means %j again when it is read', (text) => {
    const value = {
      [text === '' ? 'k' : text]: text,
      list: [text, [text, { deep: text }], { first: [text], second: text }],
    };
    expect(parse(toYaml(value))).toEqual(value);
  });
});
