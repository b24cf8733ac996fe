/** Written without JSX, so that nothing has to be built. */
import { createElement as h } from 'react';
import { Panel, View } from '@callboard/plugin-api/web';

const grid = { display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 26rem), 1fr))' };
const charts = [
  ['rate', 'Requests'],
  ['errors', 'Errors'],
  ['latency', 'Latency'],
  ['saturation', 'Saturation'],
];
const mostRules = 4;

/** The tab of an entity: alerts first, then the figures behind them. */
export function Monitoring({ entity, entityRef }) {
  const rules = (entity.metadata.annotations?.['prometheus.io/rule'] ?? '')
    .split(',')
    .filter((rule) => rule.trim() !== '');
  const own = rules.slice(0, mostRules).map((_, index) => [`rule-${index + 1}`, `Query ${index + 1}`]);
  const panel = ([id, title]) => h(Panel, { key: id, title }, h(View, { id, entityRef }));
  return h(
    'div',
    { style: { display: 'grid', gap: 16 } },
    panel(['alerts', 'Alerts']),
    h('div', { style: grid }, [...charts, ...own].map(panel)),
    rules.length > mostRules ? h('p', null, `The first ${mostRules} of ${rules.length} queries are drawn.`) : null,
    panel(['burn', 'Error budget']),
  );
}
