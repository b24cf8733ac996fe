/**
 * `npm run generate`: writes the reference pages that come from the code, docs/reference/{errors,configuration,api}.md and
 * callboard.schema.json. With `--check` it writes nothing and fails when one of them is not what the code says.
 */
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pluginApiPage } from './plugin-api.mjs';
import { templateReference } from './template-reference.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'packages/server/src');
const target = join(root, 'docs/reference');
const load = (path) => import(pathToFileURL(join(source, path)).href);

const note = '<!-- Written by `npm run generate`; change the code, not this page. -->';
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;').trim();
const code = (text) => (text === '' ? '' : `\`${String(text).replaceAll('|', '\\|')}\``);
const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const groupBy = (items, keyOf) => [...Map.groupBy(items, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));

/** The files of the server that define errors, wherever they stand. */
async function filesWithErrors() {
  const files = (await readdir(source, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !/(\.test|(^|\/)testing)\.ts$|(^|\/)testing\//.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(source, file), 'utf8')));
  return files.filter((file, index) => /\bdefineErrors\('/.test(texts[index])).sort();
}

async function errorsPage() {
  for (const file of await filesWithErrors()) await load(file);
  const { allErrorDefinitions } = await load('core/errors/index.ts');
  const groups = groupBy(allErrorDefinitions(), (error) => error.code.split('_')[0]);
  return [
    '# Errors',
    note,
    'Every error has a code that does not change, the HTTP status of the answer that carries it, and the next step. Words in braces stand for the values of the case.',
    ...groups.map(
      ([prefix, errors]) =>
        `## ${prefix}\n\n${table(
          ['Code', 'Status', 'Name', 'Message', 'What to do'],
          errors.map((error) => [code(error.code), error.status, error.name, cell(error.message), cell(error.fix)]),
        )}`,
    ),
  ].join('\n\n');
}

async function configurationPage(sections) {
  const { configurationKeys } = await load('core/config/index.ts');
  const groups = Map.groupBy(configurationKeys(sections), (entry) => entry.key.split('.')[0]);
  const preset = (value) => (value === undefined ? '' : code(JSON.stringify(value)));
  return [
    '# Configuration',
    note,
    'Every key of `callboard.yaml`. All of them may be left out. `callboard config explain` shows the values in force and where each comes from; [callboard.schema.json](callboard.schema.json) is the same for editors.',
    ...[...groups].map(
      ([key, entries]) =>
        `## ${key}\n\n${table(
          ['Key', 'Value', 'Default', 'Meaning'],
          entries.map((entry) => [code(entry.key), cell(entry.type), preset(entry.default), cell(entry.description)]),
        )}`,
    ),
  ].join('\n\n');
}

async function schemaFile(sections) {
  const { configurationSchema } = await load('core/config/index.ts');
  return JSON.stringify(configurationSchema(sections), null, 2);
}

/** Asks a portal that runs on an empty folder for its OpenAPI document. */
async function openapiDocument(startPortal) {
  const directory = await mkdtemp(join(tmpdir(), 'callboard-generate-'));
  const flags = { host: '127.0.0.1', port: 0, data: directory, example: false };
  const configFile = join(directory, 'callboard.yaml');
  await writeFile(configFile, 'log:\n  level: error\n');
  let portal;
  try {
    portal = await startPortal({ configFile, flags, env: {} });
    return await (await fetch(`${portal.url}/api/openapi.json`)).json();
  } finally {
    await portal?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function apiPage(startPortal) {
  const { paths } = await openapiDocument(startPortal);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
  operations.sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
  return [
    '# HTTP API',
    note,
    'Every route, with the permission that it needs. A running portal publishes parameters, bodies and answers as OpenAPI 3.1 at `/api/openapi.json`; errors have the shape and codes of [errors.md](errors.md).',
    ...groupBy(operations, (operation) => operation.tags[0]).map(
      ([tag, list]) =>
        `## ${tag}\n\n${table(
          ['Route', 'Permission', 'What it does'],
          list.map(({ method, path, summary, description, ...operation }) => [
            code(`${method} ${path}`),
            operation['x-permission'],
            cell(summary ?? description ?? ''),
          ]),
        )}`,
    ),
  ].join('\n\n');
}

/** The JSON Schema of manifests, for editors; `expected` is for our own messages. */
async function pluginManifestFile() {
  const { PluginManifest } = await import(pathToFileURL(join(root, 'packages/model/src/plugins/index.ts')).href);
  const plain = JSON.parse(JSON.stringify(PluginManifest, (key, value) => (key === 'expected' ? undefined : value)));
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Manifest of a Callboard plugin' };
  return JSON.stringify({ ...head, ...plain }, null, 2);
}

const check = process.argv.includes('--check');
const { configSections, startPortal } = await load('main.ts');
const pages = {
  'errors.md': await errorsPage(),
  'configuration.md': await configurationPage(configSections),
  'callboard.schema.json': await schemaFile(configSections),
  'api.md': await apiPage(startPortal),
  'templates.md': await templateReference(root),
  'plugin-manifest.schema.json': await pluginManifestFile(),
  '../../packages/plugin-api/api.md': await pluginApiPage(root),
};

await mkdir(target, { recursive: true });
const stale = [];
for (const [name, text] of Object.entries(pages)) {
  const file = join(target, name);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === `${text}\n`) continue;
  stale.push(relative(root, file));
  if (!check) await writeFile(file, `${text}\n`);
}
if (check && stale.length > 0) {
  console.error(`Not what the code says: ${stale.join(', ')}\nRun: npm run generate`);
  process.exitCode = 1;
} else console.log(stale.length > 0 ? `Written: ${stale.join(', ')}` : 'The generated pages are up to date.');
