import type { Action, Host } from '@callboard/plugin-api';
import { repoUrlOf } from './address.ts';
import { type Api, encoded, failure, type Thing } from './api.ts';
import type { GiteaHost, Settings } from './settings.ts';
import { beginStep } from '@callboard/plugin-api/steps';

/** Makes a repository of an organisation, or of the account itself. */
export async function makeRepository(
  api: Api,
  at: GiteaHost,
  owner: string | undefined,
  body: Thing,
  signal?: AbortSignal,
): Promise<Thing> {
  if (owner !== undefined) {
    const path = `/orgs/${encoded(owner)}`;
    if (await api.find(at, path, { signal })) return api.get(at, `${path}/repos`, { method: 'POST', body, signal });
    const { login } = await api.get(at, '/user', { signal });
    if (String(login).toLowerCase() !== owner.toLowerCase())
      throw failure(
        'NOT_FOUND',
        `${at.host} has no organisation ${owner}, or hides it from ${login}, and repositories of other people cannot be made`,
      );
  }
  return api.get(at, '/user/repos', { method: 'POST', body, signal });
}

/** `publish:gitea`: a repository with the files of the run. */
export function publish(host: Host, api: Api, { hosts }: Settings): Action {
  return async ({ input, key, dryRun }, { signal, files }) => {
    const { at, owner: given, repo } = repoUrlOf(hosts, input['repoUrl']);
    const text = (name: string) => (typeof input[name] === 'string' && input[name] !== '' ? input[name] : undefined);
    const branch = text('defaultBranch') ?? 'main';
    const isPrivate = input['repoVisibility'] === 'private';
    const outputOf = (owner: string, commitHash: string) => ({
      remoteUrl: `${at.baseUrl}/${owner}/${repo}.git`,
      repoContentsUrl: `${at.baseUrl}/${owner}/${repo}/src/branch/${branch}/`,
      commitHash,
    });
    if (dryRun)
      return {
        output: outputOf(given ?? 'callboard', ''),
        effects: [
          `Would make the ${isPrivate ? 'private' : 'public'} repository ${given ?? 'of the portal’s account'}/${repo} on ${at.host}`,
          `Would push the files to its branch ${branch}`,
        ],
      };
    if (!at.git)
      throw failure('INPUT', `Neither a token nor a password for ${at.host} is configured: Admin → Plugins → Gitea`);
    const owner = given ?? String((await api.get(at, '/user', { signal }))['login']);
    const step = await beginStep(host, key);
    const there = await api.find(at, `/repos/${encoded(owner)}/${encoded(repo)}`, { signal });
    const isOurs = step.isAgain && there && Date.parse(there['created_at']) >= step.startedAt - 60_000;
    if (there && !isOurs)
      throw failure('CONFLICT', `${owner}/${repo} exists already on ${at.host}: choose another name`);
    if (!there) {
      const body = {
        name: repo,
        description: text('description') ?? '',
        private: isPrivate,
        default_branch: branch,
        auto_init: false,
      };
      await makeRepository(api, at, owner, body, signal);
    }
    const [name, email] = [text('gitAuthorName'), text('gitAuthorEmail')];
    const pushed = await files!.push({
      remote: outputOf(owner, '').remoteUrl,
      branch,
      message: text('gitCommitMessage') ?? 'initial commit',
      ...(text('sourcePath') && { folder: text('sourcePath') }),
      ...((name || email) && { author: { name: name ?? 'Scaffolder', email: email ?? 'scaffolder@backstage.io' } }),
      ...at.git,
    });
    return {
      output: outputOf(owner, pushed.commit),
      effects: [
        `Made ${owner}/${repo} on ${at.host}`,
        pushed.isNew ? `Pushed ${pushed.commit.slice(0, 10)} to ${branch}` : `${branch} has these files already`,
      ],
    };
  };
}
