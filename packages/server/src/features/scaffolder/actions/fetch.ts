import { cp, lstat, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { JsonObject } from '@callboard/model';
import { scaffolderErrors } from '../errors.ts';
import { isAddress, openTree, readAddress } from '../files/address.ts';
import { defaultLimits, listEntries } from '../files/workspace.ts';
import { type Action, type ActionContext, fields, flag, list, object, text, textOf } from './action.ts';
import { isAboutReading, renderFile, renderFolder } from './template-files.ts';
import { words } from '../words.ts';

const url = (what: string) => text(`Relative path or absolute URL pointing to the ${what} to fetch`);
const token = text('A token to read with, when the address needs one');
const rendering: Record<string, JsonObject> = {
  values: object('Values that the files see as `values`'),
  cookiecutterCompat: flag('Files are written for cookiecutter: `{{ cookiecutter.name }}`'),
  replace: flag('Files that exist are replaced instead of kept'),
};
const blocks: Record<string, JsonObject> = {
  trimBlocks: flag('The line break after a block is removed'),
  lstripBlocks: flag('Blanks before a block at the start of a line are removed'),
};
const copying: Record<string, JsonObject> = {
  copyWithoutTemplating: list(text('A glob'), 'Files that are copied as they are; their names are rendered'),
  templateFileExtension: {
    type: ['string', 'boolean'],
    description: 'Only files with this extension are rendered, and lose it; true means .njk',
  },
};

/** In a dry run what cannot be read is named, and the rest goes on. */
async function orMissing(context: ActionContext, value: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!context.isDryRun || !isAboutReading(error) || error.code === 'SCAFFOLDER_PATH_OUTSIDE') throw error;
    context.log(error.message, 'error');
    context.miss({ value, reason: error.message, fix: error.fix });
  }
}

/** Reads the folder that `url` names; in a dry run one that cannot be read is named, and the rest goes on. */
export async function withFolder(context: ActionContext, work: (directory: string) => Promise<void>): Promise<void> {
  const { input, source, services, signal } = context;
  const address = words(input.url);
  await orMissing(context, address, async () => {
    if (!isAddress(address)) {
      await work(await source.folder(address));
      return;
    }
    const tree = await openTree(address, {
      outbound: services.outbound,
      hostOf: services.hostOf,
      token: textOf(input, 'token'),
      signal,
    });
    try {
      await work(tree.directory);
    } finally {
      await tree.close();
    }
  });
}

const readOne = (context: ActionContext) => {
  const address = words(context.input.url);
  const { source, services, signal, input } = context;
  return isAddress(address)
    ? readAddress(address, {
        outbound: services.outbound,
        hostOf: services.hostOf,
        token: textOf(input, 'token'),
        signal,
      })
    : source.file(address);
};

async function copyFolder(directory: string, context: ActionContext): Promise<void> {
  const { workspace } = context;
  const target = textOf(context.input, 'targetPath') ?? './';
  workspace.resolve(target);
  for (const entry of await listEntries(directory, defaultLimits.files)) {
    const path = join(directory, entry);
    const info = await lstat(path);
    if (info.isDirectory()) await workspace.makeFolder(join(target, entry));
    else if (info.isSymbolicLink()) await workspace.link(join(target, entry), await readlink(path));
    else if (info.isFile()) await workspace.write(join(target, entry), await readFile(path), info.mode);
  }
}

/** A source within the workspace is read from a copy: what is written meanwhile is not read again. */
async function fromWorkspace(context: ActionContext): Promise<string> {
  const { workspace, input } = context;
  const source = workspace.resolve(words(input.sourcePath));
  const target = workspace.resolve(words(input.targetPath));
  if (!relative(source, target).startsWith('..'))
    throw scaffolderErrors.actionFailed({
      action: 'workspace:template',
      step: context.step.id,
      reason: 'targetPath must not be within template path',
    });
  if (!workspace.exists(words(input.sourcePath)))
    throw scaffolderErrors.pathMissing({
      what: 'folder',
      path: input.sourcePath,
      place: 'the workspace',
      looked: input.sourcePath,
    });
  const folder = await context.temporaryFolder();
  await cp(source, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

/** The actions that bring files into the workspace. */
export const fetchActions: Action[] = [
  {
    id: 'fetch:plain',
    description: 'Copies a folder into the workspace as it is.',
    supportsDryRun: true,
    schema: {
      input: fields({ url: url('folder'), targetPath: text('Where it goes in the workspace'), token }, ['url']),
    },
    examples: [{ description: 'A folder beside the template', example: 'url: ./files\ntargetPath: ./docs' }],
    run: (context) => withFolder(context, (directory) => copyFolder(directory, context)),
  },
  {
    id: 'fetch:plain:file',
    description: 'Copies one file into the workspace as it is.',
    supportsDryRun: true,
    schema: {
      input: fields({ url: url('file'), targetPath: text('Its name in the workspace'), token }, ['url', 'targetPath']),
    },
    examples: [{ description: 'The licence of the company', example: 'url: ../shared/LICENSE\ntargetPath: LICENSE' }],
    async run(context) {
      const target = words(context.input.targetPath);
      context.workspace.resolve(target);
      await orMissing(context, words(context.input.url), async () =>
        context.workspace.write(target, await readOne(context)),
      );
    },
  },
  {
    id: 'fetch:template',
    description: 'Renders the names and the contents of a folder into the workspace.',
    supportsDryRun: true,
    schema: {
      input: fields(
        {
          url: url('folder'),
          targetPath: text('Where it goes in the workspace'),
          ...rendering,
          ...copying,
          copyWithoutRender: list(text('A glob'), 'Files whose names and contents are copied as they are'),
          ...blocks,
          token,
        },
        ['url'],
      ),
    },
    examples: [
      { description: 'A skeleton', example: 'url: ./skeleton\nvalues:\n  name: ${{ parameters.name }}' },
      {
        description: 'With a workflow that has expressions of its own',
        example: 'url: ./skeleton\ncopyWithoutTemplating: [".pipelines/**"]\nvalues:\n  name: ${{ parameters.name }}',
      },
    ],
    run: (context) => withFolder(context, (directory) => renderFolder(directory, context)),
  },
  {
    id: 'fetch:template:file',
    description: 'Renders one file into the workspace.',
    supportsDryRun: true,
    schema: {
      input: fields(
        { url: url('file'), targetPath: text('Its name in the workspace'), ...rendering, ...blocks, token },
        ['url', 'targetPath'],
      ),
    },
    examples: [
      {
        description: 'One file',
        example: 'url: ./README.md.njk\ntargetPath: README.md\nvalues:\n  name: ${{ parameters.name }}',
      },
    ],
    run: (context) =>
      orMissing(context, words(context.input.url), () =>
        renderFile(() => readOne(context), words(context.input.url), context),
      ),
  },
  {
    id: 'workspace:template',
    description: 'Renders a folder of the workspace into another one.',
    supportsDryRun: true,
    schema: {
      input: fields(
        {
          sourcePath: text('The folder to render'),
          targetPath: text('Where it goes'),
          ...rendering,
          ...copying,
          ...blocks,
        },
        ['sourcePath', 'targetPath'],
      ),
    },
    examples: [
      { description: 'What was fetched before', example: 'sourcePath: ./raw\ntargetPath: ./made\nvalues: {}' },
    ],
    run: async (context) => renderFolder(await fromWorkspace(context), context),
  },
  {
    id: 'workspace:template:file',
    description: 'Renders a file of the workspace into another one.',
    supportsDryRun: true,
    schema: {
      input: fields(
        { sourcePath: text('The file to render'), targetPath: text('Where it goes'), ...rendering, ...blocks },
        ['sourcePath', 'targetPath'],
      ),
    },
    examples: [{ description: 'One file', example: 'sourcePath: ./a.njk\ntargetPath: ./a.txt\nvalues: {}' }],
    run: (context) => {
      const source = words(context.input.sourcePath);
      return renderFile(() => context.workspace.read(source), source, context);
    },
  },
];
