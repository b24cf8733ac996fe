import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { JsonObject, Problem } from '@callboard/model';
import type { DryRun, FileDifference, LoadedTemplate, Offline } from '@callboard/server/templates';
import { textReport } from '../reports/text.ts';
import { count, type Outcome, paint, shownPath, type Terminal, UsageError } from '../terminal.ts';
import { callboardVersion } from './version.ts';

type Format = 'text' | 'json';
type TestOptions = {
  values?: string;
  golden?: string;
  against?: string;
  update?: boolean;
  all?: boolean;
  format: Format;
};

const format = () =>
  new Option('--format <format>', 'how to print the result').choices(['text', 'json']).default('text');

/** `callboard template check` and `callboard template test` */
export function templateCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  const template = program
    .command('template')
    .description('check and try out the templates of the scaffolder, without a portal');
  template
    .command('check <paths...>')
    .description('check templates: their form, steps, actions and expressions')
    .addOption(format())
    .option('--strict', 'fail on warnings too')
    .addHelpText('after', '\nExit code: 0 nothing wrong, 1 errors (with --strict also warnings), 2 called wrongly.\n')
    .action(async (paths: string[], options: { format: Format; strict?: boolean }) => {
      const loaded = await load(paths, terminal);
      const problems = loaded.flatMap((each) => each.problems);
      const files = new Set(loaded.map(({ file }) => file)).size;
      const entities = loaded.filter((each) => each.template).length;
      const result = { files, documents: loaded.length, entities, problems };
      const { stdout } = terminal;
      if (options.format === 'json') stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      else stdout.write(textReport({ ...result, directory: terminal.directory, version: callboardVersion() }, stdout));
      if (problems.some((problem) => isFailing(problem, options.strict === true))) outcome.exitCode = 1;
    });
  template
    .command('test <template>')
    .description('run a template dry and show what it would make; compare it with golden files')
    .option('--values <file>', 'YAML or JSON with the answers of the form; made from its schema when absent')
    .option('--all', 'without --values: fill in what may stay empty, too')
    .option('--golden <folder>', 'folder with the expected files; `golden` beside the values file when it exists')
    .option('--against <folder>', 'folder of the repository that files go to; shows what would change in it')
    .option('--update', 'write the files to the golden folder instead of comparing')
    .addOption(format())
    .addHelpText(
      'after',
      `
Examples:
  callboard template test ./templates/node-service
  callboard template test ./templates/node-service --values test/values.yaml --update
  callboard template test ./templates/node-service --values test/values.yaml
  callboard template test ./templates/add-pipeline --against ../shop

Exit code: 0 as expected, 1 a step cannot run or a file differs, 2 called wrongly.
`,
    )
    .action(async (path: string, options: TestOptions) => {
      if (!(await test(path, options, terminal))) outcome.exitCode = 1;
    });
}

const isFailing = ({ severity }: Problem, strict: boolean) =>
  severity === 'error' || (strict && severity === 'warning');

async function load(paths: string[], { directory }: Terminal): Promise<LoadedTemplate[]> {
  const { loadTemplates } = await import('@callboard/server/templates');
  const loaded: LoadedTemplate[] = [];
  for (const path of paths) {
    try {
      loaded.push(...(await loadTemplates(resolve(directory, path), { root: directory })));
    } catch (error) {
      if ((error as { code?: string }).code !== 'SCAFFOLDER_PATH_MISSING') throw error;
      throw new UsageError(`there is nothing at ${path}`, 'Name a template.yaml, or a folder with templates.');
    }
  }
  if (loaded.length > 0) return loaded;
  throw new UsageError(
    `there is no template in ${paths.join(', ')}`,
    'Name a file, or a folder with files, of kind Template.',
  );
}

async function valuesOf(
  loaded: LoadedTemplate,
  options: TestOptions,
  offline: Offline,
  { directory }: Terminal,
): Promise<JsonObject> {
  if (options.values === undefined) return (await offline.example(loaded.template!, options.all)).values;
  const { parseValues } = await import('@callboard/server/templates');
  const text = await readFile(resolve(directory, options.values), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new UsageError(
      `there is no file ${options.values}`,
      'Name a YAML or JSON file with the answers of the form.',
    );
  let values: unknown;
  try {
    values = parseValues(text);
  } catch (error) {
    throw new UsageError(`${options.values} is not YAML: ${(error as Error).message}`, 'Correct the file.');
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new UsageError(`${options.values} is not an object`, 'Write one key per answer.');
  return values as JsonObject;
}

function goldenOf({ golden, values }: TestOptions, { directory }: Terminal): string | undefined {
  if (golden !== undefined) return isAbsolute(golden) ? golden : resolve(directory, golden);
  return values === undefined ? undefined : join(resolve(directory, values), '..', 'golden');
}

async function test(path: string, options: TestOptions, terminal: Terminal): Promise<boolean> {
  const loaded = await load([path], terminal);
  const [chosen] = loaded;
  if (loaded.length > 1)
    throw new UsageError(
      `there are ${loaded.length} templates in ${path}`,
      `Name one, such as ${shownPath(chosen!.file, terminal.directory)}.`,
    );
  const { compareFiles, createOffline, writeFiles } = await import('@callboard/server/templates');
  const golden = goldenOf(options, terminal);
  if (options.update && golden === undefined)
    throw new UsageError('there is no golden folder to update', 'Add --golden <folder>, or --values <file>.');
  const against = options.against === undefined ? undefined : resolve(terminal.directory, options.against);
  if (against !== undefined && !(await exists(against)))
    throw new UsageError(`there is no folder ${options.against}`, 'Name the folder of a repository.');
  const { stdout } = terminal;
  const errors = chosen!.problems.filter(({ severity }) => severity === 'error');
  if (!chosen!.template || errors.length > 0) {
    const report = { files: 1, documents: 1, entities: 0, problems: errors };
    stdout.write(textReport({ ...report, directory: terminal.directory, version: callboardVersion() }, stdout));
    return false;
  }
  const offline = createOffline();
  try {
    const values = await valuesOf(chosen!, options, offline, terminal);
    const began = performance.now();
    const run = await offline.run(chosen!.template, chosen!.source, values, { against });
    const milliseconds = performance.now() - began;
    let differences: FileDifference[] | undefined;
    if (golden && options.update) await writeFiles(run.files, golden);
    else if (golden && (options.golden !== undefined || (await exists(golden))))
      differences = await compareFiles(run.files, golden);
    if (options.format === 'json')
      stdout.write(`${JSON.stringify({ milliseconds, ...asJson(run, values, differences) }, null, 2)}\n`);
    else print(run, differences, options.update ? golden : undefined, terminal);
    const failed =
      run.steps.some(({ status }) => status === 'failed') || run.error?.code === 'SCAFFOLDER_VALUES_INVALID';
    return !failed && (differences ?? []).length === 0;
  } finally {
    await offline.close();
  }
}

const exists = async (path: string) => {
  const { stat } = await import('node:fs/promises');
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
};

const asJson = (
  { files, steps, effects, comparisons, missing, warnings, output, error }: DryRun,
  values: JsonObject,
  differences?: FileDifference[],
) => ({
  values,
  files: files.map(({ path, content, executable }) => ({ path, base64: content.toString('base64'), executable })),
  steps: steps.map(({ id, action, status, error: fault }) => ({
    id,
    action,
    status,
    ...(fault ? { reason: fault.message } : {}),
  })),
  output,
  effects,
  ...(comparisons.length > 0 && {
    changes: comparisons.map(({ changes, ...rest }) => ({
      ...rest,
      files: changes.map(({ path, kind, before, content }) => ({
        path,
        kind,
        base64: content.toString('base64'),
        ...(before && { base64Before: before.toString('base64') }),
      })),
    })),
  }),
  missing,
  warnings,
  ...(error ? { error: { code: error.code, message: error.message, fix: error.fix } } : {}),
  ...(differences ? { differences } : {}),
});

const signs = { added: '+', missing: '-', changed: '~', mode: '~' } as const;
const kinds = {
  added: 'is made, and not expected',
  missing: 'is expected, and not made',
  changed: 'has other content',
  mode: 'is executable in one of the two only',
} as const;

/** The first line in which two texts differ. */
function firstDifference(
  { before, after }: Pick<FileDifference, 'before' | 'after'>,
  first = 'expected',
  second = 'made',
): string[] {
  if (before === undefined || after === undefined) return [];
  const [old, now] = [before.split('\n'), after.split('\n')];
  const line = old.findIndex((text, index) => text !== now[index]);
  const at = line < 0 ? old.length : line;
  return [
    `    line ${at + 1}: ${first.padEnd(second.length)} ${JSON.stringify(old[at] ?? '')}`,
    `    ${' '.repeat(`line ${at + 1}: `.length)}${second.padEnd(first.length)} ${JSON.stringify(now[at] ?? '')}`,
  ];
}

function print(
  run: DryRun,
  differences: FileDifference[] | undefined,
  updated: string | undefined,
  { stdout, directory }: Terminal,
): void {
  const lines: string[] = [];
  for (const { id, action, status, error } of run.steps)
    lines.push(
      `${status === 'failed' ? paint(stdout, 'red', '✗') : status === 'skipped' ? '-' : paint(stdout, 'green', '✓')} ${id}: ${action}${error ? `: ${error.message}\n    fix: ${error.fix}` : ''}`,
    );
  lines.push('', count(run.files.length, 'file'));
  for (const { path, content, executable } of run.files)
    lines.push(`  ${path} (${count(content.length, 'byte')}${executable ? ', executable' : ''})`);
  if (run.effects.length > 0)
    lines.push('', 'A run would also do this:', ...run.effects.map((effect) => `  ${effect}`));
  for (const { place, changes, same } of run.comparisons) {
    lines.push('', `In ${place} ${count(changes.length, 'file')} would change, ${same} stay as they are:`);
    for (const { path, kind, before, content } of changes)
      lines.push(
        `  ${signs[kind]} ${path}`,
        ...firstDifference({ before: before?.toString('utf8'), after: content.toString('utf8') }, 'now', 'then'),
      );
  }
  if (run.missing.length > 0)
    lines.push(
      '',
      'This cannot be known here:',
      ...run.missing.map(({ step, action, value, reason }) => `  ${step}: ${action ?? value ?? ''}: ${reason}`),
    );
  if (run.warnings.length > 0) lines.push('', 'Look at this:', ...run.warnings.map((warning) => `  ${warning}`));
  if (updated) lines.push('', `Wrote ${shownPath(updated, directory)}.`);
  else if (differences?.length === 0) lines.push('', 'As expected.');
  else if (differences)
    lines.push(
      '',
      `${count(differences.length, 'file')} not as expected (--update accepts what is made):`,
      ...differences.flatMap((each) => [
        `  ${signs[each.kind]} ${each.path} ${kinds[each.kind]}`,
        ...firstDifference(each),
      ]),
    );
  stdout.write(`${lines.join('\n')}\n`);
}
