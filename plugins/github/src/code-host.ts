import type { CodeHost } from '@callboard/plugin-api';
import { escapePart, partOf, placeOf } from './address.ts';
import { commitChange, openPullRequest } from './changes.ts';
import type { Client } from './client.ts';
import { createComplete } from './complete.ts';
import { factsOf } from './facts.ts';
import { createFiles } from './files.ts';
import type { Heads } from './heads.ts';
import { type GithubHost, hostFor, type Settings } from './hosts.ts';
import { record, textOf } from './json.ts';
import { type Listed, repositoryPage } from './repositories.ts';

const stateWords = { pending: 'pending', good: 'success', bad: 'failure' };
const summaryOf = ({ name, owner, url, description, defaultBranch, topics, visibility, archived, fork }: Listed) => ({
  name,
  owner,
  url,
  defaultBranch,
  topics,
  archived,
  fork,
  private: visibility !== 'public',
  ...(description && { description }),
});

/** The hosts as the portal reads them. */
export function createCodeHost({ hosts, organizations }: Settings, client: Client, heads: Heads): CodeHost {
  const usable = hosts.filter(({ token, apps }) => token !== undefined || apps.length > 0);
  function whereIs(url: string): { target: GithubHost; owner: string; repository: string } {
    const target = hostFor(hosts, url);
    const place = placeOf(url);
    if (!target || !place) throw new Error(`${url.slice(0, 200)} is no repository of a configured host`);
    return { target, owner: place.owner, repository: place.repository };
  }

  return {
    // Without a token or app the API gives 60 calls an hour: such a host is better read as any other address.
    owns: ({ url }) => hostFor(usable, url) !== undefined,
    hosts: () => usable.map(({ host }) => ({ host, type: 'github', title: host === 'github.com' ? 'GitHub' : host })),
    ...createFiles(hosts, client, heads),
    complete: createComplete(hosts, organizations, client),
    async listRepositories({ owner, cursor }, { signal }) {
      // Pages of the first host that has the owner among its organisations, else of the first.
      const named = organizations.find(({ name }) => name.toLowerCase() === owner.toLowerCase())?.host;
      const target = hosts.find(({ host }) => host === named) ?? hosts[0];
      if (!target) return { repositories: [] };
      const page = await repositoryPage(client, target, { name: owner, path: 'catalog-info.yaml' }, { cursor, signal });
      return {
        repositories: page.repositories.map(summaryOf),
        ...(page.cursor !== undefined && { cursor: page.cursor }),
      };
    },
    async facts({ url }, { signal }) {
      const { target, owner, repository } = whereIs(url);
      const found = await factsOf(client, target, { owner, repository }, signal);
      if (!found) return null;
      const { openIssues: _openIssues, ...facts } = found;
      return facts;
    },
    async gitAccess({ url }) {
      const { target, owner } = whereIs(url);
      const { token } = await client.credentialFor(target, owner);
      return token === undefined ? null : { username: 'x-access-token', password: token };
    },
    async createRepository({ owner, name, description, private: isPrivate }, { signal }) {
      const named = organizations.find((each) => each.name.toLowerCase() === owner.toLowerCase())?.host;
      const target = hosts.find(({ host }) => host === named) ?? hosts[0];
      if (!target) throw new Error('no host is configured');
      const call = { owner, signal, what: `make repositories for ${owner}` };
      const isOrganization =
        record(await client.find(target, `/users/${partOf(owner)}`, call))['type'] === 'Organization';
      const body = { name, description, private: isPrivate };
      const path = isOrganization ? `/orgs/${owner}/repos` : '/user/repos';
      const made = record((await client.call(target, path, { ...call, method: 'POST', body })).json());
      return {
        name,
        owner,
        url: textOf(made['html_url']) ?? `${target.site}/${owner}/${name}`,
        defaultBranch: textOf(made['default_branch']) ?? 'main',
        private: isPrivate,
      };
    },
    async openChange({ url, branch, title, description, files }, { signal }) {
      const { target, owner, repository } = whereIs(url);
      const how = { owner, signal };
      const path = `/repos/${owner}/${repository}`;
      const base = textOf(record((await client.call(target, path, how)).json())['default_branch']) ?? 'main';
      const change = {
        owner,
        repository,
        headOwner: owner,
        base,
        branch,
        message: title,
        files: files.map((file) => ({ path: file.path, content: Buffer.from(file.text), executable: false })),
        deleted: [],
        mayUpdate: false,
        evenEmpty: false,
      };
      if (!(await commitChange(client, target, change, how)))
        throw new Error(`${target.host}: ${base} of ${owner}/${repository} has these files already`);
      const { number, url: address } = await openPullRequest(client, target, change, { title, body: description }, how);
      return { url: address, number };
    },
    async setStatus({ url, commit, name, state, href }, { signal }) {
      const { target, owner, repository } = whereIs(url);
      await client.call(target, `/repos/${owner}/${repository}/statuses/${escapePart(commit)}`, {
        owner,
        signal,
        what: `set the state of commits of ${owner}/${repository}`,
        method: 'POST',
        body: { state: stateWords[state], context: name, ...(href && { target_url: href }) },
      });
      return null;
    },
  };
}
