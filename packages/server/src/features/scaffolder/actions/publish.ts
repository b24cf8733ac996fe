import { cp, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scaffolderErrors } from '../errors.ts';
import { pushFiles, readBranch, takeBack } from '../files/publish.ts';
import { listEntries, resolveBelow } from '../files/workspace.ts';
import { type Action, type ActionContext, type Existing, fields, text, textOf } from './action.ts';
import { author, authorOf, contentsUrl, published, pushing, remoteUrl, safe, sourcePath, token } from './remote.ts';
import { words } from '../words.ts';

/** What a branch of the remote holds now. */
async function branchNow(context: ActionContext, branch: string, into: string): Promise<Existing | undefined> {
  const { remote, call } = pushing(context);
  const folder = await context.temporaryFolder();
  if (!(await readBranch(remote, branch, folder, call))) return undefined;
  const place = safe(words(context.input.remoteUrl));
  return { place, branch, directory: join(folder, 'tree'), source: published(context), into };
}

/** The actions that put what was made where it stays. */
export const publishActions: Action[] = [
  {
    id: 'publish:git',
    onlyReads: true,
    description:
      'Makes a commit of the workspace and pushes it to a new branch of any Git remote, or to a new bare repository.',
    supportsDryRun: false,
    schema: {
      input: fields(
        {
          remoteUrl,
          defaultBranch: text('The branch; main when absent'),
          gitCommitMessage: text('The message of the commit'),
          ...author,
          sourcePath,
          token,
        },
        ['remoteUrl'],
      ),
      output: fields({
        remoteUrl: text('The address of the repository'),
        repoContentsUrl: text('The address of its files'),
        commitHash: text('The commit'),
      }),
    },
    examples: [
      { description: 'A new repository', example: 'remoteUrl: ${{ parameters.name }}.git\ndefaultBranch: main' },
    ],
    plan: (input) => [
      `Creates the repository ${safe(words(input.remoteUrl))} if it does not exist, and pushes the files to its branch ${words(input.defaultBranch ?? 'main')}`,
    ],
    idempotencyKey: (input) => `${words(input.remoteUrl)}#${words(input.defaultBranch ?? 'main')}`,
    async existing(context) {
      const found = await branchNow(context, textOf(context.input, 'defaultBranch') ?? 'main', '.');
      if (found)
        context.log(
          `${found.place} exists already: a run ends here unless all its files are as they would be.`,
          'warn',
        );
      return found;
    },
    async run(context) {
      const { input, output, log } = context;
      const branch = textOf(input, 'defaultBranch') ?? 'main';
      const { remote, call } = pushing(context);
      const { commit, isNew } = await pushFiles({
        directory: published(context),
        remote,
        branch,
        message: textOf(input, 'gitCommitMessage') ?? 'Initial commit',
        author: authorOf(context),
        call,
      });
      log(isNew ? `Pushed ${commit.slice(0, 10)} to ${branch}` : `${branch} has these files already`);
      output('remoteUrl', safe(remote.url));
      output('repoContentsUrl', contentsUrl(remote, branch));
      output('commitHash', commit);
    },
    async undo(context) {
      const { remote, call } = pushing(context);
      const branch = textOf(context.input, 'defaultBranch') ?? 'main';
      const isGone = await takeBack(remote, branch, words(context.outputs.commitHash), call);
      context.log(isGone ? `Took ${branch} back` : `${branch} has changed since; it stays`);
    },
  },
  {
    id: 'publish:git:change',
    onlyReads: true,
    description:
      'Adds the workspace to an existing repository as a branch of its own, for somebody to look at and merge.',
    supportsDryRun: false,
    schema: {
      input: fields(
        {
          remoteUrl,
          branchName: text('The new branch'),
          targetBranchName: text('The branch that it starts from; main when absent'),
          title: text('The first line of the commit'),
          description: text('What follows it'),
          ...author,
          sourcePath,
          targetPath: text('The folder of the repository that the files go into'),
          token,
        },
        ['remoteUrl', 'branchName', 'title'],
      ),
      output: fields({
        remoteUrl: text('The address of the repository'),
        branchName: text('The new branch'),
        targetBranchName: text('The branch that it starts from'),
        commitHash: text('The commit'),
      }),
    },
    examples: [
      { description: 'A pipeline', example: 'remoteUrl: shop.git\nbranchName: add-pipeline\ntitle: Add a pipeline' },
    ],
    plan: (input) => [
      `Proposes a change to ${safe(words(input.remoteUrl))}: branch ${words(input.branchName)}, to be merged into ${words(input.targetBranchName ?? 'main')}`,
    ],
    idempotencyKey: (input) => `${words(input.remoteUrl)}#${words(input.branchName)}`,
    async existing(context) {
      const { input } = context;
      const base = textOf(input, 'targetBranchName') ?? 'main';
      const found = await branchNow(context, base, textOf(input, 'targetPath') ?? '.');
      if (!found) throw scaffolderErrors.gitFailed({ verb: 'fetch', reason: `there is no branch ${base}` });
      return found;
    },
    async run(context) {
      const { input, output, log } = context;
      const branch = words(input.branchName);
      const base = textOf(input, 'targetBranchName') ?? 'main';
      const description = textOf(input, 'description');
      const { remote, call } = pushing(context);
      const { commit, isNew } = await pushFiles({
        directory: published(context),
        remote,
        branch,
        message: description ? `${words(input.title)}\n\n${description}` : words(input.title),
        author: authorOf(context),
        call,
        change: { base, into: textOf(input, 'targetPath') ?? '.' },
      });
      log(isNew ? `Pushed ${commit.slice(0, 10)} to ${branch}` : `${branch} has these files already`);
      output('remoteUrl', safe(remote.url));
      output('branchName', branch);
      output('targetBranchName', base);
      output('commitHash', commit);
    },
    async undo(context) {
      const { remote, call } = pushing(context);
      const branch = words(context.input.branchName);
      const isGone = await takeBack(remote, branch, words(context.outputs.commitHash), call);
      context.log(isGone ? `Took ${branch} back` : `${branch} has changed since; it stays`);
    },
  },
  {
    id: 'publish:file',
    onlyReads: true,
    description: 'Copies the workspace into the portal’s own folder, for trying templates out without Git.',
    supportsDryRun: false,
    schema: {
      input: fields({ path: text('The name of the folder'), sourcePath }, ['path']),
      output: fields({ path: text('The folder'), repoContentsUrl: text('The address of its files') }),
    },
    examples: [{ description: 'A folder', example: 'path: ${{ parameters.name }}' }],
    plan: (input) => [`Writes the files into the portal’s folder ${words(input.path)}`],
    idempotencyKey: (input) => words(input.path),
    async run(context) {
      const { input, services, output } = context;
      if (services.repositories === undefined)
        throw scaffolderErrors.remoteRefused({
          remote: words(input.path),
          reason: 'no folder of repositories is configured',
        });
      await mkdir(services.repositories, { recursive: true });
      const target = resolveBelow(services.repositories, words(input.path), 'the folder of repositories');
      const source = published(context);
      if (existsSync(target) && !(await isSame(source, target)))
        throw scaffolderErrors.pathExists({ path: input.path });
      await cp(source, target, { recursive: true, verbatimSymlinks: true });
      output('path', target);
      output('repoContentsUrl', `file:${target}`);
    },
  },
];

async function isSame(one: string, other: string): Promise<boolean> {
  const [here, there] = await Promise.all([listEntries(one, 20_000), listEntries(other, 20_000)]);
  if (here.join('\n') !== there.join('\n')) return false;
  for (const path of here.filter((each) => !each.endsWith('/'))) {
    const [mine, theirs] = await Promise.all([readFile(join(one, path)), readFile(join(other, path))]);
    if (!mine.equals(theirs)) return false;
  }
  return true;
}
