import type { Action } from '@callboard/plugin-api';
import { makeEnvironment } from './environment.ts';
import { issuePlan, labelIssue, openIssue } from './issues.ts';
import { branchToProtect, protect } from './protection.ts';
import { proposeChange, pullRequestPlan } from './pull-request.ts';
import { addressesOf, pushPlan, pushWorkspace } from './push.ts';
import { creationPlan, makeRepository } from './repository.ts';
import { dispatchWorkflow, enablePages, keySecretName, makeAutolink, makeDeployKey, makeWebhook } from './small.ts';
import { type Job, repositoryAction, type Tools } from './tools.ts';

/** The steps of templates, under Backstage's ids. Each is safe to try again. */
export function createActions(tools: Tools): Record<string, Action> {
  /** A step without outputs of its own. */
  const plain = (words: (job: Job) => string, run: Parameters<typeof repositoryAction>[2]) =>
    repositoryAction(tools, (job) => ({ output: {}, effects: [words(job)] }), run);
  return {
    'publish:github': repositoryAction(
      tools,
      (job) => ({
        output: { ...addressesOf(job), commitHash: '0'.repeat(40) },
        effects: [...creationPlan(job), ...pushPlan(job)],
      }),
      async (job) => {
        const made = await makeRepository(job);
        const { commitHash, effects } = await pushWorkspace(job);
        return { output: { ...addressesOf(job), commitHash }, effects: [...made, ...effects] };
      },
    ),
    'github:repo:create': repositoryAction(
      tools,
      (job) => ({ output: addressesOf(job), effects: creationPlan(job) }),
      async (job) => ({ effects: await makeRepository(job), output: addressesOf(job) }),
    ),
    'github:repo:push': repositoryAction(
      tools,
      (job) => ({ output: { ...addressesOf(job), commitHash: '0'.repeat(40) }, effects: pushPlan(job) }),
      async (job) => {
        const { commitHash, effects } = await pushWorkspace(job);
        return { output: { ...addressesOf(job), commitHash }, effects };
      },
    ),
    'publish:github:pull-request': repositoryAction(tools, pullRequestPlan, proposeChange),
    'github:actions:dispatch': plain(
      ({ input, name }) => `Starts the workflow ${input['workflowId']} of ${name} on ${input['branchOrTagName']}`,
      dispatchWorkflow,
    ),
    'github:autolinks:create': plain(
      ({ input, name }) => `Has ${name} link ${input['keyPrefix']}… to ${input['urlTemplate']}`,
      makeAutolink,
    ),
    'github:branch-protection:create': plain(
      ({ input, name }) =>
        `Protects ${input['branch'] ? `the branch ${input['branch']}` : 'the default branch'} of ${name}`,
      async (job) => ({ output: {}, effects: [await protect(job, await branchToProtect(job))] }),
    ),
    'github:deployKey:create': repositoryAction(
      tools,
      ({ input, name }) => ({
        output: { privateKeySecretName: keySecretName(input) },
        effects: [
          `Gives ${name} the deploy key ${input['deployKeyName']}, and stores its private half as the secret ${keySecretName(input)}`,
        ],
      }),
      makeDeployKey,
    ),
    'github:environment:create': plain(
      ({ input, name }) => `Makes the environment ${input['name']} of ${name}, or brings it in line`,
      makeEnvironment,
    ),
    'github:issues:create': repositoryAction(tools, issuePlan, openIssue),
    'github:issues:label': plain(
      ({ input, name }) => `Labels ${input['number']} of ${name} with ${(input['labels'] ?? []).join(', ')}`,
      labelIssue,
    ),
    'github:pages:enable': plain(({ name }) => `Switches the pages of ${name} on`, enablePages),
    'github:webhook': plain(
      ({ input, name }) =>
        `Has ${name} call ${input['webhookUrl']} on ${[input['events'] ?? 'push'].flat().join(', ')}`,
      makeWebhook,
    ),
  };
}
