import { partOf } from '../address.ts';
import { record, textOf } from '../json.ts';
import { putSecrets } from './secret.ts';
import { doneKey, isStatus, type Job } from './tools.ts';
import { putVariables } from './variables.ts';

type Collaborator = { user?: string; team?: string; username?: string; access: string };
const visibilityOf = ({ input }: Job): string => textOf(input['repoVisibility']) ?? 'private';

/** What making it would do, in words. */
export const creationPlan = (job: Job): string[] => {
  const { input, name } = job;
  const topics = (input['topics'] ?? []) as string[];
  return [
    `Makes the ${visibilityOf(job)} repository ${name}, or finds it if this step has made it before`,
    ...(topics.length > 0 ? [`Gives it the topics ${topics.join(', ')}`] : []),
    ...(input['access'] ? [`Lets ${input['access']} administer it`] : []),
    ...((input['collaborators'] ?? []) as Collaborator[]).map(
      ({ user, username, team, access }) =>
        `Gives ${team ? `the team ${team}` : (user ?? username)} the right ${access}`,
    ),
    ...Object.keys(input['secrets'] ?? {}).map((key) => `Stores the secret ${key}`),
    ...Object.keys(input['repoVariables'] ?? {}).map((key) => `Sets the variable ${key}`),
  ];
};

/** The body that makes the repository, in the words of the API. What is not given is the host's to decide. */
function bodyOf(job: Job, isOrganization: boolean): Record<string, unknown> {
  const { input, repository } = job;
  const visibility = visibilityOf(job);
  return {
    name: repository,
    description: input['description'],
    homepage: input['homepage'],
    private: visibility !== 'public',
    ...(isOrganization && { visibility, custom_properties: input['customProperties'] }),
    auto_init: input['autoInit'],
    delete_branch_on_merge: input['deleteBranchOnMerge'] ?? false,
    allow_merge_commit: input['allowMergeCommit'] ?? true,
    allow_squash_merge: input['allowSquashMerge'] ?? true,
    allow_rebase_merge: input['allowRebaseMerge'] ?? true,
    allow_auto_merge: input['allowAutoMerge'] ?? false,
    allow_update_branch: input['allowUpdateBranch'] ?? false,
    ...((input['allowSquashMerge'] ?? true) && {
      squash_merge_commit_title: input['squashMergeCommitTitle'] ?? 'COMMIT_OR_PR_TITLE',
      squash_merge_commit_message: input['squashMergeCommitMessage'] ?? 'COMMIT_MESSAGES',
    }),
    has_projects: input['hasProjects'],
    has_wiki: input['hasWiki'],
    has_issues: input['hasIssues'],
  };
}

async function giveAccess(job: Job): Promise<void> {
  const { client, target, call, input, owner, repository, path, name } = job;
  const put = (to: string, permission: string) =>
    client.call(target, to, { ...call, what: `give rights on ${name}`, method: 'PUT', body: { permission } });
  const team = (slug: string, permission: string) =>
    put(`/orgs/${owner}/teams/${partOf(slug.replace(/^.*\//, ''))}/repos/${owner}/${repository}`, permission);
  const access = textOf(input['access']);
  if (access?.includes('/')) await team(access, 'admin');
  else if (access !== undefined && access.toLowerCase() !== owner.toLowerCase())
    await put(`${path}/collaborators/${partOf(access)}`, 'admin');
  for (const each of (input['collaborators'] ?? []) as Collaborator[])
    if (each.team) await team(each.team, each.access);
    else if (each.user ?? each.username)
      await put(`${path}/collaborators/${partOf(each.user ?? each.username)}`, each.access);
}

async function setUp(job: Job): Promise<void> {
  const { client, target, call, input, path, name } = job;
  const put = (to: string, what: string, body: unknown) =>
    client.call(target, to, { ...call, what: `${what} of ${name}`, method: 'PUT', body });
  await giveAccess(job);
  const topics = (input['topics'] ?? []) as string[];
  if (topics.length > 0)
    await put(`${path}/topics`, 'set the topics', { names: topics.map((topic) => topic.toLowerCase()) });
  await putVariables(job, `${path}/actions/variables`, input['repoVariables'] ?? {});
  await putSecrets(job, `${path}/actions/secrets`, input['secrets'] ?? {});
  const oidc = record(input['oidcCustomization']);
  if (input['oidcCustomization'])
    await put(`${path}/actions/oidc/customization/sub`, 'set the claims', {
      use_default: oidc['useDefault'],
      include_claim_keys: oidc['includeClaimKeys'],
    });
  if (input['workflowAccess'])
    await put(`${path}/actions/permissions/access`, 'set who may use the workflows', {
      access_level: input['workflowAccess'],
    });
  if (input['subscribe'] === true) await put(`${path}/subscription`, 'watch changes', { subscribed: true });
}

/**
 * Makes a repository and sets it up; a second try of the same step goes on with what the first has made.
 *
 * @returns what was done, in words
 */
export async function makeRepository(job: Job): Promise<string[]> {
  const { client, target, call, owner, path, name, key, store } = job;
  const there = await client.find(target, path, { ...call, what: `see ${name}` });
  if (there !== undefined && (await store.get(doneKey(key))) === null)
    throw new Error(
      `${name} exists already, and this step has not made it: choose another name, or change it by publish:github:pull-request`,
    );
  if (there === undefined) {
    const found = record(await client.find(target, `/users/${owner}`, { ...call, what: `see ${owner}` }));
    if (found['type'] === undefined) throw new Error(`${target.host}: there is no organisation or account ${owner}`);
    const isOrganization = found['type'] === 'Organization';
    // Written down first: whatever happens now, the second try knows that the repository is its own.
    await store.add(doneKey(key), { at: Date.now(), made: name });
    try {
      await client.call(target, isOrganization ? `/orgs/${owner}/repos` : '/user/repos', {
        ...call,
        what: `make repositories for ${owner}`,
        method: 'POST',
        body: bodyOf(job, isOrganization),
      });
    } catch (error) {
      // Somebody was faster: then it is theirs.
      if (isStatus(error, 422)) await store.delete(doneKey(key));
      throw error;
    }
  }
  await setUp(job);
  return [
    there === undefined ? `The repository ${name} was made` : `The repository ${name} was there from an earlier try`,
  ];
}
