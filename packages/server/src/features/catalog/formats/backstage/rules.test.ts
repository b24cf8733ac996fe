import { describe, expect, it } from 'vitest';
import { type CatalogRule, isAllowed } from './rules.ts';

const origin = { type: 'url', target: 'https://github.com/Acme/shop/blob/main/catalog-info.yaml' };
const service = { kind: 'Component', spec: { type: 'Service' } };

describe('isAllowed', () => {
  it.each<[string, CatalogRule[] | undefined, boolean]>([
    ['no rules', undefined, true],
    ['an empty list', [], false],
    ['the kind in any case', [{ allow: ['API', 'component'] }], true],
    ['another kind', [{ allow: ['API'] }], false],
    ['a kind with its type', [{ allow: [{ kind: 'Component', 'spec.type': 'service' }] }], true],
    ['a kind with another type', [{ allow: [{ kind: 'Component', 'spec.type': 'website' }] }], false],
    ['a second rule', [{ allow: ['API'] }, { allow: ['Component'] }], true],
    ['another type of location', [{ allow: ['Component'], locations: [{ type: 'file' }] }], false],
    ['the type of location', [{ allow: ['Component'], locations: [{ type: 'file' }, { type: 'url' }] }], true],
    ['the exact location', [{ allow: ['Component'], locations: [{ type: 'url', exact: origin.target }] }], true],
    ['another location', [{ allow: ['Component'], locations: [{ type: 'url', exact: 'https://x' }] }], false],
    [
      'a pattern in any case',
      [{ allow: ['Component'], locations: [{ type: 'url', pattern: 'https://github.com/acme/**' }] }],
      true,
    ],
    [
      'a pattern with one star',
      [{ allow: ['Component'], locations: [{ type: 'url', pattern: 'https://github.com/acme/*' }] }],
      false,
    ],
    [
      'a pattern with dots',
      [{ allow: ['Component'], locations: [{ type: 'url', pattern: 'https://*/*/*/blob/main/catalog-info.yaml' }] }],
      true,
    ],
  ])('with %s', (_, rules, allowed) => {
    expect(isAllowed(service, rules, origin)).toBe(allowed);
  });

  it('needs a type where the rule names one', () => {
    expect(isAllowed({ kind: 'Component' }, [{ allow: [{ kind: 'Component', 'spec.type': 'service' }] }], origin)).toBe(
      false,
    );
  });
});
