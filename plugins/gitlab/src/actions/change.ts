import type { Action } from '@callboard/plugin-api';
import { repoUrlOf } from '../address.ts';
import { type Api, encoded, failure, type Thing } from '../api.ts';
import { commitFiles } from '../commit.ts';
import type { GitlabHost, Settings } from '../settings.ts';
import { filesOf, type Input, textOf } from './input.ts';

type Call = { token?: string; signal?: AbortSignal };

const idsOf = async (api: Api, at: GitlabHost, names: string[], call: Call): Promise<number[]> => {
  const ids: number[] = [];
  for (const name of names) {
    const [user] = (await api.get(at, `/users?username=${encoded(name.replace(/^@/, ''))}`, call)) as Thing[];
    if (!user) throw failure('NOT_FOUND', `${at.host} has no user ${name}`);
    ids.push(Number(user['id']));
  }
  return ids;
};

const listOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : [])
    .map((each) => each.trim())
    .filter(Boolean);

/** Who the rules of a merge request name as approvers. */
async function approvers(api: Api, at: GitlabHost, base: string, iid: number, call: Call): Promise<number[]> {
  const state = await api.find(at, `${base}/merge_requests/${iid}/approval_state`, { ...call, allow: [403, 404] });
  const ids = (state?.['rules'] ?? []).flatMap((rule: Thing) => rule['eligible_approvers'] ?? []);
  return [...new Set<number>(ids.map(({ id }: Thing) => Number(id)))];
}

/** `publish:gitlab:merge-request`: the files of the run as a change for somebody to look at. */
export function mergeRequest(api: Api, { hosts }: Settings): Action {
  return async ({ input: given, dryRun }, context) => {
    const input: Input = given;
    const { at, project: named } = repoUrlOf(hosts, input['repoUrl'], textOf(input, 'projectid') === undefined);
    const project = textOf(input, 'projectid') ?? named;
    const branch = String(input['branchName']);
    const title = String(input['title']);
    if (dryRun) {
      const target = textOf(input, 'targetBranchName') ?? 'the default branch';
      return {
        output: {
          targetBranchName: textOf(input, 'targetBranchName') ?? 'main',
          projectid: String(project),
          projectPath: String(project),
          mergeRequestUrl: `${at.baseUrl}/${project}/-/merge_requests`,
        },
        effects: [
          `Would commit the files to the branch ${branch} of ${project} on ${at.host}`,
          `Would open the merge request “${title}” from it into ${target}`,
          ...(input['autoMerge'] ? ['Would have it merged when all its checks succeed'] : []),
        ],
      };
    }
    const { signal } = context;
    const call = { token: textOf(input, 'token'), signal };
    const base = `/projects/${encoded(project)}`;
    const found = await api.get(at, base, call);
    const target = textOf(input, 'targetBranchName') ?? String(found['default_branch'] ?? 'main');
    const source = textOf(input, 'sourcePath') ?? textOf(input, 'targetPath');
    const commit = await commitFiles(api, at, project, {
      ...call,
      branch,
      start: target,
      message: title,
      files: await filesOf(context, source, textOf(input, 'targetPath')),
      action: input['commitAction'] ?? 'auto',
    });
    const open = `${base}/merge_requests?state=opened&source_branch=${encoded(branch)}&target_branch=${encoded(target)}`;
    const [there] = (await api.get(at, open, call)) as Thing[];
    const assignee = textOf(input, 'assignee');
    const labels = listOf(input['labels']);
    const body = {
      source_branch: branch,
      target_branch: target,
      title,
      ...(textOf(input, 'description') && { description: textOf(input, 'description') }),
      remove_source_branch: input['removeSourceBranch'] === true,
      ...(assignee && { assignee_id: (await idsOf(api, at, [assignee], call))[0] }),
      ...(input['reviewers']?.length && { reviewer_ids: await idsOf(api, at, input['reviewers'], call) }),
      ...(labels.length > 0 && { labels: labels.join(',') }),
    };
    const change = there ?? (await api.get(at, `${base}/merge_requests`, { ...call, method: 'POST', body }));
    const iid = Number(change['iid']);
    if (input['assignReviewersFromApprovalRules']) {
      const ids = await approvers(api, at, base, iid, call);
      const reviewer_ids = [...new Set([...(body.reviewer_ids ?? []), ...ids])];
      if (reviewer_ids.length > 0)
        await api.call(at, `${base}/merge_requests/${iid}`, { ...call, method: 'PUT', body: { reviewer_ids } });
    }
    const effects = [
      commit ? `Committed ${commit.slice(0, 10)} to ${branch}` : `${branch} has these files already`,
      there ? `The merge request !${iid} is open already` : `Opened the merge request !${iid}`,
    ];
    if (input['autoMerge']) {
      // Both names: the second is that of GitLab before 17.11.
      const merge = { auto_merge: true, merge_when_pipeline_succeeds: true };
      const answer = await api.call(at, `${base}/merge_requests/${iid}/merge`, {
        ...call,
        method: 'PUT',
        body: merge,
        allow: [405, 406, 409, 422],
      });
      effects.push(
        answer.ok
          ? 'It is merged when all its checks succeed'
          : `It cannot be merged by itself yet (${answer.status}): somebody has to`,
      );
    }
    return {
      output: {
        targetBranchName: target,
        projectid: String(project),
        projectPath: String(found['path_with_namespace']),
        mergeRequestUrl: String(change['web_url']),
      },
      effects,
    };
  };
}

/** `gitlab:repo:push`: the files of the run as a commit on a branch. */
export function repoPush(api: Api, { hosts }: Settings): Action {
  return async ({ input: given, dryRun }, context) => {
    const input: Input = given;
    const { at, project } = repoUrlOf(hosts, input['repoUrl']);
    const branch = String(input['branchName']);
    if (dryRun)
      return {
        output: { projectid: String(project), projectPath: String(project) },
        effects: [`Would commit the files to the branch ${branch} of ${project} on ${at.host}`],
      };
    const call = { token: textOf(input, 'token'), signal: context.signal };
    const found = await api.get(at, `/projects/${encoded(project)}`, call);
    const commit = await commitFiles(api, at, project, {
      ...call,
      branch,
      start: String(found['default_branch'] ?? branch),
      message: String(input['commitMessage']),
      files: await filesOf(context, textOf(input, 'sourcePath'), textOf(input, 'targetPath')),
      action: input['commitAction'] ?? 'create',
      allowEmpty: input['allowEmpty'] === true,
    });
    return {
      output: {
        projectid: String(project),
        projectPath: String(found['path_with_namespace']),
        ...(commit !== undefined && { commitHash: commit }),
      },
      effects: [commit ? `Committed ${commit.slice(0, 10)} to ${branch}` : `${branch} has these files already`],
    };
  };
}
