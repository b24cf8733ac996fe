import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { type TestPortal, testPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';
import { installPlugin } from './testing/install.ts';

const server = `export default { setup: (host) => ({ routes: { told: () => ({ body: host.configuration }) } }) };`;
const keeper = (version: string, more: object = { writeOnly: true }) =>
  pluginTarball(
    server,
    {
      id: 'keeper',
      configuration: {
        type: 'object',
        properties: {
          harbour: { type: 'string' },
          wire: { type: 'string', ...more },
          yards: { type: 'array', items: { type: 'object', properties: { buoy: { type: 'string', ...more } } } },
        },
      },
      contributes: { routes: [{ id: 'told', title: 'Told', method: 'GET', path: '/told' }] },
    },
    version,
  );
const configuration = { harbour: 'Leith', wire: 'hawser-7', yards: [{}, { buoy: 'bell-9' }] };
const secrets = /hawser-7|bell-9/;

forEachDatabase((_dialect, { place, open }) => {
  let at: { url?: string; directory?: string };
  let portal: TestPortal;
  const start = async (key = 'a key of sixteen') =>
    (portal = await testPortal({ place: at, config: `plugins: { secretsKey: ${key} }\n` }));
  const upload = (tarball: Uint8Array, more?: object) => installPlugin(portal, tarball, more);
  const detail = async () => (await portal.get('/api/admin/plugins/keeper')).body;
  const told = async () => (await portal.get('/api/plugins/keeper/told')).body;
  const set = (values: object) =>
    portal.send('PUT', '/api/admin/plugins/keeper/configuration', { configuration: values });
  /** Everything that the database has of plugins and of what people did, with the portal stopped meanwhile. */
  async function stored(change?: string): Promise<string> {
    await portal.stop();
    const db = await open(at);
    const tables = ['plugins_plugin', 'core_event', 'access_audit'];
    const rows = () => Promise.all(tables.map((table) => db.reader().selectFrom(table).selectAll().execute()));
    if (change !== undefined)
      await db.transaction((tx) =>
        tx.updateTable('plugins_plugin').set({ configuration: change, secrets: null }).execute(),
      );
    const text = JSON.stringify(await rows());
    await db.close();
    return text;
  }

  beforeAll(async () => {
    at = await place();
    await start();
    expect((await upload(keeper('1.0.0'), { configuration })).status).toBe(200);
  });
  afterAll(() => portal.stop());

  test('secrets of a form are closed in the database, are known after a restart, and stand in no audit', async () => {
    expect(await told()).toEqual(configuration);
    expect((await set({ ...configuration, harbour: 7 })).body.error.code).toBe('PLUGIN_CONFIGURATION_INVALID');
    const text = await stored();
    expect(text).toContain('Leith');
    expect(text).toContain('ConfigurePlugin');
    expect(text).not.toMatch(secrets);
    await start();
    expect(await told()).toEqual(configuration);
  });

  test('secrets that stand open from before are closed at the next start', async () => {
    expect(await stored(JSON.stringify(configuration))).toMatch(secrets);
    await start();
    expect(await told()).toEqual(configuration);
    expect(await stored()).not.toMatch(secrets);
    await start();
  });

  test('an update by the form keeps them, and no later schema shows them', async () => {
    const { configuration: shown } = await detail();
    expect(JSON.stringify(shown)).not.toMatch(secrets);
    expect((await upload(keeper('1.1.0'), { configuration: shown })).status).toBe(200);
    expect(await told()).toEqual(configuration);
    expect((await upload(keeper('2.0.0', {}))).status).toBe(200);
    expect(await told()).toEqual(configuration);
    expect(JSON.stringify(await detail())).not.toMatch(secrets);
    const narrow = await upload(keeper('3.0.0', { pattern: '^x' }));
    expect(narrow.body.error.code).toBe('PLUGIN_CONFIGURATION_INVALID');
    expect(JSON.stringify(narrow.body)).not.toMatch(secrets);
    await portal.send('PUT', '/api/admin/plugins/keeper/version', { version: '1.0.0' });
    expect(await told()).toEqual(configuration);
  });

  test('with another key the plugin waits and says why, until they are written again', async () => {
    await portal.stop();
    await start('another key as long');
    expect(await detail()).toMatchObject({
      state: 'incompatible',
      reason: 'The secrets of its configuration cannot be read with the key of this replica',
      configuration: { harbour: 'Leith', wire: '' },
    });
    expect((await portal.get('/api/plugins/keeper/told')).status).toBe(503);
    expect((await upload(keeper('1.2.0'))).body.error).toMatchObject({
      code: 'PLUGIN_INCOMPATIBLE',
      fix: expect.stringContaining('plugins.secretsKey'),
    });
    expect((await set(configuration)).body).toMatchObject({ state: 'enabled' });
    expect(await told()).toEqual(configuration);
  });
});
