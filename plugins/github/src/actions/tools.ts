import type { Action, ActionInput, ActionResult, CallContext, Host } from '@callboard/plugin-api';
import { repoUrlOf } from '../address.ts';
import type { Call, Client } from '../client.ts';
import type { GithubHost } from '../hosts.ts';
import { textOf } from '../json.ts';

export type Tools = { hosts: readonly GithubHost[]; client: Client; store: Host['store'] };
/** A step about one repository. */
export type Job = {
  client: Client;
  target: GithubHost;
  owner: string;
  repository: string;
  /** How the addresses of the repository in the API begin */
  path: string;
  /** How it is called in words */
  name: string;
  input: Record<string, any>;
  key: string;
  token?: string;
  /** Whose rights are used, and until when */
  call: Pick<Call, 'owner' | 'token' | 'signal'>;
  context: CallContext;
  store: Host['store'];
};

/**
 * An action about the repository that its `repoUrl` names. In a dry run only `plan` is asked, and nothing leaves the portal.
 *
 * @param plan - what would happen, in words, and what stands for the outputs meanwhile
 */
export const repositoryAction =
  (
    { hosts, client, store }: Tools,
    plan: (job: Job) => Required<ActionResult>,
    run: (job: Job) => Promise<ActionResult>,
  ): Action =>
  async ({ input, key, dryRun }: ActionInput, context) => {
    const { host, owner, repository } = repoUrlOf(input['repoUrl']);
    const target = hosts.find((each) => each.host === host);
    if (!target && !dryRun)
      throw new Error(
        `${host} is not among the hosts of the plugin GitHub (${hosts.map((each) => each.host).join(', ') || 'none is configured'}): add it there, or correct repoUrl`,
      );
    const token = textOf(input['token']);
    const job: Job = {
      client,
      target: target ?? { host, site: `https://${host}`, api: '', graphql: '', apps: [] },
      owner,
      repository,
      path: `/repos/${owner}/${repository}`,
      name: `${owner}/${repository} on ${host}`,
      input,
      key,
      token,
      call: { owner, token, signal: context.signal },
      context,
      store,
    };
    return dryRun ? plan(job) : run(job);
  };

/** Whether an error is an answer with one of these statuses. */
export const isStatus = (error: unknown, ...statuses: number[]): boolean =>
  statuses.includes((error as { status?: number }).status ?? 0);

/** A mark that this step has begun or done something, which its second try finds. */
export const doneKey = (key: string): string => `done/${key}`;
