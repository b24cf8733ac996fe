/**
 * Makes a catalog of exactly N entities of the built-in kinds, with relations, the same one every time:
 *
 *   node bench/generate.mjs N DIR [SEED]
 *
 * DIR then holds multi-document files of 100 entities, a Location (`catalog-root.yaml`) that names them, and `manifest.json` with what a
 * portal must answer: entities by kind, relations by type in both directions, and names to ask for.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const entitiesPerFile = 100;
const total = Number(process.argv[2]);
const folder = process.argv[3];
const seed = Number(process.argv[4] ?? 7);
if (!Number.isInteger(total) || total < 50 || !folder) {
  console.error('usage: node bench/generate.mjs N DIR [SEED]   (N is 50 or more)');
  process.exit(2);
}

// A linear congruential generator is random enough to spread names and relations, and the same on every machine.
let state = (seed ^ 0x5deece66) >>> 0;
const below = (limit) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 0x1_0000_0000) * limit);
};
const pick = (list) => list[below(list.length)];
const several = (list, most) => [...new Set(Array.from({ length: below(most + 1) }, () => pick(list)))];

const nouns = (
  'anchor basket beacon berth bridge buoy canal cargo carrier chart compass container convoy courier crane crew customs deck depot dispatch ' +
  'dock engine ferry fleet freight fuel gangway gauge harbour hold hull invoice journal keel label lantern ledger lock manifest mast meter ' +
  'mooring parcel pilot pontoon port quay radar rail route rudder schedule seal shipment signal slot stowage tariff terminal tide tug vessel ' +
  'voyage warehouse waybill winch yard'
).split(' ');
const words =
  'and by during each for from in into of on over reads records serves sends stores the through to watches with within'.split(
    ' ',
  );
const sentence = (length) => Array.from({ length }, (_, index) => pick(index % 2 ? words : nouns)).join(' ');

const share = (fraction, least = 1) => Math.max(least, Math.round(total * fraction));
const counts = {
  Domain: share(0.005, 2),
  System: share(0.03),
  Group: share(0.03, 3),
  User: share(0.14),
  Resource: share(0.12),
  API: share(0.18),
};
counts.Component = total - Object.values(counts).reduce((sum, count) => sum + count, 0);
const prefixes = {
  Domain: 'area',
  System: 'sys',
  Group: 'crew',
  User: 'p',
  Resource: 'res',
  API: 'api',
  Component: 'svc',
};
const names = Object.fromEntries(
  Object.entries(counts).map(([kind, count]) => [
    kind,
    Array.from({ length: count }, (_, index) => `${prefixes[kind]}-${pick(nouns)}-${pick(nouns)}-${index + 1}`),
  ]),
);

const relations = new Set();
const refOf = (kind, name) => `${kind.toLowerCase()}:default/${name}`;
const relate = (source, type, inverse, target) => {
  relations.add(`${type} ${source} ${target}`);
  relations.add(`${inverse} ${target} ${source}`);
};
const list = (key, values) => (values.length > 0 ? [`  ${key}:`, ...values.map((value) => `    - ${value}`)] : []);

/** The lines of `spec` for each kind; the relations that follow from them are noted on the way. */
const specs = {
  Domain: (_name, ref) => owned(ref),
  System: (_name, ref) => {
    const domain = pick(names.Domain);
    relate(ref, 'partOf', 'hasPart', refOf('Domain', domain));
    return [...owned(ref), `  domain: ${domain}`];
  },
  Group(name, ref, index) {
    const parent = index === 0 ? undefined : names.Group[Math.floor((index - 1) / 5)];
    if (parent) relate(ref, 'childOf', 'parentOf', refOf('Group', parent));
    return [
      `  type: ${index === 0 ? 'organization' : index < 6 ? 'department' : 'team'}`,
      '  profile:',
      `    displayName: ${name} crew`,
      `    email: ${name}@example.org`,
      ...(parent ? [`  parent: ${parent}`] : []),
      '  children: []',
    ];
  },
  User(name, ref) {
    const groups = [...new Set([pick(names.Group), ...several(names.Group, 1)])];
    for (const group of groups) relate(ref, 'memberOf', 'hasMember', refOf('Group', group));
    return ['  profile:', `    displayName: ${pick(nouns)} ${pick(nouns)}`, `    email: ${name}@example.org`].concat(
      list('memberOf', groups),
    );
  },
  Resource: (_name, ref) => [
    `  type: ${pick(['bucket', 'cache', 'cluster', 'database', 'topic'])}`,
    ...owned(ref),
    ...inSystem(ref),
  ],
  API: (name, ref) => [
    `  type: ${pick(['openapi', 'openapi', 'asyncapi', 'grpc'])}`,
    `  lifecycle: ${pick(['production', 'experimental', 'deprecated'])}`,
    ...owned(ref),
    ...inSystem(ref),
    '  definition: |',
    ...definition(name).map((line) => `    ${line}`),
  ],
  Component(_name, ref, index) {
    const provides = several(names.API, 1);
    const consumes = several(names.API, 3);
    const dependsOn = [
      ...several(names.Resource, 2).map((name) => refOf('Resource', name)),
      ...several(names.Component.slice(0, index), Math.min(index, 2)).map((name) => refOf('Component', name)),
    ];
    for (const api of provides) relate(ref, 'providesApi', 'apiProvidedBy', refOf('API', api));
    for (const api of consumes) relate(ref, 'consumesApi', 'apiConsumedBy', refOf('API', api));
    for (const target of dependsOn) relate(ref, 'dependsOn', 'dependencyOf', target);
    return [
      `  type: ${pick(['service', 'service', 'website', 'library'])}`,
      `  lifecycle: ${pick(['production', 'production', 'experimental', 'deprecated'])}`,
      ...owned(ref),
      ...inSystem(ref),
      ...list('providesApis', provides),
      ...list('consumesApis', consumes),
      ...list('dependsOn', dependsOn),
    ];
  },
};

function owned(ref) {
  const owner = pick(names.Group);
  relate(ref, 'ownedBy', 'ownerOf', refOf('Group', owner));
  return [`  owner: ${owner}`];
}

function inSystem(ref) {
  const system = pick(names.System);
  relate(ref, 'partOf', 'hasPart', refOf('System', system));
  return [`  system: ${system}`];
}

function definition(name) {
  const operation = (index) => [
    `  /${pick(nouns)}/${index}:`,
    '    get:',
    `      summary: ${sentence(7)}`,
    '      responses:',
    "        '200':",
    `          description: ${sentence(5)}`,
  ];
  return [
    'openapi: 3.0.0',
    'info:',
    `  title: ${name}`,
    '  version: 1.0.0',
    'paths:',
    ...[1, 2, 3, 4].flatMap(operation),
  ];
}

const descriptor = (kind, name, index) =>
  [
    'apiVersion: backstage.io/v1alpha1',
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    `  title: ${name.replaceAll('-', ' ')}`,
    `  description: ${sentence(12 + below(12))}`,
    '  annotations:',
    `    example.org/repository: harbour/${name}`,
    `    example.org/cost-centre: "${1000 + below(200)}"`,
    '  labels:',
    `    tier: "${1 + below(4)}"`,
    ...list('tags', [...new Set([pick(nouns), pick(nouns), pick(['go', 'java', 'python', 'rust', 'typescript'])])]),
    '  links:',
    `    - url: https://example.org/${name}`,
    '      title: Dashboard',
    'spec:',
    ...specs[kind](name, refOf(kind, name), index),
    '',
  ].join('\n');

const documents = Object.entries(names).flatMap(([kind, all]) =>
  all.map((name, index) => descriptor(kind, name, index)),
);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const files = [];
let bytes = 0;
for (let start = 0; start < documents.length; start += entitiesPerFile) {
  const name = `part-${String(files.length + 1).padStart(4, '0')}.yaml`;
  const text = documents.slice(start, start + entitiesPerFile).join('---\n');
  writeFileSync(join(folder, name), text);
  files.push(name);
  bytes += text.length;
}
const location = [
  'apiVersion: backstage.io/v1alpha1',
  'kind: Location',
  'metadata:',
  '  name: bench-root',
  'spec:',
  '  targets:',
];
writeFileSync(
  join(folder, 'catalog-root.yaml'),
  `${[...location, ...files.map((name) => `    - ./${name}`)].join('\n')}\n`,
);

const relationsByType = {};
for (const relation of relations) {
  const type = relation.slice(0, relation.indexOf(' '));
  relationsByType[type] = (relationsByType[type] ?? 0) + 1;
}
const spread = (kind, count) =>
  Array.from({ length: count }, (_, index) => names[kind][Math.floor((index * counts[kind]) / count)]);
const sample = {
  component: names.Component[counts.Component >> 1],
  components: spread('Component', 50),
  refs50: [
    ...spread('Component', 30).map((name) => refOf('Component', name)),
    ...spread('API', 10).map((name) => refOf('API', name)),
    ...spread('Group', 10).map((name) => refOf('Group', name)),
  ],
};
const manifest = {
  n: total,
  seed,
  files: files.length,
  bytes,
  kinds: counts,
  relations: relations.size,
  relationsByType,
  sample,
  terms: ['harbour', 'ledger', 'tariff', 'vessel'],
};
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(JSON.stringify({ n: total, files: files.length, bytes, kinds: counts, relations: relations.size }));
