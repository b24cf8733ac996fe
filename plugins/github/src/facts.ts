import type { RepositoryFacts } from '@callboard/plugin-api';
import type { Place } from './address.ts';
import type { Client } from './client.ts';
import { ownersIn } from './codeowners.ts';
import type { GithubHost } from './hosts.ts';
import { at, list, numberOf, record, textOf } from './json.ts';

/** Everything about a repository in one question. */
const query = `query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    name url description isArchived isFork isPrivate
    owner { login }
    defaultBranchRef {
      name
      target { ... on Commit {
        committedDate messageHeadline url
        author { name user { login } }
        history(first: 60) { nodes { author { name user { login } } } }
      } }
    }
    repositoryTopics(first: 50) { nodes { topic { name } } }
    pullRequests(states: OPEN) { totalCount }
    issues(states: OPEN) { totalCount }
    latestRelease { name tagName publishedAt url }
    languages(first: 8, orderBy: {field: SIZE, direction: DESC}) { totalSize edges { size node { name } } }
    owners: object(expression: "HEAD:.github/CODEOWNERS") { ... on Blob { text } }
    ownersAtRoot: object(expression: "HEAD:CODEOWNERS") { ... on Blob { text } }
    ownersInDocs: object(expression: "HEAD:docs/CODEOWNERS") { ... on Blob { text } }
  }
}`;

/** Facts, and what only the card shows. */
export type Facts = RepositoryFacts & { openIssues: number };

const nameOf = (author: unknown): string | undefined =>
  textOf(at(author, 'user', 'login')) ?? textOf(record(author)['name']);

/** The busiest authors of the last commits. */
function busiest(commits: Record<string, unknown>[]): string[] {
  const counts = new Map<string, number>();
  for (const { author } of commits) {
    const name = nameOf(author);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
}

/** What is worth knowing of a repository; null when there is none, or the token may not see it. */
export async function factsOf(
  client: Client,
  target: GithubHost,
  { owner, repository }: Pick<Place, 'owner' | 'repository'>,
  signal?: AbortSignal,
): Promise<Facts | null> {
  const variables = { owner, name: repository };
  const data = await client.graphql(target, query, variables, { owner, signal, what: `read ${owner}/${repository}` });
  if (data['repository'] === null || data['repository'] === undefined) return null;
  const found = record(data['repository']);
  const last = record(at(found, 'defaultBranchRef', 'target'));
  const release = record(found['latestRelease']);
  const total = numberOf(at(found, 'languages', 'totalSize')) ?? 0;
  const committed = textOf(last['committedDate']);
  const description = textOf(found['description']);
  const owners =
    textOf(at(found, 'owners', 'text')) ??
    textOf(at(found, 'ownersAtRoot', 'text')) ??
    textOf(at(found, 'ownersInDocs', 'text'));
  const published = textOf(release['publishedAt']);
  const releaseName = textOf(release['name']) ?? textOf(release['tagName']);
  const author = nameOf(last['author']);
  return {
    repository: {
      name: textOf(found['name']) ?? repository,
      owner: textOf(at(found, 'owner', 'login')) ?? owner,
      url: textOf(found['url']) ?? `${target.site}/${owner}/${repository}`,
      defaultBranch: textOf(at(found, 'defaultBranchRef', 'name')) ?? '',
      ...(description && { description }),
      topics: list(at(found, 'repositoryTopics', 'nodes')).flatMap((each) => textOf(at(each, 'topic', 'name')) ?? []),
      archived: found['isArchived'] === true,
      fork: found['isFork'] === true,
      private: found['isPrivate'] === true,
    },
    ...(committed && {
      lastChange: {
        at: committed,
        title: (textOf(last['messageHeadline']) ?? '').slice(0, 500),
        ...(author && { author: author.slice(0, 300) }),
        ...(textOf(last['url']) && { href: textOf(last['url'])! }),
      },
    }),
    openChanges: numberOf(at(found, 'pullRequests', 'totalCount')) ?? 0,
    openIssues: numberOf(at(found, 'issues', 'totalCount')) ?? 0,
    ...(releaseName && {
      release: {
        name: releaseName.slice(0, 300),
        ...(published && { at: published }),
        ...(textOf(release['url']) && { href: textOf(release['url'])! }),
      },
    }),
    languages: list(at(found, 'languages', 'edges')).map((edge) => ({
      name: textOf(at(edge, 'node', 'name')) ?? '?',
      share: total === 0 ? 0 : (numberOf(edge['size']) ?? 0) / total,
    })),
    contributors: busiest(list(at(last, 'history', 'nodes'))).slice(0, 20),
    owners: owners === undefined ? [] : ownersIn(owners),
  };
}
