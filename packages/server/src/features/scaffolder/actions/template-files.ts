import { existsSync, lstatSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import type { JsonObject, JsonValue } from '@callboard/model';
import { AppError } from '../../../core/errors/index.ts';
import { scaffolderErrors } from '../errors.ts';
import { inBatches } from '../files/batches.ts';
import { isBinary } from '../files/binary.ts';
import { defaultLimits, listEntries, resolveBelow } from '../files/workspace.ts';
import { pipelineExpression } from '../formats/backstage/foreign-expressions.ts';
import type { RenderFault, TextOptions, TextResult } from '../language/messages.ts';
import { type ActionContext, textOf } from './action.ts';
import { words } from '../words.ts';

/** A file's name is left out when it is empty, starts with a slash or has an empty folder in it: how templates make files conditional. */
const isLeftOut = (path: string) => path === '' || path.startsWith('/') || path.includes('//');

/** Which entries a list of globs means; a folder's name means everything below it, `!` takes out again. */
async function chosenBy(globs: unknown, entries: string[], { services }: ActionContext): Promise<Set<string>> {
  if (!Array.isArray(globs) || globs.length === 0) return new Set();
  const folders = new Set(entries.filter((entry) => entry.endsWith('/')));
  // Only a folder that is named in full stands for what is below it; a glob means what it says.
  const wide = globs.flatMap((given) => {
    const glob = words(given)
      .replaceAll(/\/{2,}/g, '/')
      .replace(/^(!?)\.\//, '$1');
    if (glob === '' || glob === '.') return ['**'];
    const folder = `${glob.replace(/^!|\/$/g, '')}/`;
    return folders.has(folder) ? [glob.replace(/\/$/, ''), `${glob.replace(/\/$/, '')}/**`] : [glob];
  });
  const plain = new Map(entries.map((entry) => [entry.replace(/\/$/, ''), entry]));
  const found = await services.renderers.compute(
    { work: 'match', globs: wide, paths: [...plain.keys()], dot: true },
    'the list of globs',
  );
  return new Set((found as string[]).map((path) => plain.get(path) as string));
}

type Options = TextOptions & {
  targetPath: string;
  replace: boolean;
  extension?: string;
  values: Record<string, JsonValue>;
};

function optionsOf(input: JsonObject): Options {
  const only = input.templateFileExtension;
  if (only && (input.copyWithoutTemplating || input.cookiecutterCompat))
    throw scaffolderErrors.actionFailed({
      action: 'fetch:template',
      step: 'that uses it',
      reason: '`templateFileExtension` cannot be used with `copyWithoutTemplating` or `cookiecutterCompat`',
    });
  const extension =
    only === true ? '.njk' : typeof only === 'string' && only !== '' ? `.${only.replace(/^\./, '')}` : undefined;
  return {
    targetPath: textOf(input, 'targetPath') ?? './',
    replace: input.replace === true,
    extension,
    values: { [input.cookiecutterCompat ? 'cookiecutter' : 'values']: input.values ?? {} },
    cookiecutter: input.cookiecutterCompat === true,
    trimBlocks: input.trimBlocks === true,
    lstripBlocks: input.lstripBlocks === true,
  };
}

/** Says that a text cannot be rendered: an error in a run, something missing in a dry run. */
function fail(context: ActionContext, file: string, { message, line, hint }: RenderFault): void {
  const error = scaffolderErrors.renderFailed({ file, line, reason: message, hint });
  if (!context.isDryRun) throw error;
  context.log(error.message, 'error');
  context.miss({ value: file, reason: error.message, fix: hint });
}

/** Renders the names and contents of a folder into the workspace. */
export async function renderFolder(directory: string, context: ActionContext): Promise<void> {
  const { input, workspace, services, log } = context;
  const options = optionsOf(input);
  const base = workspace.resolve(options.targetPath);
  const entries = await listEntries(directory, defaultLimits.files);
  const untouched = await chosenBy(input.copyWithoutRender, entries, context);
  const copied = await chosenBy(input.copyWithoutTemplating, entries, context);
  const isRendered = (entry: string) =>
    options.extension === undefined
      ? !copied.has(entry) && !untouched.has(entry)
      : extname(entry) === options.extension;
  log(`Processing ${entries.length} template files/directories with input values`);

  const named = entries.map((entry) =>
    options.extension !== undefined && isRendered(entry) ? entry.slice(0, -options.extension.length) : entry,
  );
  const names = await services.renderers.texts(named, options.values, options);
  type Job = { entry: string; target: string; text: string; mode: number };
  const wanted: { entry: string; target: string }[] = [];
  const taken = new Set<string>();
  const inside = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const result = untouched.has(entry) ? { text: entry } : (names[index] as TextResult);
    if ('fault' in result) {
      fail(context, `the name ${entry}`, result.fault);
      continue;
    }
    if (isLeftOut(result.text)) continue;
    if (posix.basename(entry).startsWith('${{') && /^[-_.]/.test(posix.basename(result.text)))
      log(`The name ${entry} became ${result.text}: an expression in it is empty.`, 'warn');
    const target = join(options.targetPath, result.text);
    // A name may lead nowhere but below the target; of two files with one name the first counts, unless files are replaced.
    const resolved = resolveBelow(base, result.text, 'the target of the step', inside);
    if (!options.replace && (taken.has(resolved) || existsSync(resolved))) continue;
    if (entry.endsWith('/')) {
      await workspace.makeFolder(target);
      continue;
    }
    taken.add(resolved);
    wanted.push({ entry, target });
  }
  const read = async ({ entry, target }: { entry: string; target: string }): Promise<Job | undefined> => {
    const path = join(directory, entry);
    const info = lstatSync(path);
    if (info.isSymbolicLink()) await workspace.link(target, await readlink(path));
    if (!info.isFile()) return undefined;
    const bytes = await readFile(path);
    if (!isBinary(bytes) && isRendered(entry)) return { entry, target, text: bytes.toString('utf8'), mode: info.mode };
    await workspace.write(target, isBinary(bytes) ? bytes : bytes.toString('utf8'), info.mode, inside);
    return undefined;
  };
  // Of two files with one name the last counts where files are replaced.
  const last = new Map(wanted.map((file) => [file.target, file]));
  const jobs = (await inBatches([...last.values()], read)).filter((job) => job !== undefined);
  // While the rest is rendered, what is ready is written.
  const writes: Promise<unknown>[] = [];
  const results = await services.renderers.texts(
    jobs.map(({ text }) => text),
    options.values,
    options,
    (index, text) => {
      const { target, mode } = jobs[index] as Job;
      writes.push(workspace.write(target, text, mode, inside).catch((error: unknown) => ({ error })));
    },
  );
  for (const failed of await Promise.all(writes)) if (failed) throw (failed as { error: unknown }).error;
  for (const [index, job] of jobs.entries()) {
    const result = results[index] as TextResult;
    if ('fault' in result) {
      fail(context, job.entry, result.fault);
      continue;
    }
    const foreign = options.cookiecutter ? undefined : pipelineExpression(job.text);
    if (foreign)
      log(
        `${job.entry}, line ${foreign.line}: \`${foreign.text}\` looks like an expression of a pipeline and is rendered to nothing. ` +
          'Name the file in `copyWithoutTemplating`, or put it between {% raw %} and {% endraw %}.',
        'warn',
      );
  }
  log(`Template result written to ${options.targetPath}`);
}

/** Renders one file into the workspace. */
export async function renderFile(read: () => Promise<Buffer>, name: string, context: ActionContext): Promise<void> {
  const { input, workspace, services, log } = context;
  const target = words(input.targetPath);
  if (workspace.exists(target) && input.replace !== true) {
    log(`File ${target} already exists in workspace, not replacing.`);
    return;
  }
  const options = optionsOf(input);
  const [result] = await services.renderers.texts([(await read()).toString('utf8')], options.values, options);
  if (result && 'text' in result) await workspace.write(target, result.text);
  else if (result) fail(context, name, result.fault);
  log(`Template file has been written to ${target}`);
}

/** Whether an error only says that something could not be read, so that a dry run can go on without it. */
export const isAboutReading = (error: unknown): error is AppError =>
  error instanceof AppError && /^(SCAFFOLDER_(PATH|ADDRESS|REPOSITORY)|OUTBOUND)_/.test(error.code);
