import { textOf } from '../json.ts';
import { protect } from './protection.ts';
import type { Job } from './tools.ts';

const branchOf = ({ input }: Job): string => textOf(input['defaultBranch']) ?? 'master';
const addressesOf = (job: Job) => {
  const { target, owner, repository } = job;
  const page = `${target.site}/${owner}/${repository}`;
  return { remoteUrl: `${page}.git`, repoContentsUrl: `${page}/blob/${branchOf(job)}` };
};
export { addressesOf };

export const pushPlan = (job: Job): string[] => [
  `Pushes ${job.input['sourcePath'] ? `the files below ${job.input['sourcePath']}` : 'the files'} to the branch ${branchOf(job)} of ${job.name}`,
  ...(job.input['protectDefaultBranch'] === false ? [] : [`Protects the branch ${branchOf(job)}`]),
];

/** Pushes the files of the run with Git, and protects the branch. A second try finds what the first has pushed. */
export async function pushWorkspace(job: Job): Promise<{ commitHash: string; effects: string[] }> {
  const { client, target, owner, token, input, context, call, path, name } = job;
  const branch = branchOf(job);
  const { token: password } = await client.credentialFor(target, owner, token);
  const author = {
    name: textOf(input['gitAuthorName']) ?? 'Scaffolder',
    email: textOf(input['gitAuthorEmail']) ?? 'scaffolder@backstage.io',
  };
  const { commit, isNew } = await context.files!.push({
    remote: addressesOf(job).remoteUrl,
    branch,
    message: textOf(input['gitCommitMessage']) ?? 'initial commit',
    folder: textOf(input['sourcePath']),
    ...((input['gitAuthorName'] || input['gitAuthorEmail']) && { author }),
    ...(password !== undefined && { username: 'x-access-token', password }),
  });
  // The first branch of an empty repository becomes its default by itself, unless the account has another name for it.
  const how = { ...call, what: `set the default branch of ${name}` };
  const { default_branch: before } = (await client.call(target, path, how)).json() as Record<string, unknown>;
  if (before !== branch) await client.call(target, path, { ...how, method: 'PATCH', body: { default_branch: branch } });
  const effects = [
    isNew
      ? `The files were pushed as commit ${commit.slice(0, 8)} of ${branch}`
      : `The files were there already, as commit ${commit.slice(0, 8)} of ${branch}`,
  ];
  if (input['protectDefaultBranch'] !== false) effects.push(await protect(job, branch, true));
  return { commitHash: commit, effects };
}
