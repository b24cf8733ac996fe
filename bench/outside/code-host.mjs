/** A host of code with the API of GitHub: repositories of one organisation, their descriptors, deployments, builds and facts. */
import { clusters, commitOf, day, hexOf, organization, runsIn, serviceNames, versionOf } from './words.mjs';

const pageSize = 100;
const indexOf = new Map(serviceNames.map((name, index) => [name, index]));

/** The descriptor in the repository of a service, with the annotations that the plugins look for. */
const descriptorOf = (name) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  title: Shop ${name.slice(-4)}
  description: A service of the shop that the tools around the catalog know.
  annotations:
    github.com/project-slug: ${organization}/${name}
    backstage.io/kubernetes-id: ${name}
    prometheus.io/labels: job=${name}
    grafana/dashboard-selector: ${name}
    grafana/alert-label-selector: service=${name}
    unleash.io/filter-tags: ${name}
  tags: [shop, java]
spec:
  type: service
  lifecycle: production
  owner: shop-crew
`;

const blobOf = (name) => hexOf(`blob ${name}`, 40);

const listed = (site) => (name) => ({
  name,
  url: `${site}/${organization}/${name}`,
  description: 'A service of the shop',
  isArchived: false,
  isFork: false,
  visibility: 'PRIVATE',
  owner: { login: organization },
  defaultBranchRef: { name: 'main' },
  repositoryTopics: { nodes: [{ topic: { name: 'shop' } }] },
  head: { oid: commitOf(name) },
  file: { oid: blobOf(name) },
});

function facts(site, name) {
  const author = { name: 'Ann', user: { login: 'ann' } };
  return {
    ...listed(site)(name),
    defaultBranchRef: {
      name: 'main',
      target: {
        committedDate: day,
        messageHeadline: 'Reef the sails',
        url: `${site}/${organization}/${name}/commit/${commitOf(name)}`,
        author,
        history: { nodes: Array.from({ length: 60 }, () => ({ author })) },
      },
    },
    pullRequests: { totalCount: 3 },
    issues: { totalCount: 5 },
    latestRelease: {
      name: 'v1.4.0',
      tagName: 'v1.4.0',
      publishedAt: day,
      url: `${site}/${organization}/${name}/releases`,
    },
    languages: { totalSize: 1000, edges: [{ size: 900, node: { name: 'Java' } }] },
    owners: { text: '* @acme/shop-crew' },
  };
}

function deployments(name) {
  const index = indexOf.get(name);
  return clusters
    .filter((_, cluster) => runsIn(index, cluster))
    .flatMap((environment, place) =>
      Array.from({ length: 5 }, (_, earlier) => ({
        databaseId: index * 100 + place * 10 + earlier,
        environment,
        commitOid: earlier === 0 ? commitOf(name) : hexOf(`${name} ${earlier}`, 40),
        createdAt: new Date(Date.parse(day) - earlier * 86_400_000).toISOString(),
        ref: { name: `v${earlier === 0 ? versionOf(index) : `0.${earlier}.0`}` },
        creator: { login: 'ann' },
        latestStatus: { state: earlier === 0 ? 'SUCCESS' : 'INACTIVE' },
      })),
    );
}

const run = (site, name) => (_, number) => ({
  id: 1000 + number,
  name: 'Build',
  display_title: `Change number ${number} of ${name}`,
  run_number: 50 - number,
  run_attempt: 1,
  event: 'push',
  status: 'completed',
  conclusion: number % 9 === 4 ? 'failure' : 'success',
  head_branch: 'main',
  head_sha: commitOf(name),
  html_url: `${site}/${organization}/${name}/actions/runs/${1000 + number}`,
  created_at: day,
  run_started_at: day,
  updated_at: '2026-01-20T11:04:10Z',
  actor: { login: 'ann', id: 1, avatar_url: `${site}/avatars/1`, type: 'User' },
  repository: { id: 1, name, full_name: `${organization}/${name}`, private: true },
});

function askedByGraphql(site, { query, variables }) {
  if (query.includes('repositoryOwner')) {
    const first = Number(variables.cursor ?? 0);
    const page = serviceNames.slice(first, first + pageSize);
    const hasNextPage = first + pageSize < serviceNames.length;
    const repositories = {
      totalCount: serviceNames.length,
      pageInfo: { hasNextPage, endCursor: String(first + pageSize) },
      nodes: page.map(listed(site)),
    };
    return { repositoryOwner: { repositories } };
  }
  if (query.includes('deployments')) return { repository: { deployments: { nodes: deployments(variables.name) } } };
  return { repository: facts(site, variables.name) };
}

/** What REST addresses of a repository answer; undefined where there is nothing. */
function askedByRest(site, name, rest) {
  if (!indexOf.has(name)) return undefined;
  const text = descriptorOf(name);
  if (rest === 'contents/catalog-info.yaml')
    return {
      type: 'file',
      encoding: 'base64',
      sha: blobOf(name),
      size: text.length,
      content: Buffer.from(text).toString('base64'),
    };
  if (rest === 'deployments') return deployments(name).map(({ databaseId }) => ({ id: databaseId }));
  if (rest === 'commits/HEAD') return { sha: commitOf(name) };
  if (rest.startsWith('compare/')) return { ahead_by: 0, behind_by: 0, commits: [] };
  if (rest === 'actions/runs') return { workflow_runs: Array.from({ length: 50 }, run(site, name)) };
  if (/^actions\/runs\/\d+\/jobs$/.test(rest))
    return {
      jobs: [
        {
          id: 7,
          name: 'build',
          conclusion: 'failure',
          html_url: site,
          steps: [{ name: 'npm test', conclusion: 'failure', number: 3 }],
        },
      ],
    };
  if (/^actions\/jobs\/\d+\/logs$/.test(rest)) return 'npm test\n1 of 40 tests failed\n'.repeat(200);
  if (rest === '') return { default_branch: 'main', name };
  return undefined;
}

const bodyOf = async (request) => {
  let text = '';
  for await (const piece of request) text += piece;
  return JSON.parse(text);
};

/** Answers as GitHub does: with a limit, and 304 to whoever has the answer. */
export async function answerCodeHost(site, path, request, response) {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-ratelimit-limit': '15000',
    'x-ratelimit-remaining': '14000',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 1800),
  };
  const send = (status, body, more = {}) => {
    response.writeHead(status, { ...headers, ...more });
    response.end(typeof body === 'string' ? body : body && JSON.stringify(body));
  };
  if (path === '/graphql') return send(200, { data: askedByGraphql(site, await bodyOf(request)) });
  if (path === '/rate_limit') return send(200, { resources: {} });
  const [, name, rest = ''] = new RegExp(`^/repos/${organization}/([^/]+)/?(.*)$`).exec(path) ?? [];
  const answer = name === undefined ? undefined : askedByRest(site, name, rest);
  if (answer === undefined) return send(404, { message: 'Not Found' });
  const etag = `"${hexOf(path, 32)}"`;
  if (request.headers['if-none-match'] === etag) return send(304, undefined, { etag });
  return send(200, answer, { etag });
}
