import { escapePath } from '../address.ts';
import { textOf } from '../json.ts';
import { isStatus, type Job } from './tools.ts';

const who = (given: any) =>
  given ? { users: given.users ?? [], teams: given.teams ?? [], apps: given.apps ?? [] } : undefined;

/** The rules of a branch, in the words of the API, with Backstage's defaults. */
const rulesOf = (input: Record<string, any>): Record<string, unknown> => ({
  required_status_checks: {
    strict: input['requireBranchesToBeUpToDate'] ?? true,
    contexts: input['requiredStatusCheckContexts'] ?? [],
  },
  restrictions: who(input['restrictions']) ?? null,
  enforce_admins: input['protectEnforceAdmins'] ?? input['enforceAdmins'] ?? true,
  required_pull_request_reviews: {
    required_approving_review_count: input['requiredApprovingReviewCount'] ?? 1,
    require_code_owner_reviews: input['requireCodeOwnerReviews'] ?? false,
    dismiss_stale_reviews: input['dismissStaleReviews'] ?? false,
    require_last_push_approval: input['requireLastPushApproval'] ?? false,
    ...(input['bypassPullRequestAllowances'] && {
      bypass_pull_request_allowances: who(input['bypassPullRequestAllowances']),
    }),
  },
  required_conversation_resolution: input['requiredConversationResolution'] ?? false,
  required_linear_history: input['requiredLinearHistory'] ?? false,
  ...(input['blockCreations'] !== undefined && { block_creations: input['blockCreations'] }),
});

/**
 * Sets the rules of a branch; setting them again changes nothing.
 *
 * @returns what was done, in words
 */
export async function protect(job: Job, branch: string, isWish = false): Promise<string> {
  const { client, target, call, path, name, input } = job;
  const address = `${path}/branches/${escapePath(branch)}/protection`;
  const how = { ...call, what: `protect the branch ${branch} of ${name}` };
  try {
    await client.call(target, address, { ...how, method: 'PUT', body: rulesOf(input) });
    if (input['requiredCommitSigning'] === true)
      await client.call(target, `${address}/required_signatures`, { ...how, method: 'POST' });
  } catch (error) {
    // Some plans cannot protect branches of private repositories: what was published stays published.
    if (isWish && isStatus(error, 403) && /upgrade/i.test((error as Error).message))
      return `The branch ${branch} is not protected: ${(error as Error).message}`;
    throw error;
  }
  return `The branch ${branch} of ${name} is protected`;
}

/** The branch that a protecting step is about. */
export async function branchToProtect({ client, target, call, path, input }: Job): Promise<string> {
  const named = textOf(input['branch']);
  if (named !== undefined) return named;
  const found = await client.call(target, path, call);
  return textOf((found.json() as Record<string, unknown>)['default_branch']) ?? 'main';
}
