import { describe, expect, it } from 'vitest';
import type { Entity } from './entity.ts';
import type { JsonObject } from './json.ts';
import { builtInKinds } from './kinds/index.ts';
import { createKindLookup, relationsOf } from './relations.ts';

const kinds = createKindLookup(builtInKinds);

const entity = (kind: string, spec: JsonObject, apiVersion = 'backstage.io/v1alpha1'): Entity => ({
  apiVersion,
  kind,
  metadata: { name: 'Me', namespace: 'space' },
  spec,
});

describe('relationsOf', () => {
  it.each<[string, Entity, string[]]>([
    [
      'Component',
      entity('Component', {
        owner: 'a',
        system: 's',
        subcomponentOf: 'parent',
        providesApis: ['p', 'other/P2'],
        consumesApis: ['c'],
        dependsOn: ['resource:db', 'component:x/y'],
        dependencyOf: ['component:z'],
      }),
      [
        'component:space/me ownedBy group:space/a',
        'component:space/me partOf component:space/parent',
        'component:space/me providesApi api:space/p',
        'component:space/me providesApi api:other/p2',
        'component:space/me consumesApi api:space/c',
        'component:space/me dependsOn resource:space/db',
        'component:space/me dependsOn component:x/y',
        'component:space/z dependsOn component:space/me',
        'component:space/me partOf system:space/s',
      ],
    ],
    [
      'API',
      entity('API', { type: 'openapi', owner: 'user:u', system: 's' }),
      ['api:space/me ownedBy user:space/u', 'api:space/me partOf system:space/s'],
    ],
    [
      'API of an MCP server',
      entity('API', { type: 'mcp-server', owner: 'team', system: 's' }),
      ['api:space/me ownedBy group:space/team', 'api:space/me partOf system:space/s'],
    ],
    [
      'Resource',
      entity('Resource', { owner: 'a', system: 's', dependsOn: ['resource:r'], dependencyOf: ['component:c'] }),
      [
        'resource:space/me ownedBy group:space/a',
        'resource:space/me dependsOn resource:space/r',
        'component:space/c dependsOn resource:space/me',
        'resource:space/me partOf system:space/s',
      ],
    ],
    [
      'System',
      entity('System', { owner: 'a', domain: 'd' }),
      ['system:space/me ownedBy group:space/a', 'system:space/me partOf domain:space/d'],
    ],
    [
      'Domain',
      entity('Domain', { owner: 'a', subdomainOf: 'd' }),
      ['domain:space/me ownedBy group:space/a', 'domain:space/me partOf domain:space/d'],
    ],
    [
      'Group',
      entity('Group', { parent: 'up', children: ['down'], members: ['ann', 'other/bob'] }),
      [
        'group:space/me childOf group:space/up',
        'group:space/down childOf group:space/me',
        'user:space/ann memberOf group:space/me',
        'user:other/bob memberOf group:space/me',
      ],
    ],
    ['User', entity('User', { memberOf: ['g'] }), ['user:space/me memberOf group:space/g']],
    ['Location', entity('Location', { target: './x' }), []],
    [
      'Template',
      entity('Template', { owner: 'a', system: 's' }, 'scaffolder.backstage.io/v1beta3'),
      ['template:space/me ownedBy group:space/a'],
    ],
    [
      'AiResource',
      entity('AiResource', { type: 'prompt', owner: 'a', system: 's', dependsOn: ['x'] }),
      ['airesource:space/me ownedBy group:space/a', 'airesource:space/me partOf system:space/s'],
    ],
    [
      'AiResource skill',
      entity('AiResource', { type: 'skill', owner: 'user:u', dependsOn: ['x'] }),
      ['airesource:space/me ownedBy user:space/u', 'airesource:space/me dependsOn airesource:space/x'],
    ],
    [
      'AiResource plugin',
      entity('AiResource', { type: 'plugin', owner: 'a', skills: ['x'] }),
      ['airesource:space/me ownedBy group:space/a', 'airesource:space/x partOf airesource:space/me'],
    ],
    [
      'AiResource marketplace',
      entity('AiResource', { type: 'marketplace', owner: 'a', plugins: ['x'] }),
      ['airesource:space/me ownedBy group:space/a', 'airesource:space/x partOf airesource:space/me'],
    ],
  ])('derives those of %s', (_, subject, expected) => {
    const { relations, faults } = relationsOf(subject, kinds);
    expect(faults).toEqual([]);
    expect(relations.map((edge) => edge.join(' '))).toEqual(expected);
  });

  it('says where each reference stands', () => {
    const { references } = relationsOf(
      entity('Component', { owner: 'a', dependsOn: ['component:b', 'component:b'] }),
      kinds,
    );
    expect(references).toEqual([
      { path: '/spec/owner', ref: 'group:space/a' },
      { path: '/spec/dependsOn/0', ref: 'component:space/b' },
      { path: '/spec/dependsOn/1', ref: 'component:space/b' },
    ]);
  });

  it('keeps an edge once', () => {
    const { relations } = relationsOf(
      entity('Component', { owner: 'a', dependsOn: ['component:b', 'Component:B'] }),
      kinds,
    );
    expect(relations).toHaveLength(2);
  });

  it('reports references without the kind they need', () => {
    const { relations, faults } = relationsOf(
      entity('Component', { owner: 'a', dependsOn: ['component:b', 'db'] }),
      kinds,
    );
    expect(relations).toHaveLength(2);
    expect(faults).toEqual([
      {
        code: 'CATALOG_DESCRIPTOR_REFERENCE_INVALID',
        message: 'Entity reference "db" had missing or empty kind (e.g. did not start with "component:" or similar).',
        path: '/spec/dependsOn/1',
        expected: 'a reference <kind>:[<namespace>/]<name> with its kind',
        found: '"db"',
        fix: 'Put the kind in front, such as "component:db" or "resource:…".',
      },
    ]);
  });

  it('warns of targets of a kind that is not related', () => {
    const { relations, faults } = relationsOf(entity('AiResource', { type: 'rule', owner: 'domain:d' }), kinds);
    expect(relations).toEqual([]);
    expect(faults).toMatchObject([
      { severity: 'warning', path: '/spec/owner', expected: 'a reference to Group or User' },
    ]);
  });

  it('makes no relations of unknown kinds and versions', () => {
    expect(relationsOf(entity('Component', { owner: 'a' }, 'example.com/v1'), kinds).relations).toEqual([]);
  });

  it('stores a new pair in the direction in which it is first named', () => {
    const lookup = createKindLookup([
      {
        kind: 'Room',
        apiVersions: ['example.com/v1'],
        schema: {},
        relations: [
          { field: 'site.building', type: 'locatedIn', inverse: 'houses', defaultKind: 'Building' },
          { field: 'tenants', type: 'houses', inverse: 'locatedIn', defaultKind: 'Group' },
        ],
      },
    ]);
    expect(lookup.pairs.at(-1)).toEqual({ type: 'locatedIn', inverse: 'houses' });
    const room = entity('Room', { site: { building: 'hq' }, tenants: ['t'] }, 'example.com/v1');
    expect(relationsOf(room, lookup).relations).toEqual([
      ['room:space/me', 'locatedIn', 'building:space/hq'],
      ['group:space/t', 'locatedIn', 'room:space/me'],
    ]);
  });
});
