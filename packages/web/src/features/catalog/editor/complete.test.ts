import { expect, test } from 'vitest';
import type { KindSchema } from './api.ts';
import { placeAt, proposalsAt, referenceAt } from './complete.ts';

const text = (more: string) =>
  `kind: Group\nmetadata: { name: a }\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: cart\n  links:\n    - url: https://x\n      ${more}`;

const component: KindSchema = {
  kind: 'Component',
  description: 'Software',
  apiVersions: ['backstage.io/v1alpha1'],
  variants: [],
  references: [{ field: 'owner', kinds: ['Group', 'User'], isKindNeeded: false }],
  schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['type'],
        properties: {
          type: { type: 'string', description: 'What it is' },
          tier: { enum: ['gold', 'silver'] },
          owner: { type: 'string' },
        },
      },
    },
  },
};

/** The place at the end of a text. */
const atEnd = (value: string) => {
  const lines = value.split('\n');
  return placeAt(value, lines.length - 1, lines.at(-1)!.length);
};

test('a place is known by indentation, in its own document', () => {
  expect(atEnd(text('ti'))).toMatchObject({
    path: ['metadata', 'links'],
    writing: 'key',
    written: 'ti',
    kind: 'Component',
    siblings: ['url'],
  });
  expect(atEnd('kind: Component\nspec:\n  owner: pay')).toMatchObject({
    path: ['spec', 'owner'],
    writing: 'value',
    written: 'pay',
  });
  expect(atEnd('spec:\n  dependsOn:\n    - component:ca')).toMatchObject({
    path: ['spec', 'dependsOn'],
    writing: 'value',
    written: 'component:ca',
  });
  expect(atEnd('spec:\n  providesApis:\n  - ca')).toMatchObject({
    path: ['spec', 'providesApis'],
    writing: 'value',
    written: 'ca',
  });
  expect(atEnd('spec:\n  providesApis: [one, tw')).toMatchObject({
    path: ['spec', 'providesApis'],
    writing: 'value',
    written: 'tw',
  });
  expect(atEnd('a: 1\n')).toMatchObject({ path: [], writing: 'key', written: '', siblings: ['a'] });
});

test('proposals are what the schema lets stand, without what is there', () => {
  const words = (value: string) => proposalsAt([component], atEnd(value), ['example.com/x']).map(({ word }) => word);
  expect(words('')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  expect(words('kind: ')).toEqual(['Component']);
  expect(words('kind: Component\nspec:\n  type: service\n  ')).toEqual(['tier', 'owner']);
  expect(words('kind: Component\nspec:\n  tier: ')).toEqual(['gold', 'silver']);
  expect(words('kind: Component\nspec:\n  type: ')).toEqual(['service', 'website', 'library']);
  expect(words('kind: Component\nmetadata:\n  annotations:\n    ')).toEqual(['example.com/x']);
  expect(proposalsAt([component], atEnd('kind: Component\nspec:\n  '), []).find(({ isNeeded }) => isNeeded)?.word).toBe(
    'type',
  );
});

test('a field that names entities says of which kinds', () => {
  expect(referenceAt([component], atEnd('kind: Component\nspec:\n  owner: a'))?.kinds).toEqual(['Group', 'User']);
  expect(referenceAt([component], atEnd('kind: Component\nspec:\n  type: a'))).toBeUndefined();
});
