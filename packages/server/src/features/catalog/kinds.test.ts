import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors/index.ts';
import { prepare } from './formats/backstage/prepare.ts';
import { createKinds, type KindInput } from './kinds.ts';

const room: KindInput = {
  kind: 'Room',
  apiVersions: ['example.com/v1'],
  schema: {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        required: ['building'],
        properties: { building: { type: 'string' }, seats: { type: 'integer', minimum: 1 } },
        additionalProperties: true,
      },
    },
  },
  relations: [
    { field: 'building', type: 'locatedIn', inverse: 'houses', defaultKind: 'Building' },
    { field: 'owner', type: 'ownedBy', inverse: 'ownerOf', defaultKind: 'Group' },
  ],
  icon: 'door',
  columns: ['metadata.name', 'spec.building'],
};

const faultsOf = (custom: unknown) => {
  try {
    createKinds(custom as KindInput[]);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    const { code, details } = error as AppError;
    expect(code).toBe('CATALOG_KINDS_INVALID');
    return ((details ?? {}).faults as { path: string; message: string }[]).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
  return [];
};

describe('createKinds', () => {
  it('knows the built-in kinds and both names of their relations', () => {
    const kinds = createKinds();
    expect(kinds.all.map(({ kind }) => kind)).toEqual([
      ...['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location', 'Template', 'AiResource'],
    ]);
    for (const kind of kinds.all)
      expect(kind).toMatchObject({ icon: expect.stringMatching(/^[a-z0-9-]+$/), columns: expect.any(Array) });
    expect([kinds.inverseOf('ownedBy'), kinds.inverseOf('ownerOf'), kinds.inverseOf('x')]).toEqual([
      'ownerOf',
      'ownedBy',
      undefined,
    ]);
    expect([kinds.isStored('childOf'), kinds.isStored('parentOf')]).toEqual([true, false]);
  });

  it('treats a configured kind like a built-in one', async () => {
    const kinds = createKinds([room]);
    expect(kinds.inverseOf('houses')).toBe('locatedIn');
    expect(kinds.find({ apiVersion: 'example.com/v1', kind: 'Room' })?.icon).toBe('door');
    const describeRoom = (spec: string) =>
      prepare({
        location: 'file:/srv/room.yaml',
        originLocation: 'file:/srv',
        text: `apiVersion: example.com/v1\nkind: Room\nmetadata: { name: blue }\nspec: ${spec}\n`,
        settings: { kinds: [room] },
        read: () => Promise.reject(new Error('nothing to read')),
      });
    const good = await describeRoom('{ building: hq, owner: facility, seats: 4 }');
    expect(good.problems).toEqual([]);
    expect(good.entities[0]).toMatchObject({
      ref: 'room:default/blue',
      owner: 'group:default/facility',
      relations: [
        ['room:default/blue', 'locatedIn', 'building:default/hq'],
        ['room:default/blue', 'ownedBy', 'group:default/facility'],
      ],
    });
    const bad = await describeRoom('{ seats: 0 }');
    expect(bad.problems.map(({ path, message, line }) => [path, message, line])).toEqual([
      ['/spec/building', 'spec.building is missing.', 4],
      ['/spec/seats', 'spec.seats must be >= 1.', 4],
    ]);
  });

  it('takes schemas in the manner of Backstage and of newer drafts', () => {
    const kinds = createKinds([
      {
        kind: 'Old',
        apiVersions: ['example.com/v1'],
        schema: {
          $schema: 'http://json-schema.org/draft-07/schema',
          $id: 'OldV1',
          allOf: [{ $ref: 'Entity' }, { type: 'object', required: ['spec'], properties: { spec: { type: 'object' } } }],
        },
      },
      {
        kind: 'New',
        apiVersions: ['example.com/v1'],
        schema: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          properties: { spec: { properties: { pair: { prefixItems: [{ type: 'string' }] } } } },
        },
      },
    ]);
    const check = (kind: string, spec: Record<string, never> | { pair: number[] } | undefined) =>
      kinds
        .validate({ apiVersion: 'example.com/v1', kind, metadata: { name: 'x' }, spec } as never)
        .faults.map(({ path }) => path);
    expect(check('Old', {})).toEqual([]);
    expect(check('Old', undefined)).toEqual(['/spec']);
    expect(check('New', { pair: [1] })).toEqual(['/spec/pair/0']);
  });

  it('checks variants by spec.type', () => {
    const kinds = createKinds();
    const paths = (spec: Record<string, string>) =>
      kinds.validate({ apiVersion: 'backstage.io/v1alpha1', kind: 'API', spec }).faults.map(({ path }) => path);
    expect(paths({ type: 'openapi', lifecycle: 'x', owner: 'y' })).toEqual(['/spec/definition']);
    expect(paths({ type: 'mcp-server', lifecycle: 'x', owner: 'y' })).toEqual(['/spec/remotes']);
  });

  it.each<[string, unknown, string[]]>([
    ['something that is no list', {}, [': catalog.kinds is not a list.']],
    ['an entry that is no map', ['Room'], ['/0: A kind is a map.']],
    [
      'an empty entry',
      [{}],
      [
        '/0/kind: The name of the kind is not valid: nothing.',
        '/0/apiVersions: apiVersions is not a list of versions: nothing.',
        '/0/schema: The schema is missing.',
      ],
    ],
    [
      'a built-in kind',
      [{ ...room, kind: 'API', apiVersions: ['backstage.io/v1alpha1'] }],
      ['/0/apiVersions: API with backstage.io/v1alpha1 is defined already.'],
    ],
    ['a kind twice', [room, room], ['/1/apiVersions: Room with example.com/v1 is defined already.']],
    [
      'a schema that cannot be used',
      [{ ...room, schema: { type: 'maybe' } }],
      ['/0/schema: The schema cannot be used'],
    ],
    [
      'a bad relation name',
      [{ ...room, relations: [{ field: 'a', type: 'is in', inverse: 'x' }] }],
      ['/0/relations/0/type: A relation name is missing or not valid: "is in".'],
    ],
    [
      'another inverse',
      [{ ...room, relations: [{ field: 'a', type: 'ownedBy', inverse: 'owns' }] }],
      ['/0/relations/0/inverse: The inverse of ownedBy is ownerOf, not owns.'],
    ],
    [
      'an inverse that is taken',
      [{ ...room, relations: [{ field: 'a', type: 'has', inverse: 'partOf' }] }],
      ['/0/relations/0/inverse: partOf is already the inverse of hasPart.'],
    ],
    ['a variant without type', [{ ...room, variants: [{ schema: {} }] }], ['/0/variants/0/type: The type is missing.']],
  ])('refuses %s', (_, custom, expected) => {
    const found = faultsOf(custom);
    expect(found).toHaveLength(expected.length);
    expected.forEach((text, index) => expect(found[index]).toContain(text));
  });
});
