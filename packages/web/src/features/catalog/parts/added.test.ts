import type { Entity } from '@callboard/model';
import { expect, test } from 'vitest';
import { addedValues, dotted } from './added.ts';

const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'cart',
    namespace: 'default',
    uid: 'u',
    etag: 'e',
    annotations: { 'backstage.io/managed-by-location': 'file:/x', 'example.com/own': '1' },
  },
  spec: { type: 'service', tags: ['a'] },
};

test('what the catalog completed is told apart from what stands in the descriptor', () => {
  const written = new Set([
    '/apiVersion',
    '/kind',
    '/metadata/name',
    '/metadata/annotations/example.com~1own',
    '/spec/type',
  ]);
  expect(addedValues(entity, written)).toEqual([
    {
      path: '/metadata/namespace',
      value: 'default',
      why: 'The descriptor names no namespace, so it is the default one.',
    },
    {
      path: '/metadata/annotations/backstage.io~1managed-by-location',
      value: 'file:/x',
      why: 'The file that describes it.',
    },
  ]);
  expect(addedValues(entity, new Set([...written, '/metadata/namespace']))).toHaveLength(1);
  expect(dotted('/metadata/annotations/backstage.io~1orphan')).toBe('metadata.annotations.backstage.io/orphan');
});
