import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPortal, type TestPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';

const code = 'export default { setup: () => ({}) };';
const versions = ['1.0.0', '1.2.0', '2.0.0-rc.1'].map((version) => ({
  version,
  tarball: pluginTarball(code, { id: 'far' }, version),
}));
const integrity = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

let registry: Server;
let folder: string;
let portal: TestPortal;
let address: string;
let authorizations: (string | undefined)[] = [];

beforeAll(async () => {
  registry = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    const found = versions.find(({ version }) => request.url === `/tarballs/far-${version}.tgz`);
    if (found) return response.end(found.tarball);
    if (request.url !== '/@acme%2ffar' && request.url !== '/bad') return response.writeHead(404).end('{}');
    const bad = request.url === '/bad';
    return response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        'dist-tags': { latest: '1.2.0' },
        versions: Object.fromEntries(
          versions.map(({ version, tarball }) => [
            version,
            {
              dist: {
                tarball: `${address}/tarballs/far-${version}.tgz`,
                integrity: integrity(bad ? Buffer.from('other') : tarball),
              },
            },
          ]),
        ),
      }),
    );
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'callboard-registry-'));
  await mkdir(join(folder, 'tarballs'));
  await writeFile(join(folder, 'tarballs/near-1.0.0.tgz'), pluginTarball(code, { id: 'near' }, '1.0.0'));
  await writeFile(join(folder, 'tarballs/near-1.5.0.tgz'), pluginTarball(code, { id: 'near' }, '1.5.0'));
  await writeFile(join(folder, 'tarballs/notes.tgz'), 'no tarball at all');
  portal = await testPortal({
    place: { directory: join(folder, 'data') },
    folder,
    config: `plugins: { registry: "${address}", registryToken: open-sesame, folder: ./tarballs }\n`,
  });
});
afterAll(async () => {
  await portal?.stop();
  registry.closeAllConnections();
  registry.close();
  await rm(folder, { recursive: true, force: true });
});

const stage = async (body: unknown) => (await portal.send('POST', '/api/admin/plugins/staged', body)).body;

test.each([
  ['@acme/far', '1.2.0'],
  ['@acme/far@1.0.0', '1.0.0'],
  ['@acme/far@^1.0.0', '1.2.0'],
  ['@acme/far@2.0.0-rc.1', '2.0.0-rc.1'],
])('%s comes from the registry as %s', async (name, version) => {
  authorizations = [];
  const staged = await stage({ package: name });
  expect(staged.manifest.version).toBe(version);
  expect(staged.sha256).toBe(
    createHash('sha256')
      .update(versions.find((entry) => entry.version === version)!.tarball)
      .digest('hex'),
  );
  expect(authorizations).toEqual(['Bearer open-sesame', 'Bearer open-sesame']);
});

test('the folder of tarballs is asked first, by id or name of the package', async () => {
  authorizations = [];
  expect((await stage({ package: 'near' })).manifest.version).toBe('1.5.0');
  expect((await stage({ package: 'callboard-plugin-near@~1.0.0' })).origin).toBe('plugins.folder near-1.0.0.tgz');
  expect(authorizations).toEqual([]);
});

test('an address is fetched; its hash pins what is installed', async () => {
  const staged = await stage({ url: `${address}/tarballs/far-1.0.0.tgz` });
  const installed = await portal.send('POST', '/api/admin/plugins', { sha256: staged.sha256 });
  expect(installed.body).toMatchObject({ id: 'far', version: '1.0.0', sha256: staged.sha256 });
});

test.each([
  [{ package: 'bad' }, 'PLUGINS_INTEGRITY'],
  [{ package: '@acme/far@9' }, 'PLUGINS_REGISTRY'],
  [{ package: 'no spaces please' }, 'PLUGINS_REGISTRY'],
  [{ package: 'nobody' }, 'OUTBOUND_STATUS'],
  [{}, 'PLUGIN_SOURCE_MISSING'],
])('%j is refused with %s', async (body, expected) => {
  expect((await stage(body)).error.code).toBe(expected);
});

test('what nobody looked at is not installed', async () => {
  const { body } = await portal.send('POST', '/api/admin/plugins', { sha256: '0'.repeat(64) });
  expect(body.error.code).toBe('PLUGIN_NOT_STAGED');
});
