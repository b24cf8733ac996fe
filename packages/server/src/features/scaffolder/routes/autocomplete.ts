import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AutocompleteBody, AutocompletePath, AutocompleteResponse } from '@callboard/model/http';
import { calling } from '../actions/remote.ts';
import { scaffolderErrors } from '../errors.ts';
import { git } from '../files/git.ts';
import { allowedFor, base, goneSignal, type RouteTools, tags } from './tools.ts';

const longestMs = 10_000;
const mostResults = 1000;
const deepest = 3;

/** The bare repositories below a folder, by their paths in it. */
async function repositoriesBelow(folder: string, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) continue;
    if (existsSync(join(folder, path, 'HEAD'))) found.push(path);
    else if (path.split('/').length < deepest) found.push(...(await repositoriesBelow(folder, path)));
  }
  return found.sort();
}

/** Names that a field completes. Those of code hosts come with their plugins. */
export function registerAutocomplete(tools: RouteTools): void {
  const { http, access, runs, repositories } = tools;
  http.post(
    `${base}/autocomplete/:provider/:resource`,
    {
      config: { permission: 'scaffolder.template.parameter.read' },
      schema: {
        operationId: 'Autocomplete',
        tags,
        summary: 'Names that a field completes: git/repositories, git/owners, git/branches',
        description:
          'Repositories and owners are those of the portal. Branches are those of `context.repository`: one of the portal, or an address that git can read.',
        params: AutocompletePath,
        body: AutocompleteBody,
        response: { 200: AutocompleteResponse },
      },
    },
    async (request, reply) => {
      const { provider, resource } = request.params;
      const { context, token } = request.body;
      const asResults = (ids: string[]) => ({ results: ids.slice(0, mostResults).map((id) => ({ id })) });
      if (provider === 'git' && resource === 'repositories')
        return {
          results: (await repositoriesBelow(repositories)).map((id) => ({ id, title: id.replace(/\.git$/, '') })),
        };
      if (provider === 'git' && resource === 'owners') {
        const owners = (await repositoriesBelow(repositories)).flatMap((path) =>
          path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : [],
        );
        return asResults([...new Set(owners)]);
      }
      if (provider === 'git' && resource === 'branches') {
        const principal = access.principalOf(request);
        // Whoever may run templates may have the portal read a remote.
        await access.assertMay(principal, 'scaffolder.task.create');
        const services = runs.services(allowedFor(tools, principal));
        const signal = AbortSignal.any([AbortSignal.timeout(longestMs), goneSignal(reply)]);
        const { remote, call } = calling(context.repository ?? '', { services, signal, ...(token && { token }) });
        if (remote.isFolder && !existsSync(join(remote.url, 'HEAD'))) return { results: [] };
        const said = await git(['ls-remote', '--heads', '--', remote.url], call);
        return asResults(said.split('\n').flatMap((line) => /\trefs\/heads\/(.+)$/.exec(line)?.[1] ?? []));
      }
      throw scaffolderErrors.autocompleteUnknown({ provider, resource });
    },
  );
}
