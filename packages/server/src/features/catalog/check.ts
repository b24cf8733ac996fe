import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve as resolvePath } from 'node:path';
import type { Problem, Reference } from '@callboard/model';
import { AppError } from '../../core/errors/index.ts';
import { sourceErrors } from './errors.ts';
import { createFileReader } from './formats/backstage/file-reader.ts';
import { describeDocuments, type DocumentOutcome } from './formats/backstage/outcome.ts';
import type { CatalogRule } from './formats/backstage/rules.ts';
import { defaultLimits, type PrepareSettings } from './formats/backstage/settings.ts';
import type { KindInput } from './kinds.ts';
import { descriptorPattern, matcher, splitGlob, walk } from './sources/walk.ts';

export { describeDocuments } from './formats/backstage/outcome.ts';

/** What is to be checked, and by which rules. */
export type CheckOptions = {
  /** files, folders (their catalog-info.yaml and .yml at any depth) and globs */
  paths: string[];
  /** where relative paths start; the working directory by default */
  directory?: string;
  /** `catalog.kinds` of a configuration */
  kinds?: KindInput[];
  /** `catalog.rules` of a configuration; every kind is allowed without */
  rules?: CatalogRule[];
};

/** What was found. */
export type CheckResult = { files: number; documents: number; entities: number; problems: Problem[] };

type Checked = { path: string; outcome: DocumentOutcome };

const isAddress = (target: string) => /^[a-z][a-z+]+:\/\//i.test(target);

/** The folder that a file may refer into: its repository, else the working directory it is below, else its own folder. */
function rootOf(path: string, directory: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) break;
  }
  return path.startsWith(`${directory}/`) ? directory : dirname(path);
}

async function filesOf(argument: string, directory: string): Promise<string[]> {
  const path = resolvePath(directory, argument);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return (await walk(path, matcher(descriptorPattern('catalog-info.yaml')))).files;
  if (found) return [path];
  const glob = splitGlob(argument);
  const base = glob && resolvePath(directory, glob.base);
  if (!glob || !(await stat(base as string).catch(() => undefined))?.isDirectory())
    throw sourceErrors.sourceNotFound({ target: path });
  return (await walk(base as string, matcher(glob.pattern))).files;
}

const notRead = (location: string, target: string): Problem => ({
  code: 'CATALOG_CHECK_ADDRESS_NOT_READ',
  severity: 'information',
  message: `${target} was not read: checking uses no network.`,
  fix: 'Nothing to do here; the catalog reads it.',
  location,
  line: 1,
  column: 1,
});

const unrendered = (location: string, line: number): Problem => ({
  code: 'CATALOG_DESCRIPTOR_SKELETON',
  severity: 'information',
  message: "The document is part of a template's skeleton and was passed over: it still has the template's own syntax.",
  fix: 'Nothing to do here if it is one; otherwise replace what stands in ${{ }}, {{ }} or {% %}.',
  location,
  line,
  column: 1,
});

type Tools = { settings: PrepareSettings; directory: string; problems: Problem[] };

async function checkFile(path: string, tools: Tools): Promise<DocumentOutcome[]> {
  const location = `file:${path}`;
  const files = createFileReader(rootOf(path, tools.directory), defaultLimits.fileSize);
  const { size } = await stat(path);
  const outcome = await describeDocuments({
    location,
    originLocation: location,
    // What is too large is refused by its size; there is no need to read it all.
    text: size > defaultLimits.fileSize ? new Uint8Array(defaultLimits.fileSize + 1) : await readFile(path),
    settings: tools.settings,
    async read(target) {
      if (!isAddress(target)) return files.read(target, location);
      tools.problems.push(notRead(location, target));
      // Valid as text, JSON, YAML and definition.
      return Buffer.from('{}');
    },
  });
  tools.problems.push(...outcome.problems, ...outcome.documents.flatMap(({ problems }) => problems));
  for (const { skipped, line } of outcome.documents) if (skipped) tools.problems.push(unrendered(location, line));
  return outcome.documents;
}

async function targetFiles(path: string, outcome: DocumentOutcome, tools: Tools): Promise<string[]> {
  const files: string[] = [];
  for (const target of outcome.targets) {
    const text = target.target.replace(/^file:(?!\/\/)/, '');
    if (isAddress(text) || (target.type !== 'file' && !isAbsolute(text) && target.type !== 'url')) continue;
    try {
      const found = await filesOf(text, dirname(path));
      if (found.length === 0 && target.presence === 'required')
        throw sourceErrors.targetNotFound({ target: text, from: path });
      files.push(...found);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (target.presence === 'optional') continue;
      const { code } = error;
      const message = `The target ${text} does not exist.`;
      const place = {
        location: `file:${path}`,
        line: target.line,
        column: target.column,
        path: target.path,
        entityRef: target.entityRef,
      };
      tools.problems.push({
        code,
        severity: 'error',
        message,
        fix: 'Correct the target, or remove it.',
        ...place,
        found: text,
      });
    }
  }
  return files;
}

const describedTwice = (checked: Checked, first: Checked): Problem => ({
  code: 'CATALOG_ENTITY_CONFLICT',
  severity: 'error',
  message: `${checked.outcome.entity?.ref} is described in ${first.path}, line ${first.outcome.line}, already.`,
  fix: 'Rename one of the two, or remove one of them.',
  location: `file:${checked.path}`,
  ...checked.outcome.locate('/metadata/name'),
  path: '/metadata/name',
  expected: 'a kind, namespace and name that nothing else has',
  found: checked.outcome.entity?.ref,
  entityRef: checked.outcome.entity?.ref,
});

const dangling = (checked: Checked, reference: Reference): Problem => ({
  code: 'CATALOG_RELATION_TARGET_MISSING',
  severity: 'warning',
  message: `${reference.ref} is not among the entities that were checked.`,
  fix: 'Correct the reference, or ignore this when the entity is described elsewhere.',
  location: `file:${checked.path}`,
  ...checked.outcome.locate(reference.path),
  path: reference.path,
  expected: 'a reference to an entity that exists',
  found: reference.ref,
  entityRef: checked.outcome.entity?.ref,
});

function crossCheck(all: Checked[]): Problem[] {
  const problems: Problem[] = [];
  const byRef = new Map<string, Checked>();
  for (const checked of all) {
    const ref = checked.outcome.entity?.ref as string;
    const first = byRef.get(ref);
    if (first) problems.push(describedTwice(checked, first));
    else byRef.set(ref, checked);
  }
  for (const checked of byRef.values())
    for (const reference of checked.outcome.references)
      if (!byRef.has(reference.ref)) problems.push(dangling(checked, reference));
  return problems;
}

/**
 * Checks descriptors on disk exactly as the catalog reads them, and with each other: refs that two of them claim, references to entities that
 * none describes. Location targets on disk are followed; nothing is read from the network.
 *
 * @throws AppError when a path does not exist or the kinds have mistakes
 */
export async function checkDescriptors(options: CheckOptions): Promise<CheckResult> {
  const { paths, directory = process.cwd(), kinds, rules } = options;
  const tools: Tools = { settings: { kinds, rules }, directory, problems: [] };
  const queue: string[] = [];
  for (const path of paths) queue.push(...(await filesOf(path, directory)));
  const seen = new Set<string>();
  const checked: Checked[] = [];
  let documents = 0;
  for (let position = 0; position < queue.length; position += 1) {
    const path = queue[position] as string;
    if (seen.has(path)) continue;
    seen.add(path);
    for (const outcome of await checkFile(path, tools)) {
      if (outcome.entity || outcome.skipped || outcome.problems.length > 0) documents += 1;
      if (outcome.entity) checked.push({ path, outcome });
      queue.push(...(await targetFiles(path, outcome, tools)));
    }
  }
  return {
    files: seen.size,
    documents,
    entities: checked.length,
    problems: [...tools.problems, ...crossCheck(checked)],
  };
}
