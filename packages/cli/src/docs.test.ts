import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCallboard } from './testing/callboard.ts';

const guide = (name: string) => readFileSync(new URL(`../../../docs/guide/${name}`, import.meta.url), 'utf8');

/** The code blocks of one language, in order. */
const blocks = (page: string, language: string) =>
  [...guide(page).matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))].map(
    (match) => match[1] ?? '',
  );

let directory: string;

const descriptor =
  'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: crew\nspec:\n  type: team\n  children: []\n';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-docs-'));
  const write = (name: string, text: string) => {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), text);
  };
  write('secrets/proxy.txt', 'http://proxy.example.com:3128\n');
  write('catalog.yaml', 'catalog: { readonly: true }\n');
  write('catalog-info.yaml', descriptor);
  write('services/crew/catalog-info.yaml', descriptor.replace('crew', 'deck'));
  write('harbour.yaml', 'server:\n  port: seven\n  hots: x\ndatabase:\n  url: ${DB_URL}\n');
  write('callboard.yaml', 'server: { port: 8080 }\n');
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('docs/guide/configuration.md', () => {
  const examples = blocks('configuration.md', 'yaml').map((text, position) => [position + 1, text] as const);

  test('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4);
  });

  test.each(examples)('example %d is valid', async (position, text) => {
    const file = `example-${position}.yaml`;
    writeFileSync(join(directory, file), text);
    const env = { DB_PASSWORD: 'geheim', DATABASE_URL: 'postgres://h/d', CALLBOARD_CONFIG: file };
    expect(await runCallboard(['config', 'check'], { cwd: directory, env })).toEqual({
      code: 0,
      signal: null,
      stdout: `${file} is valid.\n`,
      stderr: '',
    });
  });

  test('values from elsewhere are what it says', async () => {
    const text = examples.find(([, example]) => example.includes('$include'))?.[1] ?? '';
    writeFileSync(join(directory, 'elsewhere.yaml'), text);
    const { stdout } = await runCallboard(['config', 'explain', '--json', '--config', 'elsewhere.yaml'], {
      cwd: directory,
      env: { DATABASE_URL: 'postgres://h/d' },
    });
    const values = Object.fromEntries(
      (JSON.parse(stdout) as { key: string; value: unknown }[]).map(({ key, value }) => [key, value]),
    );
    expect(values).toMatchObject({
      'app.baseUrl': 'https://localhost:7007',
      'app.title': 'Price in ${US}',
      'database.url': 'postgres://h/d',
      'outbound.proxy': 'http://proxy.example.com:3128',
      'catalog.readonly': true,
    });
  });

  test('the message about mistakes is the real one', async () => {
    const [session = ''] = blocks('configuration.md', 'console');
    const [line = '', ...rest] = session.split('\n');
    const { stdout, stderr } = await runCallboard(line.replace('$ callboard ', '').split(' '), { cwd: directory });
    expect(stdout + stderr).toBe(rest.join('\n'));
  });

  test('every variable of its table sets its key', async () => {
    const rows = [...guide('configuration.md').matchAll(/^ *\| `(CALLBOARD_\w+)` \| `([\w.]+)` \|/gm)].filter(
      ([, , key]) => key?.includes('.'),
    );
    expect(rows).toHaveLength(5);
    const samples: Record<string, string> = {
      CALLBOARD_PORT: '1',
      CALLBOARD_HOST: '::1',
      CALLBOARD_DATA: '/d',
      CALLBOARD_DATABASE_URL: 'postgres://h/d',
      CALLBOARD_LOG_LEVEL: 'warn',
    };
    const { stdout } = await runCallboard(['config', 'explain', '--json'], { cwd: directory, env: samples });
    const entries = JSON.parse(stdout) as { key: string; value: unknown; origin: unknown }[];
    for (const [, variable = '', key] of rows) {
      expect(entries.find((entry) => entry.key === key)).toMatchObject({
        origin: { source: `environment variable ${variable}` },
      });
    }
  });
});

describe('docs/guide/cli.md', () => {
  const lines = blocks('cli.md', 'sh').flatMap((block) =>
    block.split('\n').filter((line) => line.startsWith('callboard ')),
  );
  const words = (line: string) =>
    [
      ...line
        .replace(/ +#.*$/, '')
        .replace(/ > .*$/, '')
        .matchAll(/'([^']*)'|(\S+)/g),
    ]
      .slice(1)
      .map((match) => match[1] ?? match[2] ?? '');

  test.each(lines.filter((line) => /^callboard (check|config)/.test(line)))('%s', async (line) => {
    const { code, stderr } = await runCallboard(words(line), { cwd: directory });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each(['start', 'check', 'config check', 'config explain', 'doctor', 'version'])(
    'names only flags of %s that exist',
    async (command) => {
      const { stdout } = await runCallboard([...command.split(' '), '--help']);
      const own = lines.filter((line) => line.startsWith(`callboard ${command} `));
      const flags = own.flatMap((line) => words(line).filter((word) => word.startsWith('--')));
      expect(flags.filter((flag) => !new RegExp(`^ +(-\\w, )?${flag}\\b`, 'm').test(stdout))).toEqual([]);
    },
  );

  test('its table has every command', async () => {
    const { stdout } = await runCallboard([]);
    const commands = [...stdout.matchAll(/^ {2}(\w+)(?= (?:\[| {2}))/gm)]
      .map((match) => match[1])
      .filter((name) => name !== 'help');
    const listed = [...guide('cli.md').matchAll(/^\| `callboard (\w+)/gm)].map((match) => match[1]);
    expect(new Set(listed)).toEqual(new Set(commands));
  });
});
