import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCallboard } from '../testing/callboard.ts';
import { sarifFaults } from '../testing/sarif-rules.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), text);
}

const run = (...args: string[]) => runCallboard(['check', ...args], { cwd: directory });

const good = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ship
spec:
  type: service
  lifecycle: production
  owner: crew
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: crew
spec:
  type: team
  children: []
`;

const bad = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: pay service
  tags: [Big]
spec:
  type: service
  owner: crew
`;

const lonely = good.split('---')[0] ?? '';

describe('check', () => {
  test('good descriptors', async () => {
    write('services/ship/catalog-info.yaml', good);
    expect(await run('.')).toEqual({
      code: 0,
      signal: null,
      stdout: 'Nothing wrong in 1 file, 2 entities.\n',
      stderr: '',
    });
  });

  test('bad descriptors: place, line, caret, expected, found and fix', async () => {
    write('services/pay/catalog-info.yaml', bad);
    write('services/ship/catalog-info.yaml', good);
    const { code, stdout, stderr } = await run('services');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(`services/pay/catalog-info.yaml:5:10  error  metadata.tags[0] is not valid: "Big".
     5 |   tags: [Big]
                  ^
  expected: `);
    expect(stdout).toContain('  found:    "Big"\n  fix:      ');
    expect(stdout).toMatch(/\n3 errors in 1 file; checked 2 files, 2 entities\.\n$/);
  });

  test('files and globs', async () => {
    write('a/one.yaml', good);
    write('b/two.yaml', lonely.replace('name: ship', 'name: boat'));
    expect((await run('a/one.yaml', 'b/two.yaml')).stdout).toBe('Nothing wrong in 2 files, 3 entities.\n');
    expect((await run('*/*.yaml')).stdout).toBe('Nothing wrong in 2 files, 3 entities.\n');
  });

  test('warnings fail with --strict only', async () => {
    write('catalog-info.yaml', lonely);
    const { code, stdout } = await run('.');
    expect(code).toBe(0);
    expect(stdout).toContain('  warning  group:default/crew is not among the entities that were checked.\n');
    expect(stdout).toMatch(/\n1 warning in 1 file; checked 1 file, 1 entity\.\n$/);
    expect((await run('.', '--strict')).code).toBe(1);
    write('catalog-info.yaml', good);
    expect((await run('.', '--strict')).code).toBe(0);
  });

  test('JSON', async () => {
    write('catalog-info.yaml', bad);
    const { code, stdout } = await run('.', '--format', 'json');
    expect(code).toBe(1);
    const result = JSON.parse(stdout) as { problems: Record<string, unknown>[] };
    expect(result).toMatchObject({ files: 1, entities: 0 });
    expect(result.problems).toHaveLength(3);
    expect(result.problems[1]).toMatchObject({
      severity: 'error',
      location: `file:${join(directory, 'catalog-info.yaml')}`,
      line: 5,
      column: 10,
      path: '/metadata/tags/0',
      found: '"Big"',
    });
  });

  test('problems are in the order of files and lines, those between descriptors too', async () => {
    write('a/catalog-info.yaml', lonely);
    write('b/catalog-info.yaml', bad);
    const { stdout } = await run('.', '--format', 'json');
    const { problems } = JSON.parse(stdout) as { problems: { location: string; line: number }[] };
    const places = problems.map(({ location, line }) => `${location.slice(-22, -18)} ${line}`);
    expect(places).toHaveLength(4);
    expect(places).toEqual(places.toSorted());
  });

  test('SARIF follows the rules of its schema', async () => {
    write('my services/catalog-info.yaml', bad);
    const { code, stdout } = await run('.', '--format', 'sarif');
    expect(code).toBe(1);
    const log = JSON.parse(stdout) as { runs: { results: unknown[] }[] };
    expect(sarifFaults(log)).toEqual([]);
    expect(log.runs[0]?.results).toHaveLength(3);
    expect(log.runs[0]?.results[1]).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20services/catalog-info.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 5, startColumn: 10 },
          },
        },
      ],
    });
    write('my services/catalog-info.yaml', good);
    expect(sarifFaults(JSON.parse((await run('.', '--format', 'sarif')).stdout))).toEqual([]);
  });

  test('YAML that cannot be read is a problem of its file', async () => {
    write('catalog-info.yaml', 'kind: [\n');
    const { code, stdout } = await run('.');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^catalog-info\.yaml:\d+:\d+ {2}error {2}/);
  });

  test('own kinds and rules, from the configuration that is named and no other', async () => {
    write(
      'catalog-info.yaml',
      'apiVersion: ships.example/v1\nkind: Vessel\nmetadata:\n  name: gull\nspec:\n  masts: 2\n',
    );
    write(
      'callboard.yaml',
      'catalog:\n  kinds:\n    - kind: Vessel\n      apiVersions: [ships.example/v1]\n      schema: { type: object, properties: { spec: { type: object, properties: { masts: { type: integer } } } } }\n',
    );
    expect((await run('.')).stdout).toContain('No kind "Vessel"');
    expect(await run('.', '--config', 'callboard.yaml')).toMatchObject({
      code: 0,
      stdout: 'Nothing wrong in 1 file, 1 entity.\n',
    });
    write(
      'catalog-info.yaml',
      'apiVersion: ships.example/v1\nkind: Vessel\nmetadata:\n  name: gull\nspec:\n  masts: two\n',
    );
    expect((await run('.', '--config', 'callboard.yaml')).code).toBe(1);
    write('callboard.yaml', 'catlog: {}\n');
    expect((await run('.', '--config', 'callboard.yaml')).stderr).toContain('Did you mean "catalog"?');
  });

  test('a path that does not exist, or holds nothing, is a wrong call', async () => {
    const missing = await run('none');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toBe(
      `error: Nothing found at ${join(directory, 'none')}\n  fix: Name files, globs, or folders that hold a catalog-info.yaml.\n`,
    );
    expect(await run('.')).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr:
        'error: there is no descriptor in .\n  fix: Name files, globs, or folders that hold a catalog-info.yaml.\n',
    });
  });

  test('colours when they are asked for', async () => {
    write('catalog-info.yaml', bad);
    const { stdout } = await runCallboard(['check', '.'], { cwd: directory, env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\u001b[31merror\u001b[39m');
    const plain = await runCallboard(['check', '.'], { cwd: directory, env: { FORCE_COLOR: '0' } });
    expect(plain.stdout).not.toContain('\u001b');
  });
});
