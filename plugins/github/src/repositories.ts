import type { Client } from './client.ts';
import type { GithubHost, Organization } from './hosts.ts';
import { at, list, numberOf, record, textOf } from './json.ts';

/** A repository as one page of a list tells it, with the blob of its descriptor. */
export type Listed = {
  name: string;
  owner: string;
  url: string;
  description?: string;
  defaultBranch: string;
  /** The last commit of the branch that is read */
  head?: string;
  /** The version of the descriptor; absent where there is none */
  blob?: string;
  topics: string[];
  visibility: string;
  archived: boolean;
  fork: boolean;
};
export type Page = { repositories: Listed[]; total: number; cursor?: string };

const query = `query($owner: String!, $cursor: String, $branch: String!, $file: String!) {
  repositoryOwner(login: $owner) {
    repositories(first: 100, after: $cursor, ownerAffiliations: OWNER, orderBy: {field: PUSHED_AT, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        name url description isArchived isFork visibility
        owner { login }
        defaultBranchRef { name }
        repositoryTopics(first: 50) { nodes { topic { name } } }
        head: object(expression: $branch) { oid }
        file: object(expression: $file) { oid }
      }
    }
  }
}`;

const isPattern = (path: string) => /[*?{[]/.test(path);

function listed(node: Record<string, unknown>): Listed {
  return {
    name: textOf(node['name']) ?? '',
    owner: textOf(at(node, 'owner', 'login')) ?? '',
    url: textOf(node['url']) ?? '',
    description: textOf(node['description']),
    defaultBranch: textOf(at(node, 'defaultBranchRef', 'name')) ?? 'main',
    head: textOf(at(node, 'head', 'oid')),
    blob: textOf(at(node, 'file', 'oid')),
    topics: list(at(node, 'repositoryTopics', 'nodes')).flatMap((each) => textOf(at(each, 'topic', 'name')) ?? []),
    visibility: (textOf(node['visibility']) ?? 'private').toLowerCase(),
    archived: node['isArchived'] === true,
    fork: node['isFork'] === true,
  };
}

/** One page of the repositories of an owner, the last pushed first. */
export async function repositoryPage(
  client: Client,
  target: GithubHost,
  { name, branch, path }: Pick<Organization, 'name' | 'branch' | 'path'>,
  how: { cursor?: string; signal?: AbortSignal; purpose?: 'people' | 'background'; token?: string },
): Promise<Page> {
  const { cursor, ...rest } = how;
  const data = await client.graphql(
    target,
    query,
    {
      owner: name,
      cursor: cursor ?? null,
      branch: branch ?? 'HEAD',
      // What a pattern means is found in the tree; the folder is asked for so that the query stays the same.
      file: `${branch ?? 'HEAD'}:${isPattern(path) ? '' : path}`,
    },
    { owner: name, what: `list the repositories of ${name}`, ...rest },
  );
  const found = record(at(data, 'repositoryOwner', 'repositories'));
  if (data['repositoryOwner'] === null || data['repositoryOwner'] === undefined)
    throw Object.assign(new Error(`${target.host}: there is no organisation ${name}, or the token may not see it`), {
      code: 'NOT_FOUND',
    });
  const next = at(found, 'pageInfo', 'hasNextPage') === true ? textOf(at(found, 'pageInfo', 'endCursor')) : undefined;
  return {
    repositories: list(found['nodes']).map(listed),
    total: numberOf(found['totalCount']) ?? 0,
    ...(next !== undefined && { cursor: next }),
  };
}

/** Whether the catalog takes a repository over. */
export function isWanted(repository: Listed, organization: Organization): boolean {
  const { topics, withoutTopics, visibility } = organization;
  if (repository.head === undefined || repository.blob === undefined) return false;
  if (repository.archived && !organization.archived) return false;
  if (repository.fork && !organization.forks) return false;
  if (organization.repository && !organization.repository.test(repository.name)) return false;
  if (visibility.length > 0 && !visibility.includes(repository.visibility)) return false;
  if (topics.length > 0 && !topics.some((topic) => repository.topics.includes(topic))) return false;
  return !withoutTopics.some((topic) => repository.topics.includes(topic));
}

/** The address of the descriptor of a repository, or of all that a pattern means. */
export const descriptorOf = ({ url, defaultBranch }: Listed, { branch, path }: Organization): string =>
  `${url}/${isPattern(path) ? 'tree' : 'blob'}/${branch ?? defaultBranch}/${path}`;
