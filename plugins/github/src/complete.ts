import type { CodeHost } from '@callboard/plugin-api';
import { escapePath, isName } from './address.ts';
import type { Client } from './client.ts';
import type { GithubHost, Organization } from './hosts.ts';
import { at, list, record, textOf } from './json.ts';
import { repositoryPage } from './repositories.ts';

type Complete = NonNullable<CodeHost['complete']>;

/** Owners, repositories and branches that somebody may mean; with their own token what they may see. */
export function createComplete(
  hosts: readonly GithubHost[],
  organizations: readonly Organization[],
  client: Client,
): Complete {
  async function owners(target: GithubHost, token: string | undefined, signal: AbortSignal): Promise<string[]> {
    const found = new Set<string>();
    if (token === undefined) {
      for (const { name, host } of organizations) if (host === target.host) found.add(name);
      for (const app of target.apps) for (const { owner } of await client.installations(target, app)) found.add(owner);
    }
    if (token !== undefined || target.token !== undefined) {
      const asked = { token: token ?? target.token, signal };
      const login = textOf(record(await client.find(target, '/user', asked))['login']);
      if (login !== undefined) found.add(login);
      for (const each of await client.all(target, '/user/orgs', asked)) {
        const name = textOf(each['login']);
        if (name !== undefined) found.add(name);
      }
    }
    // Names of one owner in two spellings are one.
    return [...new Map([...found].map((name) => [name.toLowerCase(), name])).values()].toSorted();
  }

  return async ({ host, what, owner, repository, search = '', token }, { signal }) => {
    const target = hosts.find((each) => each.host === host.toLowerCase());
    if (!target) return { items: [] };
    const fits = (value: string) => value.toLowerCase().includes(search.toLowerCase());
    const answer = (values: string[], isComplete = true) => ({
      items: values
        .filter(fits)
        .slice(0, 1000)
        .map((value) => ({ value })),
      isComplete,
    });
    if (what === 'owners') return answer(await owners(target, token, signal));
    if (!owner || !isName(owner)) return { items: [] };
    if (what === 'repositories') {
      const page = await repositoryPage(client, target, { name: owner, path: 'catalog-info.yaml' }, { signal, token });
      const names = page.repositories.map(({ name }) => name);
      if (page.cursor === undefined || search === '') return answer(names, page.cursor === undefined);
      const words = encodeURIComponent(`${search} in:name user:${owner}`);
      const found = await client.find(target, `/search/repositories?q=${words}&per_page=100`, { owner, token, signal });
      return answer(
        list(at(found, 'items')).flatMap((each) => textOf(each['name']) ?? []),
        (at(found, 'total_count') as number) <= 100,
      );
    }
    if (!repository || !isName(repository)) return { items: [] };
    const start = `/repos/${owner}/${repository}`;
    const call = { owner, token, signal };
    const first = list(await client.find(target, `${start}/branches?per_page=100`, call));
    const names = first.flatMap((each) => textOf(each['name']) ?? []);
    if (first.length < 100 || search === '') return answer(names, first.length < 100);
    const matching = list(await client.find(target, `${start}/git/matching-refs/heads/${escapePath(search)}`, call));
    const begun = matching.flatMap((each) => textOf(each['ref'])?.replace('refs/heads/', '') ?? []);
    return answer([...new Set([...names, ...begun])], false);
  };
}
