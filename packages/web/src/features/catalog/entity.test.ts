import type { Entity } from '@callboard/model';
import { describe, expect, it } from 'vitest';
import { columnsFor } from './columns.tsx';
import {
  descriptorOf,
  groupRelations,
  nameOf,
  readRef,
  relationTitle,
  safeUrl,
  shortRef,
  targetsOf,
  textAt,
  valueAt,
} from './entity.ts';
import { describeKinds } from './kinds.ts';

const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'ledger',
    uid: 'u',
    etag: 'e',
    title: 'The ledger',
    annotations: { 'acme.io/on-call': 'li', 'acme.io': 'x' },
    tags: ['a'],
  },
  spec: { type: 'service', owner: '', profile: {} },
  relations: [
    { type: 'dependsOn', targetRef: 'resource:default/db' },
    { type: 'ownedBy', targetRef: 'group:default/payments' },
    { type: 'auditedBy', targetRef: 'group:default/audit' },
    { type: 'dependsOn', targetRef: 'component:default/cart' },
  ],
};

describe('reading an entity', () => {
  it('finds values by path, also behind keys with dots', () => {
    expect(valueAt(entity, 'metadata.annotations.acme.io/on-call')).toBe('li');
    expect(valueAt(entity, 'metadata.annotations.acme.io')).toBe('x');
    expect(valueAt(entity, 'metadata.tags')).toEqual(['a']);
    expect(valueAt(entity, 'spec.none.deeper')).toBeUndefined();
    expect(valueAt(entity, 'toString')).toBeUndefined();
  });

  it('takes an empty text for none', () => {
    expect(textAt(entity, 'spec.owner')).toBeUndefined();
    expect(textAt(entity, 'spec.type')).toBe('service');
  });

  it('calls it as people do', () => {
    expect(nameOf(entity)).toBe('The ledger');
    expect(nameOf({ ...entity, metadata: { name: 'x' } })).toBe('x');
    expect(nameOf({ ...entity, spec: { profile: { displayName: 'Ada' } } })).toBe('Ada');
  });

  it('groups relations, what it says about itself first, unknown ones last', () => {
    expect(groupRelations(entity)).toEqual([
      ['ownedBy', ['group:default/payments']],
      ['dependsOn', ['resource:default/db', 'component:default/cart']],
      ['auditedBy', ['group:default/audit']],
    ]);
    expect(targetsOf(entity, 'ownedBy', 'auditedBy')).toEqual(['group:default/payments', 'group:default/audit']);
    expect(['dependencyOf', 'auditedBy'].map(relationTitle)).toEqual(['Needed by', 'Audited by']);
  });

  it('shows the descriptor without what the server added', () => {
    expect(descriptorOf(entity)).toEqual({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'ledger', title: 'The ledger', annotations: entity.metadata.annotations, tags: ['a'] },
      spec: entity.spec,
    });
  });

  it('reads short references in their context', () => {
    expect(readRef('Payments', 'group', 'shop')).toEqual({ kind: 'group', namespace: 'shop', name: 'payments' });
    expect(readRef('user:default/Ada', 'group', 'shop')).toEqual({ kind: 'user', namespace: 'default', name: 'ada' });
    expect(readRef('payments', undefined, 'shop')).toBeUndefined();
    expect(shortRef({ kind: 'group', namespace: 'default', name: 'a' })).toBe('a');
    expect(shortRef({ kind: 'group', namespace: 'shop', name: 'a' })).toBe('shop/a');
  });
});

describe('addresses of links', () => {
  it.each(['https://x.org/a', 'http://x.org/', 'mailto:a@x.org', 'tel:123', 'chat://channel/1'])(
    'follows %s',
    (url) => {
      expect(safeUrl(url)).toBe(url);
    },
  );

  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '/relative',
    'no address',
    '',
    undefined,
  ])('does not follow %j', (url) => {
    expect(safeUrl(url)).toBeUndefined();
  });
});

describe('kinds', () => {
  const kind = {
    kind: 'Dataset',
    plural: 'datasets',
    columns: ['spec.tier', 'spec.owner'],
    apiVersions: [],
    relations: [],
    count: 1,
    icon: 'database',
  };
  const kinds = describeKinds([kind]);

  it('are called and drawn as the registry says, and readably without it', () => {
    expect([kinds.titleOf('dataset'), kinds.pluralOf('DATASET'), kinds.iconOf('dataset')]).toEqual([
      'Dataset',
      'Datasets',
      'database',
    ]);
    expect([kinds.titleOf('widget'), kinds.pluralOf('widget'), kinds.iconOf('widget')]).toEqual([
      'Widget',
      'Widgets',
      'shape',
    ]);
  });

  it('keep their capitals in the plural', () => {
    const named = describeKinds([
      { ...kind, kind: 'AiResource', title: 'AI resource', plural: 'airesources' },
      { ...kind, kind: 'Policy', plural: 'policies' },
    ]);
    expect([named.pluralOf('airesource'), named.pluralOf('policy')]).toEqual(['AI resources', 'Policies']);
  });

  it('bring their own columns, always with a name', () => {
    expect(columnsFor(kind).map(({ id, label }) => [id, label])).toEqual([
      ['name', 'Name'],
      ['spec.tier', 'Tier'],
      ['owner', 'Owner'],
    ]);
    expect(columnsFor(undefined).map(({ id }) => id)).toEqual([
      'name',
      'kind',
      'type',
      'owner',
      'system',
      'lifecycle',
      'tags',
    ]);
  });
});
