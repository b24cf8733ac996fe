import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scaffolderErrors } from '../errors.ts';
import { git } from '../files/git.ts';
import { assertBranch } from '../files/publish.ts';
import { type Action, type ActionContext, fields, text, textOf } from './action.ts';
import { author, authorOf, contentsUrl, published, pushing, remoteUrl, safe, token } from './remote.ts';
import { words } from '../words.ts';

const sourcePath = text('The folder of the workspace; all of it when absent');
const branch = text('The branch; main when absent');

/** Runs git in the repository that git:init made in the workspace. */
const inWorkspace = (context: ActionContext, args: string[], environment: Record<string, string> = {}) => {
  const directory = published(context);
  if (!existsSync(join(directory, '.git')))
    throw scaffolderErrors.gitFailed({
      verb: args[0],
      reason: 'there is no repository in the workspace: git:init comes first',
    });
  return git(args, { directory, signal: context.signal, environment }).then((said) => said.trim());
};

async function commit(context: ActionContext): Promise<string> {
  const { name, email } = authorOf(context);
  await inWorkspace(context, ['add', '--all', '--', '.']);
  const changes = await inWorkspace(context, ['status', '--porcelain']);
  if (changes !== '')
    await inWorkspace(context, ['commit', '--quiet', '-m', textOf(context.input, 'message') ?? 'Initial commit'], {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    });
  return inWorkspace(context, ['rev-parse', 'HEAD']);
}

/** Git in the workspace, step by step. */
export const gitActions: Action[] = [
  {
    id: 'git:init',
    description: 'Makes the workspace a Git repository.',
    supportsDryRun: true,
    schema: { input: fields({ defaultBranch: branch, sourcePath }) },
    examples: [{ description: 'A repository', example: 'defaultBranch: main' }],
    async run(context) {
      const name = textOf(context.input, 'defaultBranch') ?? 'main';
      assertBranch(name);
      await git(['init', '--quiet', `--initial-branch=${name}`, '--', published(context)], { signal: context.signal });
    },
  },
  {
    id: 'git:commit',
    description: 'Makes a commit of everything in the workspace; without a change the last one counts.',
    supportsDryRun: true,
    schema: {
      input: fields({ message: text('The message'), ...author, sourcePath }),
      output: fields({ commitHash: text('The commit') }),
    },
    examples: [{ description: 'The first commit', example: 'message: Begin ${{ parameters.name }}' }],
    async run(context) {
      context.output('commitHash', await commit(context));
    },
  },
  {
    id: 'git:push',
    description: 'Pushes the last commit of the workspace to a branch of a remote.',
    supportsDryRun: false,
    schema: {
      input: fields({ remoteUrl, branch, sourcePath, token }, ['remoteUrl']),
      output: fields({
        remoteUrl: text('The address of the repository'),
        repoContentsUrl: text('The address of its files'),
        commitHash: text('The commit'),
      }),
    },
    examples: [{ description: 'To a new repository', example: 'remoteUrl: ${{ parameters.name }}.git' }],
    plan: (input) => [`Pushes to the branch ${words(input.branch ?? 'main')} of ${safe(words(input.remoteUrl))}`],
    idempotencyKey: (input) => `${words(input.remoteUrl)}#${words(input.branch ?? 'main')}`,
    async run(context) {
      const name = textOf(context.input, 'branch') ?? 'main';
      assertBranch(name);
      const { remote, call } = pushing(context);
      if (remote.isFolder && !existsSync(remote.url)) {
        await mkdir(dirname(remote.url), { recursive: true });
        await git(['init', '--quiet', '--bare', `--initial-branch=${name}`, '--', remote.url], call);
      }
      await inWorkspace(context, ['push', '--quiet', '--', remote.url, `HEAD:refs/heads/${name}`], call.environment);
      context.output('remoteUrl', safe(remote.url));
      context.output('repoContentsUrl', contentsUrl(remote, name));
      context.output('commitHash', await inWorkspace(context, ['rev-parse', 'HEAD']));
    },
  },
];
