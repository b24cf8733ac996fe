import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@callboard/model/schema';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../errors.ts';
import { loadConfig } from '../load.ts';

const catalog = {
  owner: 'catalog',
  schema: Type.Object({
    catalog: Type.Object({
      locations: Type.Array(
        Type.Object({
          type: Type.Union([Type.Literal('file'), Type.Literal('url')]),
          target: Type.String(),
          rules: Type.Optional(Type.Array(Type.Object({ allow: Type.Array(Type.String()) }))),
        }),
        { default: [] },
      ),
      import: Type.Optional(Type.Object({ entityFilename: Type.Optional(Type.String()) })),
    }),
  }),
} as const;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-config-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function load(text: string, options: { name?: string; env?: NodeJS.ProcessEnv } = {}) {
  const file = join(directory, options.name ?? 'app-config.yaml');
  writeFileSync(file, text);
  return loadConfig({ file, env: options.env ?? {}, workingDirectory: '/', sections: [catalog] });
}

function faults(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  try {
    load(text, { env });
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ line, path, message }) => `${line} ${path}: ${message}`);
    throw error;
  }
  return [];
}

const unused = (text: string, name?: string) =>
  load(text, { name }).unusedKeys.map(({ line, key, reason }) => `${line} ${key}: ${reason}`);

describe('app-config.yaml', () => {
  test('a whole file of a new Backstage app', () => {
    const text = `app:
  title: Scaffolded Backstage App
  baseUrl: http://localhost:3000
  support:
    url: https://example.com
  extensions:
    - nav-item:search
organization:
  name: My Company
backend:
  auth:
    keys:
      - secret: \${BACKEND_SECRET}
  baseUrl: http://localhost:7007
  listen:
    port: 7007
  csp:
    connect-src: ["'self'", 'http:', 'https:']
  cors:
    origin: http://localhost:3000
    methods: [GET, HEAD, PATCH, POST, PUT, DELETE]
    credentials: true
  database:
    client: better-sqlite3
    connection: ':memory:'
  reading:
    allow:
      - host: example.com
      - host: '*.mozilla.org'
        paths: [/x]
integrations:
  github:
    - host: github.com
      token: \${GITHUB_TOKEN}
proxy: {}
techdocs:
  builder: local
auth:
  providers: { guest: {} }
scaffolder: {}
catalog:
  import:
    entityFilename: catalog-info.yaml
    pullRequestBranchName: backstage-integration
  providers:
    github: { a: 1 }
  locations:
    - type: url
      target: https://example.com/catalog-info.yaml
kubernetes:
myPlugin:
  token: \${NOPE}
`;
    const { values, unusedKeys } = load(text);
    expect(values.app).toEqual({ title: 'Scaffolded Backstage App', baseUrl: 'http://localhost:7007' });
    expect(values.organization).toEqual({ name: 'My Company' });
    expect(values.server).toEqual({
      host: '127.0.0.1',
      port: 7007,
      cors: {
        origin: 'http://localhost:3000',
        methods: ['GET', 'HEAD', 'PATCH', 'POST', 'PUT', 'DELETE'],
        credentials: true,
      },
    });
    expect(values.database.url).toBe('');
    expect(values.outbound.allow).toEqual(['example.com', '*.mozilla.org']);
    expect(values.catalog).toEqual({
      import: { entityFilename: 'catalog-info.yaml' },
      locations: [{ type: 'url', target: 'https://example.com/catalog-info.yaml' }],
    });
    expect(unusedKeys.map(({ line, key, reason }) => `${line} ${key}: ${reason}`)).toEqual([
      '3 app.baseUrl: has no meaning here: pages and API share one address, and backend.baseUrl is used',
      '4 app.support: belongs to the support menu, which this version does not have',
      '6 app.extensions: has no meaning here: it arranges the React extensions of a Backstage app',
      '12 backend.auth.keys: has no meaning here: there is one process, and nobody calls it without a token or a session',
      '17 backend.csp: has no meaning here: the content security policy is fixed',
      '25 backend.database.connection: has no meaning here: the embedded database is a file in data.directory',
      '30 backend.reading.allow[1].paths: has no meaning here: hosts are allowed as a whole',
      '31 integrations: is read by the plugins of code hosts, once an administrator has enabled them',
      '35 proxy: is read by the plugins Grafana and Prometheus, once an administrator has enabled them',
      '36 techdocs: belongs to a plugin, or has no meaning here: callboard has no key for it',
      '39 auth.providers.guest: has no meaning here: without other providers nobody has to sign in',
      '40 scaffolder: belongs to a plugin, or has no meaning here: callboard has no key for it',
      '44 catalog.import.pullRequestBranchName: belongs to registering by change request, which this version does not have',
      '45 catalog.providers: is read by the plugins that discover entities, once an administrator has enabled them',
      '50 kubernetes: is read by the Kubernetes plugin',
      '51 myPlugin: belongs to a plugin, or has no meaning here: callboard has no key for it',
    ]);
    expect(unusedKeys.every((key) => key.file === join(directory, 'app-config.yaml'))).toBe(true);
  });

  test.each([
    ['":8080"', { host: '127.0.0.1', port: 8080 }],
    ['8080', { host: '127.0.0.1', port: 8080 }],
    ['0.0.0.0:8080', { host: '0.0.0.0', port: 8080 }],
    ['"[::1]:8080"', { host: '::1', port: 8080 }],
    ['{ host: 10.0.0.1, port: "8081" }', { host: '10.0.0.1', port: 8081 }],
  ])('backend.listen %s', (listen, server) => {
    expect(load(`backend: { listen: ${listen} }\n`).values.server).toEqual(server);
  });

  test('the address of a deployment', () => {
    const both = 'app: { baseUrl: https://portal.example.com }\nbackend: { baseUrl: https://api.example.com }\n';
    expect(load(both).values.app.baseUrl).toBe('https://portal.example.com');
    expect(unused(both)).toEqual([
      '2 backend.baseUrl: has no meaning here: pages and API share one address, and app.baseUrl is used',
    ]);
    const same = 'app: { baseUrl: https://portal.example.com/ }\nbackend: { baseUrl: https://portal.example.com }\n';
    expect(load(same).values.app.baseUrl).toBe('https://portal.example.com/');
    expect(unused(same)).toEqual([]);
    expect(load('backend: { baseUrl: https://portal.example.com }\n').values.app.baseUrl).toBe(
      'https://portal.example.com',
    );
  });

  test.each([
    [
      '{ host: db, port: 5432, user: me, password: "p@ss/w:rd", database: portal }',
      'postgres://me:p%40ss%2Fw%3Ard@db:5432/portal',
    ],
    ['{ host: db, user: me, password: 1234 }', 'postgres://me:1234@db/callboard'],
    ['{ host: db, ssl: true }', 'postgres://db/callboard?sslmode=require'],
    ['{ host: db, ssl: { rejectUnauthorized: false } }', 'postgres://db/callboard?sslmode=no-verify'],
    ['{ host: /var/run/postgresql, database: d }', 'postgres://%2Fvar%2Frun%2Fpostgresql/d'],
    ['{ connectionString: postgres://a:b@h/d }', 'postgres://a:b@h/d'],
    ['postgresql://a:b@h/d', 'postgresql://a:b@h/d'],
    ['"${URL}"', 'postgres://from/env'],
    ['{ host: "${HOST}", port: "${PORT:-5433}" }', 'postgres://dbhost:5433/callboard'],
  ])('backend.database.connection %s', (connection, url) => {
    const text = `backend: { database: { client: pg, connection: ${connection} } }\n`;
    expect(load(text, { env: { URL: 'postgres://from/env', HOST: 'dbhost' } }).values.database.url).toBe(url);
  });

  test('what cannot be carried over from the connection is listed', () => {
    expect(
      unused(
        'backend:\n  database:\n    client: pg\n    connection:\n      host: h\n      ssl:\n        ca: x\n      keepAlive: true\n    knexConfig: { pool: {} }\n    pluginDivisionMode: schema\n',
      ),
    ).toEqual([
      '7 backend.database.connection.ssl.ca: has no meaning here: give certificates as files in database.url (sslrootcert, sslcert, sslkey)',
      '8 backend.database.connection.keepAlive: has no meaning here: callboard has no key for it',
      '9 backend.database.knexConfig: has no meaning here: the connection pool is fixed',
      '10 backend.database.pluginDivisionMode: has no meaning here: all data is in one database',
    ]);
  });

  test('faults in keys that are used name the key as it is written', () => {
    expect(faults('backend: { database: { client: mysql2, connection: x } }\n')).toEqual([
      '1 backend.database.client: the database "mysql2" is not supported',
    ]);
    expect(faults('backend: { database: { client: pg } }\n')).toEqual([
      '1 backend.database: the key "connection" is missing',
    ]);
    expect(
      faults('backend:\n  database:\n    client: pg\n    connection:\n      host: ${H}\n      password: ${P}\n'),
    ).toEqual([
      '5 backend.database.connection.host: the environment variable H is not set',
      '6 backend.database.connection.password: the environment variable P is not set',
    ]);
    expect(faults('backend: { listen: { port: seven } }\n')).toEqual([
      '1 backend.listen.port: expected a whole number from 0 to 65535, found "seven"',
    ]);
    expect(faults('backend: { listen: here }\n')).toEqual([
      '1 backend.listen: expected host:port, or a group with the keys host and port',
    ]);
    expect(faults('backend: { reading: { allow: [{ paths: [/] }] } }\n')).toEqual([
      '1 backend.reading.allow[0]: the key "host" is missing',
    ]);
    expect(faults('catalog: { locations: [{ type: url }] }\n')).toEqual([
      '1 catalog.locations[0].target: the key "target" is missing',
    ]);
  });

  test('our own keys may stand in it', () => {
    expect(load('backend: {}\noutbound: { mode: closed }\nlog: { level: debug }\n').values).toMatchObject({
      outbound: { mode: 'closed' },
      log: { level: 'debug' },
    });
  });

  test('file locations start at the backend package, as in Backstage', () => {
    const text =
      'catalog: { locations: [{ type: file, target: ../../examples/all.yaml }, { type: file, target: /abs.yaml }, { type: url, target: ../x }] }\n';
    const targets = () => load(text).values.catalog.locations.map((location) => location.target);
    expect(targets()).toEqual(['../../examples/all.yaml', '/abs.yaml', '../x']);
    mkdirSync(join(directory, 'packages', 'backend'), { recursive: true });
    expect(targets()).toEqual([join(directory, 'examples', 'all.yaml'), '/abs.yaml', '../x']);
  });

  test('locations of other types, and keys of locations that mean nothing here, are listed', () => {
    const text = `catalog:
  locations:
    - type: github-discovery
      target: https://github.com/acme/*
    - type: url
      target: https://example.com/all.yaml
      presence: optional
      rules:
        - allow: [API]
          reason: x
`;
    expect(load(text).values.catalog.locations).toEqual([
      { type: 'url', target: 'https://example.com/all.yaml', rules: [{ allow: ['API'] }] },
    ]);
    expect(unused(text)).toEqual([
      '3 catalog.locations[0]: has the type github-discovery, which belongs to a plugin that this version does not have',
      '7 catalog.locations[1].presence: has no meaning here: callboard has no key for it',
      '10 catalog.locations[1].rules[0].reason: has no meaning here: callboard has no key for it',
    ]);
  });

  test.each(['app-config.local.yaml', 'app-config.production.yaml', 'portal.yaml'])('is recognised in %s', (name) => {
    expect(unused('backend: { csp: {} }\nnobodyKnows: 1\n', name)).toHaveLength(2);
  });
});

describe('callboard.yaml', () => {
  const load2 = (text: string) => load(text, { name: 'callboard.yaml' });

  test('the names of features to come are accepted and listed', () => {
    expect(
      unused(
        'server: { port: 1 }\nintegrations: { github: [{ token: "${NOPE}" }] }\nauth: {}\ncatalog:\n  providers: { x: 1 }\n',
        'callboard.yaml',
      ),
    ).toEqual([
      '2 integrations: is read by the plugins of code hosts, once an administrator has enabled them',
      '3 auth: is read in an app-config.yaml; in callboard.yaml access.signIn says how people sign in',
      '5 catalog.providers: is read by the plugins that discover entities, once an administrator has enabled them',
    ]);
  });

  test('other keys of Backstage are faults', () => {
    expect(() => load2('catalog: { locations: [{ type: github-discovery, target: x }] }\n')).toThrow(
      'expected file or url, found "github-discovery"',
    );
    expect(() => load2('server: {}\nbackend: {}\n')).toThrow('there is no key "backend"');
    expect(() => load2('server: {}\napp: { extensions: [] }\n')).toThrow('there is no key "extensions" in app');
  });
});
