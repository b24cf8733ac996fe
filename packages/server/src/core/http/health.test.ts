import { describe, expect, it } from 'vitest';
import { testHttp } from './testing.ts';

describe('health and metrics', () => {
  it('is alive at once and ready when told and when every check agrees', async () => {
    const http = await testHttp();
    for (const url of ['/healthz', '/.backstage/health/v1/liveness']) {
      const response = await http.inject(url);
      expect([response.statusCode, response.json()]).toEqual([200, { status: 'ok' }]);
    }
    expect((await http.inject('/readyz')).json().error.message).toBe(
      'The portal is not ready: start-up is not finished',
    );
    http.setReady(true);
    expect((await http.inject('/.backstage/health/v1/readiness')).statusCode).toBe(200);
    let trouble: string | undefined = 'disk full';
    const remove = http.addReadinessCheck('database', () => trouble);
    const failing = http.addReadinessCheck('queue', async () => {
      throw new Error('gone');
    });
    const response = await http.inject('/readyz');
    expect([response.statusCode, response.json().error.message]).toEqual([
      503,
      'The portal is not ready: database: disk full; queue: gone',
    ]);
    trouble = undefined;
    failing();
    expect((await http.inject('/readyz')).statusCode).toBe(200);
    remove();
  });

  it('counts requests by route and status, and shows what features add', async () => {
    const http = await testHttp();
    await http.inject('/api/things/a');
    await http.inject('/api/things/b?x=1');
    await http.inject('/api/nothing');
    http.metrics.gauge({ name: 'things', help: 'Things', read: () => 7 });
    const counter = http.metrics.counter({ name: 'done_total', help: 'Done' });
    counter.add();
    counter.add(2);
    counter.add(1, { kind: 'a"b\\c\nd' });
    expect(() => http.metrics.gauge({ name: 'things', help: 'again' })).toThrow('The metric things is defined twice');
    const label = (route: string, status: number) => `{method="GET",route="${route}",status="${status}"}`;
    // A request is counted after its answer has left.
    await expect
      .poll(async () => (await http.inject('/metrics')).body)
      .toContain(`http_request_duration_seconds_count${label('none', 404)} 1`);
    const { body, headers } = await http.inject('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = body.split('\n');
    expect(lines).toContain(`http_request_duration_seconds_count${label('/api/things/:name', 200)} 1`);
    expect(lines).toContain(`http_request_duration_seconds_count${label('/api/things/:name', 400)} 1`);
    expect(lines).toContain(`http_request_duration_seconds_count${label('none', 404)} 1`);
    expect(lines).toContain('things 7');
    expect(lines).toContain('done_total 3');
    expect(lines).toContain('done_total{kind="a\\"b\\\\c\\nd"} 1');
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_heap_used_bytes'])
      expect(lines.some((line) => Number(new RegExp(`^${name} (\\S+)$`).exec(line)?.[1]) > 0)).toBe(true);
    for (const quantile of ['0.5', '0.99', 'max'])
      expect(lines.some((line) => line.startsWith(`nodejs_eventloop_delay_seconds{quantile="${quantile}"} `))).toBe(
        true,
      );
    expect(
      lines.filter((line) => line !== '' && !/^(# (HELP|TYPE) |[a-z_]+(\{[^}]*\})? [-+\w.]+$)/.test(line)),
    ).toEqual([]);
  });

  it('puts a value into every bucket that is large enough', async () => {
    const http = await testHttp();
    const histogram = http.metrics.histogram({ name: 'sizes', help: 'Sizes', buckets: [1, 10] });
    for (const value of [0.5, 1, 5, 50]) histogram.observe(value);
    const { body } = await http.inject('/metrics');
    expect(body.split('\n').filter((line) => line.startsWith('sizes'))).toEqual([
      'sizes_bucket{le="1"} 2',
      'sizes_bucket{le="10"} 3',
      'sizes_bucket{le="+Inf"} 4',
      'sizes_sum 56.5',
      'sizes_count 4',
    ]);
  });
});
