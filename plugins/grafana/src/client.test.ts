import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusDriver } from 'prometheus-query';
import { expect, test } from 'vitest';
import { rules } from './testing/grafana.ts';

// Grafana tells of its own alert rules as Prometheus does: a client of Prometheus reads what the tests of this plugin take for its answer.
test('a client of Prometheus reads the rules as Grafana has them', async () => {
  const server = createServer((request, response) => {
    const isRules = request.url === '/api/prometheus/grafana/api/v1/rules';
    response.writeHead(isRules ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isRules ? rules : {}));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new PrometheusDriver({ endpoint, baseURL: '/api/prometheus/grafana/api/v1' });
    const [group] = await client.rules();
    expect([group!.name, group!.file, group!.interval]).toEqual(['shop', 'Shop', 60]);
    const shown = group!.rules.map(({ name, health, type, labels, annotations, alerts }) => ({
      name,
      health,
      type,
      labels,
      annotations,
      states: alerts.map(({ state, activeAt, labels: of }) => [state, activeAt.toISOString(), of]),
    }));
    expect(shown).toHaveLength(7);
    expect(shown[1]).toEqual({
      name: 'Failing',
      health: 'ok',
      type: 'alerting',
      labels: { service: 'payments' },
      annotations: { summary: 'Failing it is' },
      states: [
        ['Alerting', '2026-11-22T09:30:00.000Z', { service: 'payments', pod: 'b' }],
        ['Alerting', '2026-11-22T09:00:00.000Z', { service: 'payments', pod: 'a' }],
        ['Normal', '0001-01-01T00:00:00.000Z', { service: 'payments', pod: 'c' }],
      ],
    });
    expect(shown.at(-1)).toMatchObject({ name: 'recorded', type: 'recording' });
  } finally {
    server.close();
  }
});
