import { execFileSync } from 'node:child_process';
import { chmod, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type ApiEntity,
  type ApiProblem,
  countEntities,
  eventually,
  getEntities,
  getProblems,
  getSources,
  untilRead,
} from './support/api.ts';
import { component, temporaryFolder, writeFiles } from './support/files.ts';
import { type Portal, startPortal } from './support/portal.ts';
import { peakMemory, watchHealth } from './support/process.ts';

/** What a test leaves behind, removed in the opposite order. */
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function folderOf(files: Record<string, string | Uint8Array>): Promise<string> {
  const { folder, remove } = await temporaryFolder();
  cleanUp.push(remove);
  await writeFiles(folder, files);
  return folder;
}

async function start(args: string[]): Promise<{ portal: Portal; since: number }> {
  const since = Date.now();
  const portal = await startPortal({ args });
  cleanUp.push(() => portal.stop());
  return { portal, since };
}

const configOf = async (folder: string, lines: string[]) => {
  const file = join(folder, 'callboard.yaml');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
};

const names = async (portal: Portal, filter = 'kind=component') =>
  (await getEntities(portal.url, filter)).map((entity) => entity.metadata.name).sort();

const problemsAt = (problems: ApiProblem[], file: string) =>
  problems.filter(({ location }) => location === `file:${file}`).map(({ code, line }) => [code, line]);

const team = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n`;

const location = (name: string, target: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: ${name}\nspec:\n  target: ${target}\n`;

describe('descriptors that are larger, deeper or stranger than any descriptor should be', () => {
  test('each is a problem with file and line, everything else is served, and the portal answers throughout', async () => {
    const files: Record<string, string | Uint8Array> = {
      'huge/catalog-info.yaml': component('huge') + `x: |\n${'  0123456789abcdef\n'.repeat(2_800_000)}`,
      'bomb/catalog-info.yaml': bomb(),
      'deep-flow/catalog-info.yaml': `${component('deep-flow')}  deep: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
      'deep-block/catalog-info.yaml':
        component('deep-block') + Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth + 2)}a:\n`).join(''),
      'rubbish/catalog-info.yaml': Uint8Array.from(
        { length: 60_000 },
        (_, index) => (index * 7919 + (index >> 3)) % 256,
      ),
      'text-with-zero/catalog-info.yaml': `${component('zero')}\0\n`,
      'emoji/catalog-info.yaml': component('"party-🎉"'),
      'duplicate/catalog-info.yaml': component('duplicate').replace('spec:', 'spec:\n  type: website'),
      'tab/catalog-info.yaml': component('tab').replace('  type', '\ttype'),
      'scalar/catalog-info.yaml': 'just a sentence\n',
      'up/catalog-info.yaml': location('up', '../../outside.yaml'),
      'up-text/catalog-info.yaml': component('up-text').replace(
        /description: .*/,
        'description:\n    $text: ../../secret.txt',
      ),
      'missing/catalog-info.yaml': location('missing', './nothing-here.yaml'),
      'at-folder/catalog-info.yaml': location('at-folder', './'),
      'at-pipe/catalog-info.yaml': location('at-pipe', './pipe.yaml'),
      'text-pipe/catalog-info.yaml': component('text-pipe').replace(
        /description: .*/,
        'description:\n    $text: ./pipe.txt',
      ),
      'crlf/catalog-info.yaml': component('crlf').replaceAll('\n', '\r\n'),
      'bom/catalog-info.yaml': `\uFEFF${component('bom')}`,
      'utf16/catalog-info.yaml': Buffer.from(`\uFEFF${component('utf16')}`, 'utf16le'),
      'utf16-big/catalog-info.yaml': Buffer.from(`\uFEFF${component('utf16-big')}`, 'utf16le').swap16(),
      'long-lines/catalog-info.yaml': component('long-lines', { description: 'x'.repeat(5_000) }),
      'thousand/catalog-info.yaml': Array.from({ length: 1_000 }, (_, index) => component(`one-of-${index}`)).join(
        '---\n',
      ),
      'empty/catalog-info.yaml': '',
      'folder/catalog-info.yaml/catalog-info.yaml': component('inside-a-folder-with-the-name'),
      'team/catalog-info.yaml': team('team-a'),
      'good/catalog-info.yaml': component('good', { description: 'Grüße, 世界 🎉' }),
    };
    const folder = await folderOf(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`root/${path}`, text])),
    );
    const root = join(folder, 'root');
    await writeFiles(folder, { 'outside.yaml': component('outside'), 'secret.txt': 'the secret', 'locked/x': '' });
    await mkdir(join(root, 'pipe'));
    for (const pipe of ['pipe/catalog-info.yaml', 'at-pipe/pipe.yaml', 'text-pipe/pipe.txt'])
      execFileSync('mkfifo', [join(root, pipe)]);
    await writeFiles(root, {
      'link/.keep': '',
      'circle/.keep': '',
      'unreadable/catalog-info.yaml': component('unreadable'),
    });
    await symlink(join(folder, 'outside.yaml'), join(root, 'link/catalog-info.yaml'));
    await symlink(join(root, 'circle'), join(root, 'circle/again'));
    await chmod(join(root, 'unreadable/catalog-info.yaml'), 0o000);

    const { portal, since } = await start([root]);
    const health = watchHealth(portal.url);
    await untilRead(portal.url, since);
    const { failed, longestMs, asked } = await health.stop();
    const memory = peakMemory(portal.pid);
    const problems = await getProblems(portal.url);
    const found = (path: string) => problemsAt(problems, join(root, path));
    const isRoot = process.getuid?.() === 0;

    expect(await names(portal)).toEqual(
      [
        ...Array.from({ length: 1_000 }, (_, index) => `one-of-${index}`),
        'bom',
        'crlf',
        'good',
        'inside-a-folder-with-the-name',
        'long-lines',
        'utf16',
        'utf16-big',
        ...(isRoot ? ['unreadable'] : []),
      ].sort(),
    );
    const [good] = await getEntities(portal.url, 'metadata.name=good');
    expect(good?.metadata['description']).toBe('Grüße, 世界 🎉');

    const expected: Record<string, [code: string, line: number][]> = {
      'huge/catalog-info.yaml': [['CATALOG_TARGET_TOO_LARGE', 1]],
      'bomb/catalog-info.yaml': [['CATALOG_YAML_ALIASES', 1]],
      'deep-flow/catalog-info.yaml': [['CATALOG_YAML_TOO_DEEP', 10]],
      'deep-block/catalog-info.yaml': [['CATALOG_YAML_TOO_DEEP', 208]],
      'rubbish/catalog-info.yaml': [['CATALOG_FILE_BINARY', 1]],
      'text-with-zero/catalog-info.yaml': [['CATALOG_FILE_BINARY', 1]],
      'emoji/catalog-info.yaml': [['CATALOG_DESCRIPTOR_FIELD_FORMAT', 4]],
      'duplicate/catalog-info.yaml': [['CATALOG_YAML_SYNTAX', 8]],
      'tab/catalog-info.yaml': [
        ['CATALOG_YAML_SYNTAX', 8],
        ['CATALOG_YAML_SYNTAX', 7],
      ],
      'scalar/catalog-info.yaml': [['CATALOG_YAML_NOT_A_MAP', 1]],
      'up/catalog-info.yaml': [['CATALOG_TARGET_OUTSIDE', 6]],
      'up-text/catalog-info.yaml': [['CATALOG_DESCRIPTOR_PLACEHOLDER', 6]],
      'missing/catalog-info.yaml': [['CATALOG_TARGET_NOT_FOUND', 6]],
      'at-folder': [['CATALOG_TARGET_NO_FILE', 1]],
      'at-pipe/pipe.yaml': [['CATALOG_TARGET_NO_FILE', 1]],
      'text-pipe/catalog-info.yaml': [['CATALOG_DESCRIPTOR_PLACEHOLDER', 6]],
      'link/catalog-info.yaml': [['CATALOG_TARGET_OUTSIDE', 1]],
      'unreadable/catalog-info.yaml': isRoot ? [] : [['CATALOG_SOURCE_UNREADABLE', 1]],
    };
    const actual = Object.fromEntries(Object.keys(expected).map((path) => [path, found(path)]));
    expect(actual).toEqual(expected);
    expect(problems.filter(({ message, fix }) => !message || !fix)).toEqual([]);
    expect(JSON.stringify(problems)).not.toContain('the secret');
    expect({ failed, asked: asked > 5 }).toEqual({ failed: [], asked: true });
    expect(longestMs).toBeLessThan(5_000);
    expect(memory).toBeLessThan(1_536);
  });
});

test('a file of 50 MB that the operator allows is read whole, in bounded memory', async () => {
  const many = Array.from({ length: 25_000 }, (_, index) =>
    component(`many-${index}`, { description: 'word '.repeat(380) }),
  );
  const folder = await folderOf({
    'root/many/catalog-info.yaml': many.join('---\n'),
    'root/one/catalog-info.yaml': component('one') + `  notes: |\n${'    0123456789abcdef\n'.repeat(2_500_000)}`,
    'root/team/catalog-info.yaml': team('team-a'),
  });
  const lines = [
    'catalog:',
    '  locations:',
    '    - type: file',
    `      target: ${join(folder, 'root')}`,
    '  limits:',
    '    fileSize: 104857600',
  ];
  const { portal, since } = await start(['--config', await configOf(folder, lines)]);
  const health = watchHealth(portal.url);
  const [source] = await untilRead(portal.url, since, 110_000);
  const { failed, longestMs } = await health.stop();
  expect(source).toMatchObject({ state: 'ok' });
  expect(await countEntities(portal.url, 'kind=component')).toBe(25_001);
  expect(await getProblems(portal.url)).toEqual([]);
  expect(failed).toEqual([]);
  expect(longestMs).toBeLessThan(5_000);
  expect(peakMemory(portal.pid)).toBeLessThan(2_560);
});

test('a file that is written to while it is read ends up as it was left, and is never empty in between', async () => {
  const version = (round: number) =>
    Array.from({ length: 400 }, (_, index) => component(`part-${index}`, { description: `round ${round}` })).join(
      '---\n',
    );
  const folder = await folderOf({ 'catalog-info.yaml': version(0), 'team/catalog-info.yaml': team('team-a') });
  const { portal, since } = await start([folder]);
  await untilRead(portal.url, since);
  const seen: number[] = [];
  const rounds = 30;
  for (let round = 1; round <= rounds; round += 1) {
    const text = version(round);
    const file = await open(join(folder, 'catalog-info.yaml'), 'w');
    for (let part = 0; part < 4; part += 1) {
      await file.write(text.slice((part * text.length) / 4, ((part + 1) * text.length) / 4));
      await pause((round * 7) % 40);
    }
    await file.close();
    seen.push(await countEntities(portal.url, 'kind=component'));
  }
  const complete = (entities: ApiEntity[]) =>
    entities.length === 400 && entities.every(({ metadata }) => metadata['description'] === `round ${rounds}`);
  await eventually(() => getEntities(portal.url, 'kind=component'), complete, 30_000);
  expect(Math.min(...seen)).toBeGreaterThan(0);
  await eventually(
    () => getSources(portal.url),
    ([source]) => source?.state === 'ok',
  );
  expect(await getProblems(portal.url)).toEqual([]);
});

function bomb(): string {
  const lines = [
    'apiVersion: backstage.io/v1alpha1',
    'kind: Component',
    'metadata:',
    '  name: bomb',
    'spec:',
    '  a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ];
  for (let index = 1; index < 12; index += 1)
    lines.push(
      `  a${index}: &a${index} [${Array(10)
        .fill(`*a${index - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\n`;
}
