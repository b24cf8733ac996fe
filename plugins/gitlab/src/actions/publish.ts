import type { Action, Host } from '@callboard/plugin-api';
import { repoUrlOf } from '../address.ts';
import { type Api, encoded, failure, type Thing } from '../api.ts';
import type { GitlabHost, Settings } from '../settings.ts';
import { type Input, textOf } from './input.ts';
import { beginStep } from '@callboard/plugin-api/steps';

type Call = { token?: string; signal?: AbortSignal };

async function namespaceOf(api: Api, at: GitlabHost, owner: string, call: Call): Promise<Thing> {
  const found = await api.find(at, `/namespaces/${encoded(owner)}`, call);
  if (found) return found;
  throw failure(
    'NOT_FOUND',
    `${at.host} has no group or user ${owner}, or the token may not see it: make the group first (gitlab:group:ensureExists), or add the owner of the token to it`,
  );
}

/** Adds branches and protects them, as far as that is not done. */
async function makeBranches(api: Api, at: GitlabHost, project: number, branches: Input[], base: string, call: Call) {
  const start = `/projects/${project}`;
  for (const { name, create, ref, protect } of branches) {
    if (create && !(await api.find(at, `${start}/repository/branches/${encoded(name)}`, call)))
      await api.call(at, `${start}/repository/branches?branch=${encoded(name)}&ref=${encoded(ref ?? base)}`, {
        ...call,
        method: 'POST',
      });
    if (protect)
      await api.call(at, `${start}/protected_branches`, { ...call, method: 'POST', body: { name }, allow: [409] });
  }
}

/** Sets a variable, or brings it up to date. */
export async function setVariable(
  api: Api,
  at: GitlabHost,
  project: string | number,
  variable: Thing,
  call: Call,
): Promise<void> {
  const start = `/projects/${encoded(project)}/variables`;
  const scope = variable['environment_scope'] ?? '*';
  const filter = `filter%5Benvironment_scope%5D=${encoded(scope)}`;
  const there = await api.find(at, `${start}/${variable['key']}?${filter}`, call);
  const { masked_and_hidden: _hidden, ...changes } = variable;
  if (there) await api.call(at, `${start}/${variable['key']}?${filter}`, { ...call, method: 'PUT', body: changes });
  else await api.call(at, start, { ...call, method: 'POST', body: variable });
}

async function makeOwner(api: Api, at: GitlabHost, project: number, user: Thing, signal: AbortSignal) {
  // By the portal's own token: others may not give what they do not have.
  const body = { user_id: user['id'], access_level: 50 };
  await api.call(at, `/projects/${project}/members`, { method: 'POST', body, allow: [409], signal });
}

/** `publish:gitlab`: a project with the files of the run. */
export function publish(host: Host, api: Api, { hosts }: Settings): Action {
  return async ({ input: given, key, dryRun }, context) => {
    const input: Input = given;
    const { at, owner, repo } = repoUrlOf(hosts, input['repoUrl']);
    const settings: Input = input['settings'] ?? {};
    const visibility = settings['visibility'] ?? input['repoVisibility'] ?? 'private';
    const branch = textOf(input, 'defaultBranch') ?? 'master';
    const path = settings['path'] ?? repo;
    const full = `${owner}/${path}`;
    const isEmpty = input['sourcePath'] === false;
    if (dryRun) {
      const url = `${at.baseUrl}/${full}`;
      const more = [
        ...(input['branches'] ?? []).map(
          ({ name, protect }: Input) => `Would ${protect ? 'protect' : 'make'} the branch ${name}`,
        ),
        ...(input['projectVariables'] ?? []).map((each: Input) => `Would set the variable ${each['key']}`),
      ];
      return {
        output: {
          remoteUrl: url,
          repoContentsUrl: `${url}/-/blob/${branch}`,
          projectId: 0,
          commitHash: '',
          created: true,
        },
        effects: [
          `Would make the ${visibility} project ${full} on ${at.host}`,
          ...(isEmpty ? [] : [`Would push the files to its branch ${branch}`]),
          ...more,
        ],
      };
    }
    const { signal } = context;
    const token = textOf(input, 'token');
    const call = { token, signal };
    const secret = token ?? at.token;
    if (secret === undefined)
      throw failure('INPUT', `There is no token for ${at.host}: configure one, or ask for it in the template`);
    const step = await beginStep(host, key);
    let project = await api.find(at, `/projects/${encoded(full)}`, call);
    const isOurs =
      step.isAgain && project !== undefined && Date.parse(project['created_at']) >= step.startedAt - 60_000;
    if (project && !isOurs && input['skipExisting'] !== true)
      throw failure('CONFLICT', `${full} exists already on ${at.host}: choose another name, or set skipExisting`);
    const isSkipped = project !== undefined && !isOurs;
    if (!project) {
      const namespace = await namespaceOf(api, at, owner, call);
      const { visibility: _visibility, ...others } = settings;
      const body = {
        namespace_id: namespace['id'],
        name: repo,
        ...(input['topics'] && { topics: input['topics'] }),
        ...others,
        path,
        visibility,
      };
      project = await api.get(at, '/projects', { ...call, method: 'POST', body });
    }
    const id = Number(project['id']);
    const remote = String(project['http_url_to_repo']);
    const effects = [isSkipped ? `${full} exists already and stays as it is` : `Made ${full} on ${at.host}`];
    let commit = '';
    if (!isSkipped) {
      if (input['setUserAsOwner'] && token !== undefined && at.token !== undefined)
        await makeOwner(api, at, id, await api.get(at, '/user', call), signal);
      const username = textOf(input, 'ownerUsername');
      if (username !== undefined) {
        const [user] = (await api.get(at, `/users?username=${encoded(username)}`, { signal })) as Thing[];
        if (!user) throw failure('NOT_FOUND', `${at.host} has no user ${username}`);
        await makeOwner(api, at, id, user, signal);
      }
      if (!isEmpty) {
        const pushed = await context.files!.push({
          remote,
          branch,
          message: textOf(input, 'gitCommitMessage') ?? 'initial commit',
          ...(textOf(input, 'sourcePath') && { folder: textOf(input, 'sourcePath') }),
          ...((textOf(input, 'gitAuthorName') || textOf(input, 'gitAuthorEmail')) && {
            author: {
              name: textOf(input, 'gitAuthorName') ?? 'Scaffolder',
              email: textOf(input, 'gitAuthorEmail') ?? 'scaffolder@backstage.io',
            },
          }),
          username: 'oauth2',
          password: secret,
        });
        commit = pushed.commit;
        effects.push(pushed.isNew ? `Pushed ${commit.slice(0, 10)} to ${branch}` : `${branch} has these files already`);
      }
      await makeBranches(api, at, id, input['branches'] ?? [], branch, call);
      for (const variable of input['projectVariables'] ?? []) await setVariable(api, at, id, variable, call);
    }
    const url = remote.replace(/\.git$/, '');
    return {
      output: {
        remoteUrl: url,
        repoContentsUrl: `${url}/-/blob/${branch}`,
        projectId: id,
        commitHash: commit,
        created: !isSkipped,
      },
      effects,
    };
  };
}
