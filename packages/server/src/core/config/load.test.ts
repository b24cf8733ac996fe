import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@callboard/model/schema';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { duration, durationOrOff, schedule } from './duration.ts';
import { ConfigError, formatFault } from './errors.ts';
import { loadConfig } from './load.ts';
import type { ConfigFault, ConfigFlags } from './types.ts';

const zoo = {
  owner: 'zoo',
  schema: Type.Object({
    zoo: Type.Object({
      animals: Type.Array(
        Type.Object({
          name: Type.String({ minLength: 1 }),
          legs: Type.Integer({ minimum: 0, default: 4 }),
          kind: Type.Union([Type.Literal('bird'), Type.Literal('fish')]),
        }),
        { default: [], description: 'Who lives there.' },
      ),
      feeding: schedule({ default: '1h', description: 'When they are fed.' }),
      open: Type.Optional(durationOrOff()),
      nap: Type.Optional(duration()),
      keeper: Type.Optional(Type.Object({ name: Type.String(), apiToken: Type.Optional(Type.String()) })),
      shop: Type.Optional(Type.Boolean()),
      rules: Type.Optional(
        Type.Array(Type.Union([Type.String({ minLength: 1 }), Type.Object({ kind: Type.String() })])),
      ),
      labels: Type.Optional(Type.Record(Type.String(), Type.String())),
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

function write(text: string, name = 'callboard.yaml'): string {
  const file = join(directory, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function load(text?: string, options: { env?: NodeJS.ProcessEnv; flags?: ConfigFlags } = {}) {
  if (text !== undefined) write(text);
  return loadConfig({ env: {}, workingDirectory: directory, sections: [zoo], ...options });
}

function faultsOf(text: string, options: { env?: NodeJS.ProcessEnv; flags?: ConfigFlags } = {}): ConfigFault[] {
  try {
    load(text, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** Faults as `line:column path | message | fix`. */
const short = (faults: ConfigFault[]) =>
  faults.map((fault) => `${fault.line}:${fault.column} ${fault.path} | ${fault.message} | ${fault.fix}`);

describe('without a file', () => {
  test('every key has its default', () => {
    const config = load();
    expect(config.values).toEqual({
      app: { title: 'Callboard' },
      organization: { name: '' },
      server: { host: '127.0.0.1', port: 7007 },
      data: { directory: join(directory, '.callboard') },
      database: { url: '' },
      log: { level: 'info', format: 'text' },
      outbound: { mode: 'open', allow: [], timeoutMs: 30_000 },
      access: { open: false },
      zoo: { animals: [], feeding: '1h' },
    });
    expect(config).toMatchObject({ file: undefined, directory, unusedKeys: [], targets: [], example: true });
  });

  test('an empty file is the same', () => {
    expect(load('# nothing yet\n').values).toEqual({ ...load().values });
    expect(load('').values.server.port).toBe(7007);
    expect(load('---\n').values.server.port).toBe(7007);
  });

  test('a file that was asked for must be there', () => {
    expect(() => loadConfig({ file: 'other.yaml', env: {}, workingDirectory: directory, sections: [] })).toThrow(
      `the configuration file ${join(directory, 'other.yaml')} does not exist`,
    );
    expect(() => load(undefined, { env: { CALLBOARD_CONFIG: directory } })).toThrow(
      `environment variable CALLBOARD_CONFIG: the configuration file ${directory} is a folder`,
    );
  });
});

describe('values', () => {
  test('a valid file', () => {
    const { values, file } = load(
      'app: { title: Board, baseUrl: https://board.example.com }\nserver:\n  port: 8080\n  cors: { origin: [https://a.example] }\nzoo:\n  animals:\n    - { name: Anna, kind: fish, legs: 0 }\n    - { name: Ben, kind: bird }\n  nap: { minutes: 5 }\n  open: false\n  feeding: { cron: "0 6 * * *" }\n  labels: { any: thing }\n',
    );
    expect(file).toBe(join(directory, 'callboard.yaml'));
    expect(values.app).toEqual({ title: 'Board', baseUrl: 'https://board.example.com' });
    expect(values.server).toEqual({ host: '127.0.0.1', port: 8080, cors: { origin: ['https://a.example'] } });
    expect(values.zoo).toEqual({
      animals: [
        { name: 'Anna', kind: 'fish', legs: 0 },
        { name: 'Ben', kind: 'bird', legs: 4 },
      ],
      nap: { minutes: 5 },
      open: false,
      feeding: { cron: '0 6 * * *' },
      labels: { any: 'thing' },
    });
  });

  test('an empty key counts as absent', () => {
    expect(load('server:\nlog:\n  level:\n').values).toMatchObject({ server: { port: 7007 }, log: { level: 'info' } });
  });

  test('text becomes a number or a truth value where the key wants one', () => {
    const env = { PORT: '9000', OPEN: 'true', LEGS: '6' };
    const { values } = load(
      'server: { port: "${PORT}" }\naccess: { open: "${OPEN}" }\nzoo: { animals: [{ name: A, kind: bird, legs: "${LEGS}" }] }\n',
      { env },
    );
    expect(values.server.port).toBe(9000);
    expect(values.access.open).toBe(true);
    expect(values.zoo.animals[0]?.legs).toBe(6);
  });

  test('anchors and merge keys', () => {
    const { values } = load(
      'zoo:\n  animals:\n    - &a { name: A, kind: bird, legs: 2 }\n    - { <<: *a, name: B }\n    - *a\n',
    );
    expect(values.zoo.animals).toEqual([
      { name: 'A', kind: 'bird', legs: 2 },
      { name: 'B', kind: 'bird', legs: 2 },
      { name: 'A', kind: 'bird', legs: 2 },
    ]);
  });

  test('a byte order mark and CRLF are accepted', () => {
    expect(load('\uFEFFserver:\r\n  port: 8081\r\n').values.server.port).toBe(8081);
  });
});

describe('precedence', () => {
  test('flag over environment over file', () => {
    const text = 'server: { port: 1, host: file }\ndata: { directory: a }\nlog: { level: warn }\n';
    const env = {
      CALLBOARD_PORT: '2',
      CALLBOARD_HOST: 'env',
      CALLBOARD_LOG_LEVEL: 'debug',
      CALLBOARD_DATABASE_URL: 'postgres://h/d',
    };
    expect(load(text).values).toMatchObject({
      server: { port: 1, host: 'file' },
      data: { directory: join(directory, 'a') },
    });
    expect(load(text, { env }).values).toMatchObject({
      server: { port: 2, host: 'env' },
      log: { level: 'debug' },
      database: { url: 'postgres://h/d' },
    });
    const flags = { port: '3', host: 'flag', data: 'b', databaseUrl: 'postgres://f/d', targets: ['x'], example: false };
    const config = load(text, { env, flags });
    expect(config.values).toMatchObject({
      server: { port: 3, host: 'flag' },
      data: { directory: join(directory, 'b') },
      database: { url: 'postgres://f/d' },
    });
    expect(config).toMatchObject({ targets: ['x'], example: false });
  });

  test('data from the file starts at the file, data from outside where the person stands', () => {
    const file = write('data: { directory: d }\n', 'sub/callboard.yaml');
    const options = { file, workingDirectory: directory, sections: [] } as const;
    expect(loadConfig({ ...options, env: {} }).values.data.directory).toBe(join(directory, 'sub', 'd'));
    expect(loadConfig({ ...options, env: { CALLBOARD_DATA: 'd' } }).values.data.directory).toBe(join(directory, 'd'));
    expect(loadConfig({ ...options, env: { CALLBOARD_DATA: '' } }).values.data.directory).toBe(
      join(directory, 'sub', 'd'),
    );
  });

  test('CALLBOARD_CONFIG and CALLBOARD_NO_EXAMPLE', () => {
    write('server: { port: 5 }\n', 'else.yaml');
    const config = load(undefined, { env: { CALLBOARD_CONFIG: 'else.yaml', CALLBOARD_NO_EXAMPLE: '1' } });
    expect(config.values.server.port).toBe(5);
    expect(config.example).toBe(false);
    expect(load(undefined, { env: { CALLBOARD_NO_EXAMPLE: 'false' } }).example).toBe(true);
  });

  test('at a terminal only warnings are logged, unless a level is set', () => {
    const level = (text: string, env: NodeJS.ProcessEnv = {}) => {
      const loaded = load(text, { env, flags: { terminal: true } });
      return [loaded.values.log.level, loaded.explain().find(({ key }) => key === 'log.level')?.origin];
    };
    expect(level('')).toEqual(['warn', { source: 'terminal' }]);
    expect(level('log: { format: json }\n')).toEqual(['warn', { source: 'terminal' }]);
    expect(level('log: { level: info }\n')).toEqual(['info', expect.objectContaining({ line: 1 })]);
    expect(level('', { CALLBOARD_LOG_LEVEL: 'info' })[0]).toBe('info');
    expect(load('').values.log.level).toBe('info');
  });

  test('an empty folder or host is refused', () => {
    expect(
      faultsOf('', { flags: { data: '', host: '' } })
        .map(formatFault)
        .sort(),
    ).toEqual([
      'flag --data  data.directory: expected text that is not empty, found ""\n    Write text that is not empty.',
      'flag --host  server.host: expected an IP address or host name, found ""\n    Write an IP address or host name.',
    ]);
  });

  test('faults name the flag or the variable', () => {
    const env = { CALLBOARD_PORT: '99999', CALLBOARD_LOG_LEVEL: 'debgu', CALLBOARD_NO_EXAMPLE: 'perhaps' };
    expect(
      faultsOf('', { env, flags: { databaseUrl: 'mysql://u:geheim@h/d' } })
        .map(formatFault)
        .sort(),
    ).toEqual([
      'environment variable CALLBOARD_LOG_LEVEL  log.level: expected trace, debug, info, warn, error or silent, found "debgu"\n    Did you mean "debug"?',
      'environment variable CALLBOARD_NO_EXAMPLE: expected 1 or 0, found "perhaps"\n    Set it to 1 to start without the example company, or unset it.',
      'environment variable CALLBOARD_PORT  server.port: expected a whole number from 0 to 65535, found "99999"\n    Write a whole number from 0 to 65535.',
      'flag --database-url  database.url: expected an address such as postgres://user:password@host:5432/callboard, or nothing for the embedded database, found •••••• (hidden)\n    Write an address such as postgres://user:password@host:5432/callboard, or nothing for the embedded database.',
    ]);
  });
});

describe('faults', () => {
  test('all at once, each with its place and a next step', () => {
    const text = [
      'app:',
      '  title: 2026',
      '  baseUrl: portal.example.com',
      'servr: {}',
      'server:',
      '  port: seven',
      '  hots: 0.0.0.0',
      'log: { level: debgu }',
      'outbound: { timeoutMs: 5, allow: git.example.com }',
      'zoo:',
      '  animals:',
      '    - { name: Anna, kind: brid }',
      '    - kind: fish',
      '  feeding: { minuts: 5 }',
      '  nap: soon',
      '  open: true',
      '  keeper: Kim',
      '  rules: [ok, { kid: x }, 3]',
      '  labels: { a: 1 }',
      '',
    ].join('\n');
    expect(short(faultsOf(text))).toEqual([
      '2:10 app.title | expected text that is not empty, found 2026 | Put quotes around it: "2026".',
      '3:12 app.baseUrl | expected an address that starts with http:// or https://, found "portal.example.com" | Write an address that starts with http:// or https://.',
      '4:1 servr | there is no key "servr" | Did you mean "server"?',
      '6:9 server.port | expected a whole number from 0 to 65535, found "seven" | Write a whole number from 0 to 65535.',
      '7:3 server.hots | there is no key "hots" in server | Did you mean "host"?',
      '8:15 log.level | expected trace, debug, info, warn, error or silent, found "debgu" | Did you mean "debug"?',
      '9:24 outbound.timeoutMs | expected a whole number from 100 to 600000, found 5 | Write a whole number from 100 to 600000.',
      '9:34 outbound.allow | expected a list of text, found "git.example.com" | Write it as a list: each item on its own line after "- ".',
      '12:27 zoo.animals[0].kind | expected bird or fish, found "brid" | Did you mean "bird"?',
      '13:7 zoo.animals[1].name | the key "name" is missing | Add name: text that is not empty.',
      '14:14 zoo.feeding.minuts | there is no key "minuts" in zoo.feeding | Did you mean "minutes"?',
      '15:8 zoo.nap | expected a length of time such as 30s, 5m, PT5M or { minutes: 5 }, found "soon" | Write a length of time such as 30s, 5m, PT5M or { minutes: 5 }.',
      '16:9 zoo.open | expected a length of time such as 30s, 5m, PT5M or { minutes: 5 }, or false, found true | Write a length of time such as 30s, 5m, PT5M or { minutes: 5 }, or false.',
      '17:11 zoo.keeper | expected a group with the keys name, apiToken, found "Kim" | Write the keys of zoo.keeper below it, indented: name, apiToken.',
      '18:15 zoo.rules[1].kind | the key "kind" is missing | Add kind: text.',
      '18:17 zoo.rules[1].kid | there is no key "kid" in zoo.rules[1] | Did you mean "kind"?',
      '18:27 zoo.rules[2] | expected text that is not empty, or a group with the keys kind, found 3 | Write text that is not empty, or a group with the keys kind.',
      '19:16 zoo.labels.a | expected text, found 1 | Put quotes around it: "1".',
    ]);
  });

  test('expected and found are there for machines', () => {
    expect(faultsOf('server: { port: seven }\n')).toEqual([
      {
        file: join(directory, 'callboard.yaml'),
        line: 1,
        column: 17,
        source: undefined,
        path: 'server.port',
        message: 'expected a whole number from 0 to 65535, found "seven"',
        expected: 'a whole number from 0 to 65535',
        found: '"seven"',
        fix: 'Write a whole number from 0 to 65535.',
      },
    ]);
  });

  test('the error counts them, and says what to do', () => {
    expect(() => load('servr: 1\nlgo: 2\n')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        name: 'InputError',
        message: expect.stringMatching(/^The configuration cannot be used: 2 faults\n/),
      }),
    );
    expect(() => load('servr: 1\n')).toThrow('The configuration cannot be used: 1 fault\n');
  });

  test('as many as there are, also in the items of one list', () => {
    const text = `zoo:\n  animals:\n${'    - { name: "", kind: bird }\n'.repeat(30)}`;
    expect(faultsOf(text)).toHaveLength(30);
    const rules = `zoo: { rules: [${Array(11).fill('{ kid: x }').join(', ')}, a] }\n`;
    expect(faultsOf(rules)).toHaveLength(22);
  });

  test('an unknown key far from every known one lists the known ones', () => {
    expect(short(faultsOf('log: { colourful: true }\n'))).toEqual([
      '1:8 log.colourful | there is no key "colourful" in log | Remove it, or use one of: level, format.',
    ]);
  });

  test('an unknown key without a value is a fault too', () => {
    expect(short(faultsOf('servr:\n'))).toEqual(['1:1 servr | there is no key "servr" | Did you mean "server"?']);
  });

  test('a required key that is empty', () => {
    expect(short(faultsOf('zoo:\n  keeper:\n    name:\n    apiToken: x\n'))).toEqual([
      '3:5 zoo.keeper.name | the key "name" is empty | Add name: text.',
    ]);
  });

  test.each([
    ['a: "x\nb: 1\n', '3:1  | a quote, comma, colon or bracket is missing | Look at this line and the one before it.'],
    [
      'a: [1, 2\nb: 3\n',
      '2:1  | the indentation does not fit the lines before it, or a bracket is not closed | Indent keys of one group by the same number of spaces, and close every bracket.',
    ],
    ['a: b: c\n', '1:4  | two keys stand on one line | Put quotes around a value that contains a colon and a space.'],
    ['a: @b\n', '1:4  | a value starts with a character that has a meaning in YAML | Put quotes around the value.'],
    ['server:\n\tport: 1\n', '2:1  | a tab is used as indentation | Use spaces.'],
    ['server:\n  port: 1\n  port: 2\n', '3:3  | the key is written twice in one group | Remove one of the two.'],
    [
      'a: 1\n---\nb: 2\n',
      '2:1  | the file holds more than one document | Remove the line `---` and merge what follows it.',
    ],
    ['a: *nothing\n', '1:4 a | an alias names no anchor | Define the anchor &nothing before the alias.'],
    [
      '- a\n',
      '1:1  | the file holds no keys | Start the file with keys such as `server:`; the keys and their meaning: `callboard config explain`.',
    ],
  ])('bad YAML %j', (text, expected) => {
    expect(short(faultsOf(text))).toContain(expected);
  });

  test('an alias bomb is a fault, quickly', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(10).fill(`*l${index}`).join(', ')}]`,
    );
    const faults = faultsOf(`l0: &l0 [x]\n${levels.join('\n')}\n`);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toBe('the file is too large or too deeply nested once its aliases are written out');
  });

  test('an alias inside its own anchor is a fault', () => {
    expect(faultsOf('a: &a [*a]\n')[0]?.message).toBeDefined();
  });

  test('a secret never appears', () => {
    const text =
      'database: { url: "postgres://u:geheim@h/ x" }\noutbound: { proxy: "ftp://u:geheim@h" }\nzoo: { keeper: { name: K, apiToken: 12345 } }\nserver: { port: "${DB_PASSWORD}" }\napp: { baseUrl: "ldap://u:geheim@h" }\nlog: "geheim: x\n';
    const messages = (faults: ConfigFault[]) => JSON.stringify(faults);
    expect(messages(faultsOf(text, { env: { DB_PASSWORD: 'geheim' } }))).not.toContain('geheim');
    const valid = text.replace('log: "geheim: x\n', '');
    const faults = faultsOf(valid, { env: { DB_PASSWORD: 'geheim' } });
    expect(faults.map(({ path, found }) => [path, found])).toEqual([
      ['database.url', '•••••• (hidden)'],
      ['outbound.proxy', '•••••• (hidden)'],
      ['zoo.keeper.apiToken', '•••••• (hidden)'],
      ['server.port', 'the value of DB_PASSWORD'],
      ['app.baseUrl', '"ldap://u:••••••@h"'],
    ]);
    expect(messages(faults)).not.toMatch(/geheim|12345/);
  });
});

describe('explain', () => {
  test('lists every key with its value and where it was set', () => {
    const text =
      'server:\n  port: 8080\ndatabase:\n  url: postgres://u:${PASSWORD}@h/d\nzoo: { keeper: { name: K, apiToken: abc } }\n';
    const entries = load(text, { env: { PASSWORD: 'geheim', CALLBOARD_HOST: '::1' }, flags: { data: '/d' } }).explain();
    const file = join(directory, 'callboard.yaml');
    const shown = Object.fromEntries(entries.map(({ key, value, origin, owner }) => [key, { value, origin, owner }]));
    expect(shown['server.port']).toEqual({
      value: 8080,
      origin: { file, line: 2, column: 9, source: undefined },
      owner: 'core/http',
    });
    expect(shown['server.host']).toMatchObject({
      value: '::1',
      origin: { source: 'environment variable CALLBOARD_HOST' },
    });
    expect(shown['data.directory']).toMatchObject({ value: '/d', origin: { source: 'flag --data' }, owner: 'core/db' });
    expect(shown['database.url']).toMatchObject({ value: 'postgres://u:••••••@h/d', origin: { file, line: 4 } });
    expect(shown['zoo.keeper.apiToken']).toMatchObject({ value: '••••••', owner: 'zoo' });
    expect(shown['log.level']).toEqual({ value: 'info', origin: 'default', owner: 'core/log' });
    expect(JSON.stringify(entries)).not.toContain('geheim');
    expect(entries.every((entry) => entry.type !== '' && entry.owner !== '')).toBe(true);
  });

  test('every key of core has a description', () => {
    const undescribed = loadConfig({ env: {}, workingDirectory: directory, sections: [] })
      .explain()
      .filter((entry) => !entry.description.endsWith('.'));
    expect(undescribed).toEqual([]);
  });
});

test('two sections may share a group but not a key', () => {
  const more = {
    owner: 'more',
    schema: Type.Object({ server: Type.Object({ banner: Type.String({ default: 'hi' }) }) }),
  };
  expect(loadConfig({ env: {}, workingDirectory: directory, sections: [more] }).values.server).toEqual({
    host: '127.0.0.1',
    port: 7007,
    banner: 'hi',
  });
  const clash = { owner: 'clash', schema: Type.Object({ server: Type.Object({ port: Type.String() }) }) };
  expect(() => loadConfig({ env: {}, workingDirectory: directory, sections: [clash] })).toThrow(
    'Two sections own the configuration key port; the second is clash',
  );
});
