import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JsonObject } from '@callboard/model';
import { scaffolderErrors } from '../errors.ts';
import { type Action, type ActionContext, fields, flag, list, text } from './action.ts';

const hasGlob = (path: string) => /[*?[\]{}!()]/.test(path);

/** What a path or a glob means in the workspace: a folder's name the folder, a glob files only. */
async function matching({ workspace, services }: ActionContext, glob: string): Promise<string[]> {
  workspace.resolve(glob);
  const plain = glob.replace(/^(\.?\/)+/, '');
  if (!hasGlob(plain)) return workspace.exists(plain || '.') ? [plain] : [];
  const paths = (await workspace.entries()).filter((entry) => !entry.endsWith('/'));
  return (await services.renderers.compute(
    { work: 'match', globs: [plain], paths, dot: true },
    'the glob',
  )) as string[];
}

type Move = { from?: string; to?: string; overwrite?: boolean };

async function move({ workspace, log }: ActionContext, { from = '', to = '', overwrite = false }: Move): Promise<void> {
  const [source, target] = [workspace.resolve(from), workspace.resolve(to)];
  if (!workspace.exists(from))
    throw scaffolderErrors.pathMissing({ what: 'file or folder', path: from, place: 'the workspace', looked: from });
  if (source === target) return;
  if (workspace.exists(to)) {
    if (!overwrite) throw scaffolderErrors.pathExists({ path: to });
    await workspace.remove(to);
  }
  await workspace.makeFolder(join(to, '..'));
  await rename(source, target);
  log(`File ${from} renamed to ${to} successfully`);
}

const contents = list(
  fields({ name: text('Its name'), path: text('Relative to the workspace'), fullPath: text('On the machine') }),
  'What was found',
);

/** The actions that move and look at what is in the workspace. */
export const workspaceFileActions: Action[] = [
  {
    id: 'fs:delete',
    description: 'Deletes files and folders of the workspace; globs are possible.',
    supportsDryRun: true,
    schema: { input: fields({ files: list(text('A path or a glob'), 'What is deleted') }, ['files']) },
    examples: [{ description: 'What only the template needs', example: 'files: [".template", "**/*.example"]' }],
    async run(context) {
      for (const glob of context.input.files as string[])
        for (const path of await matching(context, glob)) {
          await context.workspace.remove(path);
          context.log(`File ${path} deleted successfully`);
        }
    },
  },
  {
    id: 'fs:rename',
    description: 'Renames files and folders of the workspace.',
    supportsDryRun: true,
    schema: {
      input: fields(
        {
          files: list(
            fields(
              { from: text('Path now'), to: text('Path then'), overwrite: flag('Whether an existing one is replaced') },
              ['from', 'to'],
            ),
            'What is renamed',
          ),
        },
        ['files'],
      ),
    },
    examples: [{ description: 'An ignore file', example: 'files:\n  - from: gitignore\n    to: .gitignore' }],
    async run(context) {
      for (const file of context.input.files as Move[]) await move(context, file);
    },
  },
  {
    id: 'fs:readdir',
    description: 'Lists files and folders of the workspace.',
    supportsDryRun: true,
    schema: {
      input: fields(
        {
          paths: list({ type: 'string', minLength: 1 }, 'The folders'),
          recursive: flag('Whether folders in them count'),
        },
        ['paths'],
      ),
      output: fields({ files: contents, folders: contents }),
    },
    examples: [{ description: 'Everything', example: 'paths: ["."]\nrecursive: true' }],
    async run({ input, workspace, output }) {
      const files: JsonObject[] = [];
      const folders: JsonObject[] = [];
      for (const path of input.paths as string[]) {
        if (!workspace.exists(path))
          throw scaffolderErrors.pathMissing({ what: 'folder', path, place: 'the workspace', looked: path });
        const entries = await workspace.entries(path);
        for (const entry of entries) {
          const plain = entry.replace(/\/$/, '');
          if (input.recursive !== true && dirname(plain) !== '.') continue;
          const shown = join(path, plain).replace(/^(\.\/)+/, '');
          const found = { name: basename(plain), path: shown, fullPath: workspace.resolve(shown) };
          (entry.endsWith('/') ? folders : files).push(found);
        }
      }
      output('files', files);
      output('folders', folders);
    },
  },
];
