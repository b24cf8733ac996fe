import type { ActionResult } from '@callboard/plugin-api';
import { type Change, type ChangedFile, commitChange, openPullRequest } from '../changes.ts';
import { record, textOf, textsOf } from '../json.ts';
import { isStatus, type Job } from './tools.ts';

const inside = (folder: string, path: string) => (folder === '' ? path : `${folder}/${path}`);
const clean = (folder: unknown) =>
  (textOf(folder) ?? '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
const forkMs = 60_000;

/** The files of the run that are proposed, by their path in the repository. */
async function filesOf({ context, input }: Job): Promise<ChangedFile[]> {
  const source = clean(input['sourcePath']);
  const target = clean(input['targetPath']);
  const files: ChangedFile[] = [];
  for (const { path, executable } of await context.files!.list()) {
    if (source !== '' && !path.startsWith(`${source}/`)) continue;
    const relative = source === '' ? path : path.slice(source.length + 1);
    files.push({ path: inside(target, relative), content: await context.files!.read(path), executable });
  }
  return files;
}

/** Makes a fork if there is none, and waits until it can be written to. */
async function forkOf(job: Job): Promise<string> {
  const { client, target, call, path, repository, name } = job;
  const login = textOf(
    record((await client.call(target, '/user', { ...call, what: 'say who forks' })).json())['login'],
  );
  if (login === undefined) throw new Error(`${target.host}: only accounts can fork, not apps: give a token of one`);
  await client.call(target, `${path}/forks`, { ...call, method: 'POST', body: {}, what: `fork ${name}` });
  for (const end = Date.now() + forkMs; Date.now() < end;) {
    if ((await client.find(target, `/repos/${login}/${repository}`, call)) !== undefined) return login;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${target.host}: the fork ${login}/${repository} was not there after a minute`);
}

/** Asks people for a review. A request that the host refuses leaves the pull request as it is, and is told. */
async function askPeople({ client, target, call, path, input }: Job, number: number): Promise<string[]> {
  const wishes: [string, Record<string, string[]>, string][] = [
    [
      `${path}/pulls/${number}/requested_reviewers`,
      { reviewers: textsOf(input['reviewers']), team_reviewers: textsOf(input['teamReviewers']) },
      'Review is asked of',
    ],
    [`${path}/issues/${number}/assignees`, { assignees: textsOf(input['assignees']) }, 'It is assigned to'],
  ];
  const effects: string[] = [];
  for (const [address, body, words] of wishes) {
    const names = Object.values(body).flat();
    if (names.length === 0) continue;
    try {
      await client.call(target, address, { ...call, method: 'POST', body, what: 'ask people' });
      effects.push(`${words} ${names.join(', ')}`);
    } catch (error) {
      if (!isStatus(error, 403, 404, 422)) throw error;
      effects.push(`${names.join(', ')} could not be asked: ${(error as Error).message}`);
    }
  }
  return effects;
}

const draftWord = (input: Record<string, any>) =>
  input['draft'] === true ? 'draft of a pull request' : 'pull request';

export const pullRequestPlan = ({ input, name }: Job): Required<ActionResult> => ({
  output: {
    targetBranchName: input['targetBranchName'] ?? 'main',
    remoteUrl: `https://${name.split(' on ')[1]}/${name.split(' ')[0]}/pull/0`,
    pullRequestNumber: 0,
  },
  effects: [
    `Puts the files${input['sourcePath'] ? ` below ${input['sourcePath']}` : ''} on the branch ${input['branchName']} of ${input['forceFork'] ? 'a fork of ' : ''}${name}${input['targetPath'] ? `, below ${input['targetPath']}` : ''}`,
    ...(textsOf(input['filesToDelete']).length > 0
      ? [`Deletes ${textsOf(input['filesToDelete']).join(', ')} there`]
      : []),
    `Opens the ${draftWord(input)} "${input['title']}" into ${input['targetBranchName'] ?? 'the default branch'}, or finds the one that is open`,
    ...[...textsOf(input['reviewers']), ...textsOf(input['teamReviewers'])].map((who) => `Asks ${who} for a review`),
  ],
});

/** Proposes the files of the run; a second try finds branch and pull request of the first. */
export async function proposeChange(job: Job): Promise<ActionResult> {
  const { client, target, call, path, owner, repository, input, name } = job;
  const found = record((await client.call(target, path, { ...call, what: `see ${name}` })).json());
  const base = textOf(input['targetBranchName']) ?? textOf(found['default_branch']) ?? 'main';
  const headOwner = input['forceFork'] === true ? await forkOf(job) : owner;
  const folder = clean(input['targetPath']);
  const [author, email] = [textOf(input['gitAuthorName']), textOf(input['gitAuthorEmail'])];
  const change: Change = {
    owner,
    repository,
    headOwner,
    base,
    branch: textOf(input['branchName']) ?? '',
    message: textOf(input['commitMessage']) ?? textOf(input['title']) ?? '',
    files: await filesOf(job),
    deleted: textsOf(input['filesToDelete']).map((each) => inside(folder, clean(each))),
    ...((author ?? email) &&
      input['forceEmptyGitAuthor'] !== true && {
        author: { name: author ?? 'Scaffolder', email: email ?? 'scaffolder@backstage.io' },
      }),
    mayUpdate: input['update'] === true,
    evenEmpty: input['createWhenEmpty'] !== false,
  };
  const committed = await commitChange(client, target, change, call);
  if (!committed)
    return { output: { targetBranchName: base }, effects: [`Nothing differs from ${base}: no pull request is needed`] };
  const words = {
    title: textOf(input['title']) ?? '',
    body: textOf(input['description']) ?? '',
    draft: input['draft'] === true,
  };
  const opened = await openPullRequest(client, target, change, words, call);
  return {
    output: {
      targetBranchName: base,
      remoteUrl: opened.url,
      pullRequestNumber: opened.number,
      branchName: change.branch,
    },
    effects: [
      `${opened.isNew ? 'Opened' : 'Found'} the ${draftWord(input)} ${opened.number} of ${name}`,
      ...(await askPeople(job, opened.number)),
    ],
  };
}
