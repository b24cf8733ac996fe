/** Answers of healthy far sides for plugins of outside systems, each below a path of its own. */
const day = '2026-01-20T11:00:00Z';
const commit = { title: 'Reef', committed_date: day, author_name: 'Ann' };
const run = {
  id: 302,
  name: 'Build',
  display_title: 'Tow by night',
  run_number: 2,
  run_attempt: 1,
  status: 'completed',
  conclusion: 'success',
  head_branch: 'main',
  html_url: 'https://code.example.com/acme/pay/actions/runs/302',
  run_started_at: day,
  updated_at: day,
};
const deployment = {
  databaseId: 4,
  environment: 'production',
  commitOid: 'acb5820ced9479c074f688cc328bf03f341a511d',
  createdAt: day,
  ref: { name: 'v1.4.1' },
  latestStatus: { state: 'SUCCESS' },
};
const flag = {
  name: 'night-tow',
  type: 'release',
  project: 'fleet',
  environments: [{ name: 'production', enabled: true, hasEnabledStrategies: true }],
};
const repository = {
  name: 'pay',
  url: 'https://code.example.com/acme/pay',
  owner: { login: 'acme' },
  defaultBranchRef: { name: 'main', target: { committedDate: day, messageHeadline: 'Reef' } },
  pullRequests: { totalCount: 2 },
  issues: { totalCount: 1 },
};

const labels = { 'app.kubernetes.io/name': 'pay' };
const podSpec = { containers: [{ name: 'main', image: 'ghcr.io/acme/pay:1.4.1' }] };
/** What a cluster has. It is scaled to nothing, so that it is no deployment beside the one of GitHub. */
const objects: Record<string, object[]> = {
  deployments: [
    {
      metadata: { name: 'pay', namespace: 'shop', uid: 'd1', generation: 1, labels, creationTimestamp: day },
      spec: { replicas: 0, template: { metadata: { labels }, spec: podSpec } },
      status: { observedGeneration: 1 },
    },
  ],
};

/** What runs is the last commit. */
const comparison = { sha: deployment.commitOid, status: 'identical', ahead_by: 0, behind_by: 0, commits: [] };

const fixed: Record<string, unknown> = {
  '/github/graphql': { data: { repository } },
  '/gitlab/api/v4/projects/acme/pay': {
    id: 1,
    path: 'pay',
    path_with_namespace: 'acme/pay',
    web_url: 'https://code.example.com/acme/pay',
    default_branch: 'main',
    visibility: 'private',
  },
  '/gitlab/api/v4/projects/acme/pay/repository/commits': [{ ...commit, commit }],
  '/gitea/api/v1/repos/acme/pay': {
    name: 'pay',
    full_name: 'acme/pay',
    owner: { login: 'acme' },
    html_url: 'https://code.example.com/acme/pay',
    default_branch: 'main',
  },
  '/ci/repos/acme/pay/actions/runs': { workflow_runs: [run] },
  '/deployments/repos/acme/pay/deployments': [],
  '/deployments/graphql': { data: { repository: { deployments: { nodes: [deployment] } } } },
  '/unleash/api/admin/feature-types': { types: [] },
  '/unleash/api/admin/search/features': { features: [flag], total: 1 },
  '/grafana/api/search': [
    { uid: 'p', title: 'Pay', url: '/d/p/p', tags: ['pay'], folderTitle: 'Shop', type: 'dash-db' },
  ],
  '/prometheus/api/v1/rules': { status: 'success', data: { groups: [] } },
};

function metrics(url: URL): unknown {
  const now = Date.now() / 1000;
  const isByName = (url.searchParams.get('query') ?? '').includes('by (__name__)');
  const value = [now, '2'];
  const result = url.pathname.endsWith('query_range')
    ? [{ metric: {}, values: [[Math.floor(now), '7']] }]
    : [{ metric: { ...(isByName && { __name__: 'http_requests_total' }), evidence: 'service' }, value }];
  return { status: 'success', data: { result } };
}

/**
 * What a healthy far side answers.
 *
 * @returns undefined where there is nothing
 */
export function healthyAnswer(url: URL): unknown {
  const path = decodeURIComponent(url.pathname);
  if (path in fixed) return fixed[path];
  if (path.startsWith('/kubernetes/'))
    return { metadata: { resourceVersion: '7' }, items: objects[path.split('/').at(-1)!] ?? [] };
  if (/^\/deployments\/repos\/acme\/pay\/(compare|commits)\b/.test(path)) return comparison;
  return path.startsWith('/prometheus/') ? metrics(url) : undefined;
}
