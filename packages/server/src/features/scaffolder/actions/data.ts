import { lstat, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { scaffolderErrors } from '../errors.ts';
import { zip } from '../files/zip.ts';
import { type Action, type ActionContext, fields, flag, list, object, text, textOf } from './action.ts';
import { mergeData, mergeDocument } from './merge.ts';
import { words } from '../words.ts';

const path = text('A path in the workspace');
const anything: JsonObject = { description: 'Data' };
const spacing = {
  replacer: list(text('A key'), 'The keys that are kept'),
  space: text('What lines are indented with'),
};
const yamlOptions = object('How YAML is written: indent, lineWidth, …');
const asWhat: JsonObject = { enum: ['string', 'object'], description: 'What `result` is; a string when absent' };
const content: JsonObject = { type: ['string', 'object'], description: 'An object, or a text of one' };
const longestSleep = 600;

const refuse = (context: ActionContext, action: string, reason: string) =>
  scaffolderErrors.actionFailed({ action, step: context.step.id, reason });

async function readText(context: ActionContext, named: string): Promise<string> {
  if (!context.workspace.exists(named))
    throw scaffolderErrors.pathMissing({ what: 'file', path: named, place: 'the workspace', looked: named });
  return (await context.workspace.read(named)).toString('utf8');
}

const write = async (context: ActionContext, named: string, said: string) => {
  await context.workspace.write(named, said);
  context.output('path', context.workspace.resolve(named));
};

const json = (input: JsonObject, value: JsonValue) => {
  const replacer = input.replacer as string[] | undefined;
  return JSON.stringify(value, replacer?.length ? replacer : undefined, textOf(input, 'space')) ?? '';
};

const yaml = (input: JsonObject, value: unknown) => stringify(value, isJsonObject(input.options) ? input.options : {});

const parsers: Record<string, (said: string) => JsonValue> = {
  json: (said) => JSON.parse(said) as JsonValue,
  yaml: (said) => parse(said) as JsonValue,
  multiyaml: (said) => parseAllDocuments(said).map((document) => document.toJSON() as JsonValue),
};

type Replacement = {
  file?: string;
  find?: string;
  replaceWith?: string;
  matchRegex?: boolean;
  includeDotFiles?: boolean;
};

async function replaceIn(context: ActionContext, replacement: Replacement): Promise<void> {
  const { file, find, replaceWith, matchRegex = false, includeDotFiles = false } = replacement;
  if (!file || !find || !replaceWith)
    throw refuse(context, 'roadiehq:utils:fs:replace', 'each file must have a file, find and replaceWith property');
  context.workspace.resolve(file);
  const paths = (await context.workspace.entries()).filter((entry) => !entry.endsWith('/'));
  const globs = [file.replace(/^(\.?\/)+/, '')];
  const found = await context.services.renderers.compute(
    { work: 'match', globs, paths, dot: includeDotFiles },
    'the glob',
  );
  for (const entry of found as string[]) {
    const said = await readText(context, entry);
    const computation = { work: 'replace', text: said, pattern: find, isPattern: matchRegex, by: replaceWith } as const;
    await context.workspace.write(
      entry,
      words(await context.services.renderers.compute(computation, `a replacement in ${entry}`)),
    );
  }
}

async function query(context: ActionContext, data: JsonValue): Promise<JsonValue> {
  const expression = words(context.input.expression);
  return context.services.renderers.compute(
    { work: 'query', expression, data },
    `the expression ${expression.slice(0, 80)}`,
  );
}

async function merge(context: ActionContext): Promise<void> {
  const { input } = context;
  const named = words(input.path);
  const before = await readText(context, named);
  const isJson = extname(named) === '.json';
  if (!isJson && !/^\.ya?ml$/.test(extname(named))) return;
  const added = (typeof input.content === 'string' ? parse(input.content) : input.content) as JsonValue;
  const joinsLists = input.mergeArrays === true;
  if (isJson) {
    await write(context, named, JSON.stringify(mergeData(parse(before) as JsonValue, added, joinsLists), null, 2));
    return;
  }
  const documents = parseAllDocuments(before);
  const chosen = input.useDocumentIncludingField as { key: string; value: string } | undefined;
  if (documents.length === 0 || (documents.length > 1 && !chosen))
    throw refuse(
      context,
      'roadiehq:utils:merge',
      documents.length === 0
        ? 'No documents found in the input content. Please provide a valid YAML file.'
        : 'Multiple documents found in the input content. Please provide a key and value to use to find the document to merge into.',
    );
  const made = documents.map((document) => {
    const isChosen = documents.length === 1 || words(document.get(chosen!.key)) === chosen!.value;
    if (!isChosen) return yaml(input, input.preserveYamlComments === true ? document : document.toJSON());
    if (input.preserveYamlComments !== true)
      return yaml(input, mergeData(document.toJSON() as JsonValue, added, joinsLists));
    return yaml(input, mergeDocument(document, added, joinsLists));
  });
  await write(context, named, made.join('---\n'));
}

async function pack({ input, workspace, output }: ActionContext): Promise<void> {
  const [source, target] = [words(input.path), words(input.outputPath)];
  const full = workspace.resolve(source);
  const archive = workspace.resolve(target);
  if (!workspace.exists(source))
    throw scaffolderErrors.pathMissing({
      what: 'file or folder',
      path: source,
      place: 'the workspace',
      looked: source,
    });
  const isFolder = (await lstat(full)).isDirectory();
  const names = isFolder ? (await workspace.entries(source)).filter((entry) => !entry.endsWith('/')) : [basename(full)];
  const found = await Promise.all(
    names.map(async (name) => {
      const place = isFolder ? join(full, name) : full;
      return { path: name, place, info: await lstat(place) };
    }),
  );
  const files = found
    .filter(({ place, info }) => info.isFile() && place !== archive)
    .map((file) => ({ path: file.path, mode: file.info.mode & 0o777, read: () => readFile(file.place) }));
  const chunks: Buffer[] = [];
  for await (const chunk of zip(files)) chunks.push(chunk);
  await workspace.write(target, Buffer.concat(chunks));
  output('outputPath', archive);
}

const action = (
  id: string,
  description: string,
  input: JsonObject,
  output: JsonObject | undefined,
  run: Action['run'],
): Action => ({
  id: `roadiehq:utils:${id}`,
  description,
  supportsDryRun: true,
  schema: { input, output },
  run,
});

const written = fields({ path: text('The file') });
const result = fields({ result: anything });

/** The actions of the community that are plain work with files and data, under their usual names. */
export const dataActions: Action[] = [
  action(
    'fs:write',
    'Writes a file.',
    fields({ path, content: text('What it holds'), preserveFormatting: flag('Whether JSON is indented') }, [
      'path',
      'content',
    ]),
    written,
    async (context) => {
      const said = words(context.input.content);
      let shown = said;
      if (context.input.preserveFormatting === true)
        try {
          shown = JSON.stringify(JSON.parse(said), null, 2);
        } catch {
          context.log('The content is not JSON and is written as it is.', 'warn');
        }
      await write(context, words(context.input.path), shown);
    },
  ),
  action(
    'fs:append',
    'Adds to the end of a file.',
    fields({ path, content: text('What is added') }, ['path', 'content']),
    written,
    async (context) => {
      const named = words(context.input.path);
      const before = context.workspace.exists(named) ? await readText(context, named) : '';
      await write(context, named, `${before}${words(context.input.content)}`);
    },
  ),
  action(
    'fs:parse',
    'Reads a file, as text or as data.',
    fields({ path, parser: { enum: ['yaml', 'json', 'multiyaml'], description: 'What it is; text when absent' } }, [
      'path',
    ]),
    fields({ content: anything }),
    async (context) => {
      const said = await readText(context, words(context.input.path));
      const parser = parsers[textOf(context.input, 'parser') ?? ''];
      context.output('content', parser ? parser(said) : said);
    },
  ),
  action(
    'fs:replace',
    'Replaces texts in files.',
    fields(
      {
        files: list(
          fields({
            file: text('A path or a glob'),
            find: text('What is replaced'),
            replaceWith: text('By what'),
            matchRegex: flag('Whether `find` is a regular expression'),
            includeDotFiles: flag('Whether files that begin with a dot count'),
          }),
          'The replacements',
        ),
      },
      ['files'],
    ),
    undefined,
    async (context) => {
      for (const replacement of context.input.files as Replacement[]) await replaceIn(context, replacement);
    },
  ),
  action(
    'json:merge',
    'Merges data into a JSON file; it is made when there is none.',
    fields(
      {
        path,
        content,
        mergeArrays: flag('Whether lists are joined'),
        matchFileIndent: flag('Whether the indent stays'),
      },
      ['path', 'content'],
    ),
    written,
    async (context) => {
      const { input, workspace } = context;
      const named = words(input.path);
      const before = workspace.exists(named) ? await readText(context, named) : '{}';
      const added = (typeof input.content === 'string' ? JSON.parse(input.content) : input.content) as JsonValue;
      const indent = (input.matchFileIndent === true && /^[ \t]+/m.exec(before)?.[0].length) || 2;
      await write(
        context,
        named,
        JSON.stringify(mergeData(JSON.parse(before) as JsonValue, added, input.mergeArrays === true), null, indent),
      );
    },
  ),
  action(
    'merge',
    'Merges data into a JSON or YAML file.',
    fields(
      {
        path,
        content,
        mergeArrays: flag('Whether lists are joined'),
        preserveYamlComments: flag('Whether comments stay'),
        useDocumentIncludingField: fields({ key: text('A key'), value: text('Its value') }, ['key', 'value']),
        options: yamlOptions,
      },
      ['path', 'content'],
    ),
    written,
    merge,
  ),
  action(
    'serialize:json',
    'Data as JSON.',
    fields({ data: anything, ...spacing }, ['data']),
    fields({ serialized: text('The JSON') }),
    async ({ input, output }) => output('serialized', json(input, input.data ?? null)),
  ),
  action(
    'serialize:yaml',
    'Data as YAML.',
    fields({ data: anything, replacer: spacing.replacer, options: yamlOptions }, ['data']),
    fields({ serialized: text('The YAML') }),
    async ({ input, output }) => output('serialized', yaml(input, input.data)),
  ),
  action(
    'jsonata',
    'Asks data with a JSONata expression.',
    fields({ data: anything, expression: text('The expression') }, ['data', 'expression']),
    result,
    async (context) => context.output('result', await query(context, context.input.data ?? null)),
  ),
  action(
    'jsonata:json:transform',
    'Asks a JSON file with a JSONata expression.',
    fields({ path, expression: text('The expression'), ...spacing, as: asWhat }, ['path', 'expression']),
    result,
    async (context) => {
      const found = await query(context, JSON.parse(await readText(context, words(context.input.path))) as JsonValue);
      context.output('result', context.input.as === 'object' ? found : json(context.input, found));
    },
  ),
  action(
    'jsonata:yaml:transform',
    'Asks a YAML file with a JSONata expression.',
    fields(
      {
        path,
        expression: text('The expression'),
        options: yamlOptions,
        loadAll: flag('Whether it has several documents'),
        as: asWhat,
      },
      ['path', 'expression'],
    ),
    result,
    async (context) => {
      const { input } = context;
      const parser = parsers[input.loadAll === true ? 'multiyaml' : 'yaml']!;
      const found = await query(context, parser(await readText(context, words(input.path))));
      context.output('result', input.as === 'object' ? found : yaml(input, found));
    },
  ),
  action(
    'zip',
    'Packs a file or a folder of the workspace into an archive beside it.',
    fields({ path, outputPath: text('The archive in the workspace') }, ['path', 'outputPath']),
    fields({ outputPath: text('The archive') }),
    pack,
  ),
  action(
    'sleep',
    'Waits for so many seconds, at most ten minutes; not in a dry run.',
    fields({ amount: { type: 'number', minimum: 0, maximum: longestSleep, description: 'Seconds' } }, ['amount']),
    undefined,
    async ({ input, signal, isDryRun, log }) => {
      log(`Waiting ${Number(input.amount)} seconds`);
      if (!isDryRun) await wait(Number(input.amount) * 1000, undefined, { signal });
    },
  ),
];
