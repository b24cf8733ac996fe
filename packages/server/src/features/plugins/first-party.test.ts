import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { manifestFaults } from '../../core/plugins/index.ts';
import { firstPartyPlugins } from './index.ts';

test('the manifests of the plugins that come with the portal are right', async () => {
  const plugins = await firstPartyPlugins(fileURLToPath(new URL('../../../../../plugins', import.meta.url)));
  expect(plugins.map(({ manifest }) => manifest.id)).toContain('github');
  for (const { manifest } of plugins) expect(manifestFaults(manifest), manifest.id).toEqual([]);
});
