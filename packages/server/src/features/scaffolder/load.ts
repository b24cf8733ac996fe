import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Problem } from '@callboard/model';
import { parse } from 'yaml';
import { createActions } from './actions/registry.ts';
import { scaffolderErrors } from './errors.ts';
import { folderSource, repositoryOf, type TemplateSource } from './files/source.ts';
import { adviceFor } from './formats/backstage/known-actions.ts';
import { parseTemplate } from './formats/backstage/template.ts';
import { readTemplateFile } from './formats/backstage/template-file.ts';
import type { TemplateDefinition } from './types.ts';

/** A template of a file on disk, with everything that is wrong with it. */
export type LoadedTemplate = {
  file: string;
  template?: TemplateDefinition;
  problems: Problem[];
  source: TemplateSource;
};

const yaml = /\.ya?ml$/i;
const mention = /^["']?kind["']?\s*:\s*["']?Template["']?\s*(?:#.*)?$/m;
const skipped = new Set(['node_modules', '.git']);
const largest = 4 * 1024 * 1024;

/** The files below a folder that have a template in them; skeletons of templates are not looked for in templates. */
async function filesBelow(directory: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) found.push(...(await filesBelow(path)));
    else if (entry.isFile() && yaml.test(entry.name) && (await stat(path)).size <= largest)
      if (mention.test(await readFile(path, 'utf8'))) found.push(path);
  }
  return found;
}

/**
 * Reads the templates of a file, or of all files below a folder.
 *
 * @param options.root - what relative addresses of templates outside a repository may reach; each one's own folder when absent
 * @throws AppError SCAFFOLDER_PATH_MISSING when there is nothing at the path
 */
export async function loadTemplates(path: string, options: { root?: string } = {}): Promise<LoadedTemplate[]> {
  const target = resolve(path);
  const info = await stat(target).catch(() => undefined);
  if (!info) throw scaffolderErrors.pathMissing({ what: 'file or folder', path, place: 'this folder', looked: target });
  const files = info.isDirectory() ? await filesBelow(target) : [target];
  const actions = createActions();
  const loaded: LoadedTemplate[] = [];
  for (const file of files) {
    const directory = dirname(file);
    const source = folderSource({ directory, root: repositoryOf(directory, options.root ?? directory) });
    const location = `file:${file}`;
    const read = async (name: string) => (await source.file(name)).toString('utf8');
    const { documents, problems } = await readTemplateFile(await readFile(file, 'utf8'), location, read);
    if (problems.length > 0) loaded.push({ file, problems, source });
    for (const { entity, locate, problems: unread } of documents) {
      const parsed = parseTemplate(entity, {
        location,
        locate,
        adviceFor: (action) => (actions.get(action) ? undefined : adviceFor(action)),
      });
      loaded.push({ file, template: parsed.template, problems: [...unread, ...parsed.problems], source });
    }
  }
  return loaded;
}

/** Reads a file of answers, YAML or JSON; throws when it is neither. */
export const parseValues = (text: string): unknown => parse(text, { maxAliasCount: 100 });
