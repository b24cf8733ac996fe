import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import rules from '../rooms.config.mjs';
import { checkRooms } from './check-rooms.mjs';
import { findImports, strip } from './rooms/scan.mjs';

const manifest = (name, exports, dependencies = {}) => JSON.stringify({ name, exports, dependencies });

/** A small repository that keeps every rule. */
const clean = {
  'package.json': JSON.stringify({
    workspaces: ['packages/*', 'plugins/*'],
    devDependencies: { vitest: '1.0.0', vite: '1.0.0' },
  }),
  'packages/model/package.json': manifest('@callboard/model', { '.': './src/index.ts' }, { typebox: '1.0.0' }),
  'packages/model/src/index.ts':
    "import { Type } from 'typebox';\nexport type { Ref } from './ref.ts';\nexport const text = Type;\n",
  'packages/model/src/ref.ts': 'export type Ref = string;\n',
  'packages/plugin-api/package.json': manifest(
    '@callboard/plugin-api',
    { '.': './src/index.ts' },
    { '@callboard/model': '1.0.0' },
  ),
  'packages/plugin-api/src/index.ts': "export type { Ref } from '@callboard/model';\n",
  'packages/server/package.json': manifest(
    '@callboard/server',
    { '.': './src/main.ts' },
    { '@callboard/model': '1.0.0', fastify: '1.0.0', kysely: '1.0.0', undici: '1.0.0' },
  ),
  'packages/server/src/main.ts':
    "import { access } from './features/access/index.ts';\nimport { catalog } from './features/catalog/index.ts';\nexport const portal = [access, catalog];\n",
  'packages/server/src/core/db/index.ts':
    "import { Kysely } from 'kysely';\nexport type Database = Kysely<unknown>;\nexport const open = () => Kysely;\n",
  'packages/server/src/core/config/index.ts': 'export const home = process.env.HOME;\n',
  'packages/server/src/core/outbound/index.ts': "import { request } from 'undici';\nexport const out = request;\n",
  'packages/server/src/features/access/index.ts':
    "import type { Database } from '../../core/db/index.ts';\nexport const access = (db: Database) => db;\n",
  'packages/server/src/features/catalog/index.ts':
    "import { access } from '../access/index.ts';\nimport { read } from './store.ts';\nexport const catalog = [access, read];\n",
  'packages/server/src/features/catalog/store.ts':
    "import { open } from '../../core/db/index.ts';\nexport const read = open;\n",
  'packages/server/src/features/catalog/formats/backstage/words.ts':
    "export const annotation = 'github.com/project-slug';\n",
  'packages/server/src/features/catalog/store.test.ts':
    "import { test } from 'vitest';\nimport { read } from './store.ts';\ntest('github', () => fetch(read + process.env.X));\n",
  'packages/server/src/features/search/index.ts':
    "import { catalog } from '../catalog/index.ts';\nexport const search = catalog;\n",
  'packages/web/package.json': manifest('@callboard/web', {}, { '@callboard/model': '1.0.0', react: '1.0.0' }),
  'packages/web/src/core/api/index.ts': 'export const get = (path: string) => fetch(path);\n',
  'packages/web/src/features/catalog/index.ts':
    "import { createElement } from 'react';\nimport { get } from '../../core/api/index.ts';\nexport const page = [createElement, get];\n",
  'packages/cli/package.json': manifest('callboard', {}, { '@callboard/server': '1.0.0' }),
  'packages/cli/src/main.ts': "import { portal } from '@callboard/server';\nexport const run = portal;\n",
  'plugins/forge/package.json': manifest('plugin-forge', {}, { '@callboard/plugin-api': '1.0.0' }),
  'plugins/forge/server/index.ts':
    "import type { Ref } from '@callboard/plugin-api';\nimport { host } from './host.ts';\nexport const github: Ref = host;\n",
  'plugins/forge/server/host.ts': "export const host = 'github.com';\n",
  'e2e/first.test.ts':
    "import { test } from 'vitest';\nimport { start } from './support/start.ts';\ntest('x', start);\n",
  'e2e/support/start.ts':
    "import { spawn } from 'node:child_process';\nexport const start = () => spawn(new URL('../../packages/cli/src/main.ts', import.meta.url).pathname);\n",
};

describe('check-rooms', () => {
  let root;
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Findings of the clean repository with some files changed. */
  const check = (changes = {}) => {
    root = mkdtempSync(join(tmpdir(), 'callboard-rooms-'));
    for (const [path, text] of Object.entries({ ...clean, ...changes })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkRooms(root, rules).findings.map(
      ({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`,
    );
  };

  test('finds nothing in a clean repository', () => expect(check()).toEqual([]));

  const server = 'packages/server/src';
  const catalog = `${server}/features/catalog`;
  const offences = [
    [
      'a circle through a type',
      { 'packages/model/src/ref.ts': "import type { text } from './index.ts';\nexport type Ref = typeof text;\n" },
      'no-circles packages/model/src/index.ts:2 circle: packages/model/src/index.ts → packages/model/src/ref.ts → packages/model/src/index.ts',
    ],
    [
      'a module that imports itself',
      { 'packages/model/src/ref.ts': "export type Ref = string;\nexport type { Ref as Same } from './ref.ts';\n" },
      'no-circles packages/model/src/ref.ts:2 circle: packages/model/src/ref.ts → packages/model/src/ref.ts',
    ],
    [
      'a Node module in the model',
      { 'packages/model/src/ref.ts': "import { join } from 'node:path';\nexport type Ref = typeof join;\n" },
      'model-stands-alone packages/model/src/ref.ts:1 imports node:path',
    ],
    [
      'a third-party package in plugin-api',
      {
        'packages/plugin-api/src/index.ts':
          "export type { Ref } from '@callboard/model';\nexport type { Type } from 'typebox';\n",
      },
      'plugin-api-on-model packages/plugin-api/src/index.ts:2 imports typebox',
      'declared-packages packages/plugin-api/src/index.ts:2 imports typebox, which packages/plugin-api/package.json does not declare',
    ],
    [
      'a plugin that reaches another one',
      { 'plugins/tickets/index.ts': "export { host } from '../forge/server/host.ts';\n" },
      'plugins-are-guests plugins/tickets/index.ts:1 imports ../forge/server/host.ts',
      'packages-by-entry plugins/tickets/index.ts:1 imports ../forge/server/host.ts',
    ],
    [
      'core that knows a feature',
      {
        [`${server}/core/outbound/index.ts`]:
          "import { access } from '../../features/access/index.ts';\nexport const out = access;\n",
      },
      `core-knows-no-feature ${server}/core/outbound/index.ts:1 imports ../../features/access/index.ts`,
    ],
    [
      'a way past the door of a feature',
      { [`${server}/main.ts`]: "import { read } from './features/catalog/store.ts';\nexport const portal = read;\n" },
      `feature-door ${server}/main.ts:1 imports ./features/catalog/store.ts`,
    ],
    [
      'access that stands on another feature',
      {
        [`${server}/features/access/index.ts`]:
          "import { search } from '../search/index.ts';\nexport const access = search;\n",
        [`${server}/features/search/index.ts`]: 'export const search = 1;\n',
      },
      `feature-order ${server}/features/access/index.ts:1 imports ../search/index.ts`,
    ],
    [
      'features beside each other',
      {
        [`${server}/features/docs/index.ts`]:
          "import { search } from '../search/index.ts';\nexport const docs = search;\n",
      },
      `feature-order ${server}/features/docs/index.ts:1 imports ../search/index.ts`,
    ],
    [
      'SQL outside a store',
      {
        [`${catalog}/routes.ts`]:
          "import { sql } from 'kysely';\nimport { open } from '../../core/db/index.ts';\nexport const routes = [sql, open];\n",
      },
      `store-owns-sql ${catalog}/routes.ts:1 imports kysely`,
      `store-owns-sql ${catalog}/routes.ts:2 imports ../../core/db/index.ts`,
    ],
    [
      'a web app that imports the server',
      { 'packages/web/src/main.ts': "import { portal } from '@callboard/server';\nexport const app = portal;\n" },
      'web-without-server packages/web/src/main.ts:1 imports @callboard/server',
      'declared-packages packages/web/src/main.ts:1 imports @callboard/server, which packages/web/package.json does not declare',
    ],
    [
      'a path into another package',
      { 'packages/cli/src/main.ts': "export { home } from '../../server/src/core/config/index.ts';\n" },
      'packages-by-entry packages/cli/src/main.ts:1 imports ../../server/src/core/config/index.ts',
    ],
    [
      'a package entry that does not exist',
      { 'packages/cli/src/main.ts': "export { home } from '@callboard/server/config';\n" },
      'declared-packages packages/cli/src/main.ts:1 imports @callboard/server/config, which does not exist',
    ],
    [
      'a black-box test that looks inside',
      { 'e2e/first.test.ts': "import { portal } from '@callboard/server';\nexport const inside = portal;\n" },
      'black-box e2e/first.test.ts:1 imports @callboard/server',
    ],
    [
      'the environment outside the configuration',
      { [`${server}/main.ts`]: "export const port = process.env['PORT'];\nexport const env = process\n  .env;\n" },
      `one-environment ${server}/main.ts:1 says process.env`,
      `one-environment ${server}/main.ts:2 says process\n  .env`,
    ],
    [
      'a connection that goes around outbound',
      {
        [`${server}/main.ts`]:
          "import { connect } from 'node:net';\nimport type { Server } from 'node:http';\nexport const portal = (url: Server) => [connect, fetch(url)];\n",
      },
      `one-way-out-modules ${server}/main.ts:1 imports node:net`,
      `one-way-out-calls ${server}/main.ts:3 says fetch(`,
    ],
    [
      'a vendor in the core',
      {
        [`${server}/core/config/index.ts`]:
          '// GitHub in a comment is no word of the program\nexport const label = `GitHub`;\n',
      },
      `vendors-are-plugins ${server}/core/config/index.ts:2 says GitHub`,
    ],
    [
      'a source that imports a test kit',
      {
        [`${server}/main.ts`]:
          "import { test } from 'vitest';\nimport { databases } from './testing/databases.ts';\nexport const portal = [test, databases];\n",
        [`${server}/testing/databases.ts`]: 'export const databases = 1;\n',
      },
      `sources-without-tests ${server}/main.ts:1 imports vitest`,
      `sources-without-tests ${server}/main.ts:2 imports ./testing/databases.ts`,
      `declared-packages ${server}/main.ts:1 imports vitest, which packages/server/package.json does not declare`,
    ],
    [
      'a package that nobody declares',
      { [`${server}/main.ts`]: "import lodash from 'lodash/fp';\nexport const portal = lodash;\n" },
      `declared-packages ${server}/main.ts:1 imports lodash, which packages/server/package.json does not declare`,
    ],
    [
      'a file that is not there',
      { [`${server}/main.ts`]: "export const portal = import('./gone.ts');\n" },
      `declared-packages ${server}/main.ts:1 imports ./gone.ts, which does not exist`,
    ],
    [
      'a long file',
      { [`${server}/main.ts`]: 'export {};\n'.repeat(501), [`${server}/main.test.ts`]: 'export {};\n'.repeat(501) },
      `short-files ${server}/main.ts:501 is 501 lines long`,
    ],
  ];

  test.each(offences)('finds %s', (_title, changes, ...expected) => expect(check(changes)).toEqual(expected));

  test('plants an offence for every rule', () => {
    const planted = new Set(offences.flatMap(([, , ...findings]) => findings.map((finding) => finding.split(' ')[0])));
    expect(planted).toEqual(new Set(rules.map(({ name }) => name)));
  });

  test('says every rule in one sentence', () => {
    for (const { rule } of rules) expect(rule).toMatch(/^\S[^.]*(?:\.(?:ts|js)[^.]*)*\.$/);
  });

  test('reads three thousand modules without a deep stack', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [
        `packages/model/src/chain/m${index}.ts`,
        `export * from './m${(index + 1) % 3000}.ts';\n`,
      ]),
    );
    expect(check(chain)).toHaveLength(1);
  });
});

describe('findImports', () => {
  const names = (source) => findImports(strip(source)).map(({ name, typeOnly }) => (typeOnly ? `type ${name}` : name));

  test('knows every form of import', () => {
    const source = [
      "import a from 'a';",
      "import * as b from 'b';",
      "import c, { type C } from 'c';",
      "import type { D } from 'd';",
      "import { type E, type F } from 'e';",
      "import {\n  one,\n  two,\n} from 'f';",
      "export * from 'g';",
      "export type { H } from 'h';",
      "import 'i';",
      "const j = await import('j');",
      "new Worker(new URL('./k.ts', import.meta.url));",
      "import l from './l.css?inline';",
    ].join('\n');
    expect(names(source)).toEqual([
      'a',
      'b',
      'c',
      'type d',
      'type e',
      'f',
      'g',
      'type h',
      'i',
      'j',
      './k.ts',
      './l.css',
    ]);
  });

  test('is not misled by comments, literals and JSX', () => {
    const source = [
      "// import a from 'a';",
      "/* import b from 'b'; */",
      'const text = `\nimport c from "c";\n${`nested ${"`"} `}\nimport d from "d";\n`;',
      'const pattern = /[\'"`]/; const half = 1 / 2 / 3;',
      "const url = 'https://example.com'; const glob = '**/*.ts';",
      "const page = <p>Don't stop here</p>;",
      'const quoted = "import(\'f\')";',
      "import e from 'e';",
    ].join('\n');
    expect(names(source)).toEqual(['e']);
  });

  test('counts lines as the file has them', () => {
    const source = "/*\n*/\nconst x = `\n`;\nimport {\n  e,\n} from 'e';\n";
    expect(findImports(strip(source))).toEqual([{ name: 'e', line: 5, typeOnly: false }]);
  });
});
