import fastCheck from 'fast-check';
import type { Files } from '../../../testing/portal.ts';

/** An entity of the small company on which the leak suite tries policies. */
type Thing = {
  ref: string;
  kind: string;
  namespace: string;
  name: string;
  tags: string[];
  labels: Record<string, string>;
  owner?: string;
  spec: Record<string, unknown>;
  docs?: boolean;
};

const thing = (ref: string, spec: Record<string, unknown>, more: Partial<Thing> = {}): Thing => {
  const [, kind = '', namespace = '', name = ''] = /^(\w+):([\w-]+)\/(.+)$/.exec(ref)!;
  return { ref: ref.toLowerCase(), kind, namespace, name, tags: [], labels: {}, spec, ...more };
};

const groups: [string, string | undefined][] = [
  ['all', undefined],
  ['red', 'all'],
  ['blue', 'all'],
  ['scarlet', 'red'],
];
const people: [string, string[]][] = [
  ['ada', ['scarlet']],
  ['ben', ['blue']],
  ['cyd', ['red', 'blue']],
  ['dan', []],
];
const service = (owner: string, more: Record<string, unknown> = {}) => ({
  type: 'service',
  lifecycle: 'production',
  owner,
  ...more,
});
const openapi = (word: string) =>
  JSON.stringify({
    openapi: '3.0.0',
    info: { title: word, version: '1' },
    paths: { [`/${word}`]: { get: { operationId: `list-${word}`, summary: `Lists ${word}`, responses: {} } } },
  });

/** Everything that there is. Names are words of their own, so that a search for one finds what tells of it. */
export const world: Thing[] = [
  ...groups.map(([name, parent]) =>
    thing(`Group:default/${name}`, { type: 'team', children: [], ...(parent && { parent }) }),
  ),
  ...people.map(([name, memberOf]) => thing(`User:default/${name}`, { memberOf })),
  thing('Domain:default/trade', { owner: 'all' }),
  thing('System:default/payments', { owner: 'red', domain: 'trade' }, { tags: ['public'] }),
  thing('System:default/shipping', { owner: 'blue', domain: 'trade' }, { tags: ['secret'] }),
  thing(
    'Component:default/ledger',
    service('scarlet', { system: 'payments', dependsOn: ['resource:vault', 'component:quay'], providesApis: ['book'] }),
    { tags: ['public'], labels: { tier: 'one' }, docs: true },
  ),
  thing(
    'Component:default/mint',
    service('red', { system: 'payments', consumesApis: ['book', 'route'], subcomponentOf: 'ledger' }),
    { labels: { tier: 'two' } },
  ),
  thing(
    'Component:default/quay',
    service('blue', { system: 'shipping', dependencyOf: ['component:mint'], providesApis: ['route'] }),
    { tags: ['secret'], docs: true },
  ),
  thing(
    'Component:hidden/mole',
    service('user:default/dan', { system: 'default/shipping', dependsOn: ['component:default/ledger'] }),
    {
      tags: ['secret'],
      labels: { tier: 'one' },
    },
  ),
  thing('Component:default/orphan', { type: 'library', lifecycle: 'experimental', owner: 'user:ben' }),
  thing(
    'Resource:default/vault',
    { type: 'database', owner: 'scarlet', system: 'payments' },
    { labels: { tier: 'two' } },
  ),
  thing('API:default/book', {
    type: 'openapi',
    lifecycle: 'production',
    owner: 'red',
    system: 'payments',
    definition: openapi('chapters'),
  }),
  thing(
    'API:default/route',
    { type: 'openapi', lifecycle: 'production', owner: 'blue', system: 'shipping', definition: openapi('harbours') },
    { tags: ['public'] },
  ),
  ...['red', 'blue'].map((owner) =>
    thing(
      `Template:default/new-${owner}`,
      {
        type: 'service',
        owner,
        parameters: [{ title: owner, properties: { name: { type: 'string' } } }],
        steps: [{ action: 'debug:log', input: {} }],
      },
      { tags: owner === 'red' ? ['public'] : [] },
    ),
  ),
].map((each) => ({ ...each, ...(each.spec['owner'] !== undefined && { owner: ownerRef(each) }) }));

function ownerRef({ spec, namespace }: Thing): string {
  const owner = String(spec['owner']);
  const [kind = 'group', rest = owner] = owner.includes(':') ? owner.split(':') : ['group', owner];
  return `${kind}:${rest.includes('/') ? rest : `${namespace}/${rest}`}`;
}

const fileName = ({ kind, namespace, name }: Thing) => `${kind}-${namespace}-${name}`.toLowerCase();

/** Descriptors, and documents beside those that have some. */
export const filesOf = (things: readonly Thing[]): Files =>
  Object.fromEntries(
    things.flatMap((each) => {
      const { kind, namespace, name, tags, labels, spec, docs } = each;
      const folder = `entities/${fileName(each)}`;
      const metadata = {
        name,
        namespace,
        tags,
        labels,
        description: `The ${name} of the company`,
        annotations: docs ? { 'backstage.io/techdocs-ref': 'dir:.' } : {},
      };
      const descriptor = JSON.stringify({
        apiVersion: kind === 'Template' ? 'scaffolder.backstage.io/v1beta3' : 'backstage.io/v1alpha1',
        kind,
        metadata,
        spec,
      });
      return [
        [`${folder}/catalog-info.yaml`, descriptor],
        ...(docs
          ? [
              [`${folder}/mkdocs.yml`, `site_name: ${name}\n`],
              [
                `${folder}/docs/index.md`,
                `# Handbook of ${name}\n\nHow ${name} is run.\n\n## Alarms\n\nRing the bell of ${name}.\n`,
              ],
            ]
          : []),
      ];
    }),
  );

/** A condition as it is written in a policy. */
type Written =
  | { rule: string; params?: Record<string, unknown> }
  | { anyOf: Written[] }
  | { allOf: Written[] }
  | { not: Written };

const leaf: fastCheck.Arbitrary<Written> = fastCheck.oneof(
  fastCheck.constant({ rule: 'IS_ENTITY_OWNER', params: {} }),
  fastCheck.constantFrom('public', 'secret').map((tag) => ({ rule: 'HAS_TAG', params: { tag } })),
  fastCheck
    .subarray(['Component', 'API', 'Group', 'User', 'System', 'Resource'], { minLength: 1 })
    .map((kinds) => ({ rule: 'IS_ENTITY_KIND', params: { kinds } })),
  fastCheck.constantFrom('one', 'two', undefined).map((value) => ({
    rule: 'HAS_LABEL',
    params: { label: 'tier', ...(value !== undefined && { value }) },
  })),
  fastCheck
    .constantFrom('default', 'hidden')
    .map((name) => ({ rule: 'IS_IN_NAMESPACE', params: { namespaces: [name] } })),
  fastCheck
    .constantFrom('production', 'experimental')
    .map((value) => ({ rule: 'HAS_SPEC', params: { key: 'lifecycle', value } })),
);

/** Conditions of a few rules, joined in every way. */
export const conditions: fastCheck.Arbitrary<Written> = fastCheck.oneof(
  leaf,
  fastCheck.array(leaf, { minLength: 2, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  fastCheck.tuple(leaf, leaf).map(([one, other]) => ({ allOf: [one, { not: other }] })),
  fastCheck.tuple(leaf, leaf).map(([one, other]) => ({ anyOf: [one, { not: other }] })),
);

/** Everybody who asks. */
export const askers = people.map(([name]) => name);

function groupsOf(name: string): string[] {
  const parents = new Map(groups);
  const found: string[] = [];
  for (const start of people.find(([person]) => person === name)![1])
    for (let at: string | undefined = start; at !== undefined; at = parents.get(at)) found.push(`group:default/${at}`);
  return found;
}

/** Whether an entity fulfils a condition, worked out from what was written and from nothing of the portal. */
export function fulfils(each: Thing, condition: Written, asker: string): boolean {
  if ('anyOf' in condition) return condition.anyOf.some((part) => fulfils(each, part, asker));
  if ('allOf' in condition) return condition.allOf.every((part) => fulfils(each, part, asker));
  if ('not' in condition) return !fulfils(each, condition.not, asker);
  const params = condition.params as Record<string, string & string[]>;
  switch (condition.rule) {
    case 'IS_ENTITY_OWNER':
      return [`user:default/${asker}`, ...groupsOf(asker)].includes(each.owner ?? '');
    case 'HAS_TAG':
      return each.tags.includes(params['tag']!);
    case 'IS_ENTITY_KIND':
      return params['kinds']!.includes(each.kind);
    case 'HAS_LABEL':
      return params['value'] === undefined ? 'tier' in each.labels : each.labels['tier'] === params['value'];
    case 'IS_IN_NAMESPACE':
      return params['namespaces']!.includes(each.namespace);
    case 'HAS_SPEC':
      return each.spec['lifecycle'] === params['value'];
    default:
      throw new Error(`no rule ${condition.rule}`);
  }
}
