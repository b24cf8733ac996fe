import type { Action, Host } from '@callboard/plugin-api';
import { beginStep } from '@callboard/plugin-api/steps';
import { repoUrlOf } from '../address.ts';
import { type Api, failure } from '../api.ts';
import type { Settings } from '../settings.ts';
import { madeId } from './acting.ts';
import type { Input } from './input.ts';

/** `gitlab:group:migrate`: has GitLab fetch a project from another GitLab, which goes on after the step. */
export function migrate(host: Host, api: Api, { hosts }: Settings): Action {
  return async ({ input: given, key, dryRun }, { signal }) => {
    const input: Input = given;
    const { at, owner, repo } = repoUrlOf(hosts, input['destinationUrl']);
    const [source, from] = [String(input['sourceUrl']), String(input['sourceFullPath'])];
    if (!URL.canParse(source) || !/^https?:$/.test(new URL(source).protocol))
      throw failure('INPUT', `sourceUrl '${source}' is not the address of a GitLab, such as https://gitlab.com/`);
    const importedRepoUrl = `${at.baseUrl}/${owner}/${repo}`;
    if (dryRun)
      return {
        output: { importedRepoUrl, migrationId: 0 },
        effects: [`Would have ${at.host} bring ${from} from ${new URL(source).host} to ${owner}/${repo}`],
      };
    const step = await beginStep(host, key);
    const before = madeId(step);
    if (before !== undefined)
      return {
        output: { importedRepoUrl, migrationId: before },
        effects: [`The migration ${before} of ${from} was begun already`],
      };
    const body = {
      configuration: { url: source, access_token: input['sourceAccessToken'] },
      entities: [
        {
          source_type: 'project_entity',
          source_full_path: from,
          destination_slug: repo,
          destination_namespace: owner,
        },
      ],
    };
    const token = String(input['destinationAccessToken']);
    const begun = await api.get(at, '/bulk_imports', { token, signal, method: 'POST', body });
    const migrationId = Number(begun['id']);
    await step.done({ id: migrationId });
    return {
      output: { importedRepoUrl, migrationId },
      effects: [`Began the migration ${migrationId} of ${from}; ${at.host} goes on with it by itself`],
    };
  };
}
