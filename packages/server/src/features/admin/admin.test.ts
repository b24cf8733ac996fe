import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, testPortal, type TestPortal } from '../../testing/portal.ts';

const open: TestPortal[] = [];
afterEach(async () => {
  for (const portal of open.splice(0)) await portal.stop();
});

forEachDatabase((dialect, { place }) => {
  test('shows jobs, hosts, settings and health, and runs a job now', async () => {
    const where = await place();
    const config = `log:\n  level: warn\noutbound:\n  allow: [git.example.com]\n  proxy: http://ada:s3cret@127.0.0.1:9\ncatalog:\n  locations: []\n`;
    const portal = await testPortal({ place: where, config });
    open.push(portal);

    const jobs = (await portal.get('/api/admin/jobs')).body.items;
    expect(jobs.map((job: any) => job.name)).toEqual(expect.arrayContaining(['catalog.poll', 'core.prune-events']));
    expect(jobs.find((job: any) => job.name === 'core.prune-events')).toMatchObject({
      key: '',
      state: 'waiting',
      schedule: '17 3 * * *',
    });

    const run = await portal.send('POST', '/api/admin/jobs/trigger', { name: 'core.prune-events' });
    expect(run.status).toBe(202);
    await eventually(async () => {
      const { items } = (await portal.get('/api/admin/jobs')).body;
      expect(items.find((job: any) => job.name === 'core.prune-events').lastStatus).toBe('succeeded');
    });
    const unknown = await portal.send('POST', '/api/admin/jobs/trigger', { name: 'no.such-job' });
    expect([unknown.status, unknown.body.error.name]).toEqual([404, 'NotFoundError']);
    expect((await portal.send('POST', '/api/admin/jobs/trigger', { nme: 1 })).status).toBe(400);

    expect((await portal.get('/api/admin/outbound')).body).toEqual({
      mode: 'open',
      allow: ['git.example.com'],
      items: [],
    });

    const { body } = await portal.get('/api/admin/configuration');
    const entry = (key: string) => body.items.find((item: any) => item.key === key);
    expect(entry('log.level')).toMatchObject({ value: 'warn', default: 'info', origin: `${body.file}:2` });
    expect(entry('server.port').origin).toBe('flag --port');
    expect(entry('log.format').origin).toBe('default');
    expect(JSON.stringify(body)).not.toContain('s3cret');

    const health = (await portal.get('/api/admin/health')).body;
    expect(health.database.dialect).toBe(dialect);
    expect(health.database.place).toEqual(
      dialect === 'sqlite' ? where.directory : expect.stringMatching(/^127\.0\.0\.1:\d+\//),
    );
    expect(health.node).toBe(process.versions.node);
  });
});
