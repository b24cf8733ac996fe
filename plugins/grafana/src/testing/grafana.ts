/** As the documentation of `GET /api/search` has them. */
export const dashboard = (uid: string, title: string, tags: string[], folderTitle?: string) => ({
  id: 1,
  uid,
  title,
  uri: `db/${uid}`,
  url: `/d/${uid}/${uid}`,
  slug: '',
  type: 'dash-db',
  tags,
  isStarred: false,
  ...(folderTitle !== undefined && { folderId: 2, folderUid: 'f', folderTitle, folderUrl: '/dashboards/f/f' }),
});
export const dashboards = [
  dashboard('pay', 'Payments overview', ['payments', 'gold'], 'Shop'),
  dashboard('slow', 'Slow queries', ['database'], 'payments'),
  dashboard('old', 'Old', ['payments'], 'Shop'),
  dashboard('else', 'Orders', ['orders']),
];

/** As `RuleResponse` in Grafana's source has them. */
const rule = (name: string, state: string, labels: Record<string, string>, more: object = {}) => ({
  uid: `uid-${name}`,
  name,
  query: '[]',
  state,
  health: 'ok',
  type: 'alerting',
  labels,
  annotations: { summary: `${name} it is` },
  alerts: [],
  lastEvaluation: '2026-11-22T10:00:00Z',
  evaluationTime: 0.01,
  duration: 60,
  ...more,
});
const active = (state: string, activeAt: string, labels: Record<string, string>) => ({
  state,
  activeAt,
  labels,
  annotations: {},
  value: '1',
});
export const rules = {
  status: 'success',
  data: {
    groups: [
      {
        name: 'shop',
        file: 'Shop',
        interval: 60,
        rules: [
          rule('Slow', 'inactive', { service: 'payments' }),
          rule(
            'Failing',
            'firing',
            { service: 'payments' },
            {
              alerts: [
                active('Alerting', '2026-11-22T09:30:00Z', { service: 'payments', pod: 'b' }),
                active('Alerting', '2026-11-22T09:00:00Z', { service: 'payments', pod: 'a' }),
                active('Normal', '0001-01-01T00:00:00Z', { service: 'payments', pod: 'c' }),
              ],
            },
          ),
          rule(
            'Blind',
            'firing',
            { service: 'payments' },
            { health: 'nodata', alerts: [active('Alerting (NoData)', '2026-11-22T08:00:00Z', {})] },
          ),
          rule('Wrong', 'inactive', { service: 'payments' }, { health: 'error', lastError: 'no such table' }),
          rule('Resting', 'inactive', { service: 'payments' }, { isPaused: true, uid: undefined }),
          rule('PerPod', 'pending', {}, { alerts: [active('Pending', '2026-11-22T09:45:00Z', { team: 'shop' })] }),
          { ...rule('recorded', 'inactive', { service: 'payments' }), type: 'recording' },
        ],
      },
    ],
  },
};
