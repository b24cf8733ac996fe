import type { ActionResult } from '@callboard/plugin-api';
import { escapePart, partOf } from '../address.ts';
import { list, numberOf, record, textOf, textsOf } from '../json.ts';
import { putSecrets } from './secret.ts';
import type { Job } from './tools.ts';
import { putVariables } from './variables.ts';

/** People and teams by the refs of their entities, as the API wants them. */
async function reviewersOf({ client, target, call, owner, input }: Job): Promise<{ type: string; id: number }[]> {
  const found: { type: string; id: number }[] = [];
  for (const ref of textsOf(input['reviewers'])) {
    const [, kind = 'user', name = ref] = /^(?:(\w+):)?(?:[^/]+\/)?(.+)$/.exec(ref) ?? [];
    const isTeam = kind.toLowerCase() === 'group';
    const path = isTeam ? `/orgs/${owner}/teams/${partOf(name)}` : `/users/${partOf(name)}`;
    const id = numberOf(record(await client.find(target, path, call))['id']);
    if (id === undefined)
      throw new Error(`${target.host}: there is no ${isTeam ? 'team' : 'account'} ${name} for ${ref}`);
    found.push({ type: isTeam ? 'Team' : 'User', id });
  }
  return found;
}

/** Makes an environment, or brings the one that is there in line. */
export async function makeEnvironment(job: Job): Promise<ActionResult> {
  const { client, target, call, path, input, name } = job;
  const environment = textOf(input['name']) ?? '';
  const address = `${path}/environments/${escapePart(environment)}`;
  const what = `make environments of ${name}`;
  const policy = input['deploymentBranchPolicy'];
  const reviewers = await reviewersOf(job);
  await client.call(target, address, {
    ...call,
    what,
    method: 'PUT',
    body: {
      deployment_branch_policy: policy ?? null,
      wait_timer: input['waitTimer'] ?? 0,
      prevent_self_review: input['preventSelfReview'] ?? false,
      reviewers: reviewers.length > 0 ? reviewers : null,
    },
  });
  const patterns = [
    ...textsOf(input['customBranchPolicyNames']).map((pattern) => ({ name: pattern, type: 'branch' })),
    ...textsOf(input['customTagPolicyNames']).map((pattern) => ({ name: pattern, type: 'tag' })),
  ];
  if (patterns.length > 0) {
    const there = list(
      record((await client.call(target, `${address}/deployment-branch-policies`, call)).json())['branch_policies'],
    );
    for (const pattern of patterns)
      if (!there.some((each) => each['name'] === pattern.name && (each['type'] ?? 'branch') === pattern.type))
        await client.call(target, `${address}/deployment-branch-policies`, {
          ...call,
          what,
          method: 'POST',
          body: pattern,
        });
  }
  await putVariables(job, `${address}/variables`, input['environmentVariables'] ?? {});
  await putSecrets(job, `${address}/secrets`, input['secrets'] ?? {});
  return { output: {}, effects: [`The environment ${environment} of ${name} is as the template wants it`] };
}
