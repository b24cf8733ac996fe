/** Prometheus with an Alertmanager, Grafana and Unleash, each with something of every service. */
import { day, serviceNames } from './words.mjs';

const metrics = ['http_requests_total', 'http_request_duration_seconds_bucket', 'process_cpu_seconds_total'];
const jobOf = (query) => /job="([\w-]+)"/.exec(query)?.[1];

function instant(query) {
  const now = Date.now() / 1000;
  const value = [now, '12'];
  if (!serviceNames.includes(jobOf(query))) return [];
  if (!query.includes('by (__name__)')) return [{ metric: { evidence: 'declared' }, value }];
  return [
    ...metrics.map((name) => ({ metric: { __name__: name, evidence: 'declared' }, value })),
    { metric: { __name__: metrics[0], status_label: 'code' }, value },
  ];
}

function range(parameters) {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(parameters.get(name)));
  const values = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => [
    start + index * step,
    String(5 + Math.sin(index / 7)),
  ]);
  const parts = [...parameters.get('query').matchAll(/"part", "(\w+)"/g)].map(([, name]) => ({ part: name }));
  return (parts.length > 0 ? parts : [{}]).map((metric) => ({ metric, values }));
}

const alerting = (name) => ({ alertname: 'TooSlow', service: name, job: name, severity: 'warning' });
const firing = serviceNames.filter((_, index) => index % 50 === 0);

const rules = {
  groups: [
    {
      name: 'shop',
      file: 'shop.yaml',
      rules: serviceNames.map((name) => ({
        type: 'alerting',
        name: 'TooSlow',
        labels: { service: name, job: name, severity: 'warning' },
        annotations: { summary: `${name} answers slowly` },
        state: firing.includes(name) ? 'firing' : 'inactive',
        health: 'ok',
        alerts: firing.includes(name)
          ? [{ state: 'firing', activeAt: day, labels: alerting(name), annotations: { summary: `${name} is slow` } }]
          : [],
      })),
    },
  ],
};

const dashboards = serviceNames.map((name, index) => ({
  id: index,
  uid: `d${index}`,
  title: `Overview of ${name}`,
  url: `/d/d${index}/${name}`,
  type: 'dash-db',
  tags: [name, 'shop'],
  folderTitle: 'Shop',
}));
const grafanaRules = {
  groups: [
    {
      name: 'shop',
      file: 'Shop',
      rules: serviceNames.map((name, index) => ({
        type: 'alerting',
        uid: `r${index}`,
        name: `Errors of ${name}`,
        state: 'inactive',
        health: 'ok',
        labels: { service: name },
        annotations: { summary: 'More than one call of a hundred fails' },
        alerts: [],
      })),
    },
  ],
};

const flags = serviceNames.slice(0, 500).map((name) => ({
  name: `${name}.new-checkout`,
  type: 'release',
  project: 'default',
  createdAt: day,
  createdBy: { name: 'ann' },
  stale: false,
  tags: [{ type: 'simple', value: name }],
  environments: ['development', 'production'].map((environment) => ({
    name: environment,
    enabled: environment === 'development',
    hasStrategies: true,
    hasEnabledStrategies: true,
    lastSeenAt: day,
    variantCount: 0,
  })),
}));

const pageOf = (items, limit, offset) => items.slice(offset, offset + limit);

/** Answers of the three, by what stands before the path; undefined where there is nothing. */
export function answerMonitoring(path, parameters) {
  const number = (name, usual) => Number(parameters.get(name) ?? usual);
  const good = (data) => ({ status: 'success', data });
  switch (path) {
    case '/prometheus/api/v1/query':
      return good({ resultType: 'vector', result: instant(parameters.get('query')) });
    case '/prometheus/api/v1/query_range':
      return good({ resultType: 'matrix', result: range(parameters) });
    case '/prometheus/api/v1/rules':
      return good(rules);
    case '/alertmanager/api/v2/alerts':
      return firing.map((name) => ({
        labels: alerting(name),
        annotations: {},
        startsAt: day,
        status: { state: 'active', silencedBy: [], inhibitedBy: [] },
      }));
    case '/grafana/api/search':
      return pageOf(dashboards, number('limit', 1000), (number('page', 1) - 1) * number('limit', 1000));
    case '/grafana/api/prometheus/grafana/api/v1/rules':
      return good(grafanaRules);
    case '/unleash/api/admin/feature-types':
      return { types: [{ id: 'release', lifetimeDays: 40 }] };
    case '/unleash/api/admin/search/features':
      return { features: pageOf(flags, number('limit', 100), number('offset', 0)), total: flags.length };
    default:
      return undefined;
  }
}
