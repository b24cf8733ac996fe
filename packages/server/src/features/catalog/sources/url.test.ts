import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, testPortal, type TestPortal } from '../../../testing/portal.ts';

const component = (name: string, title = name) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  title: ${title}\nspec:\n  type: service\n  lifecycle: production\n  owner: team-a\n`;

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server whose answer can be changed while it runs. */
async function website(
  first: Handler,
): Promise<{ address: string; answer(next: Handler): void; requests: IncomingMessage[] }> {
  let handler = first;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, answer: (next) => (handler = next), requests };
}

const start = async (options: Parameters<typeof testPortal>[0]): Promise<TestPortal> => {
  const portal = await testPortal(options);
  closing.push(() => portal.stop());
  return portal;
};
const source = async (portal: TestPortal) => (await portal.get('/api/catalog/sources')).body.items[0];
const problems = async (portal: TestPortal): Promise<any[]> => (await portal.get('/api/catalog/problems')).body.items;
const title = async (portal: TestPortal) => (await portal.entity('component:default/alpha'))?.metadata.title;
const refresh = async (portal: TestPortal) => {
  const before = (await source(portal)).lastAttemptAt;
  await portal.send('POST', `/api/catalog/sources/${(await source(portal)).id}/refresh`);
  await eventually(async () => expect((await source(portal)).lastAttemptAt).not.toBe(before));
};

forEachDatabase((_dialect, { place }) => {
  test('asks with what the last answer was marked with, and takes a change in', async () => {
    const site = await website((request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end(component('alpha', 'One'));
    });
    const portal = await start({ place: await place(), flags: { targets: [`${site.address}/catalog-info.yaml`] } });
    expect(await title(portal)).toBe('One');
    await refresh(portal);
    expect(site.requests.at(-1)?.headers['if-none-match']).toBe('"1"');
    site.answer((_request, response) => response.writeHead(200, { etag: '"2"' }).end(component('alpha', 'Two')));
    await refresh(portal);
    await eventually(async () => expect(await title(portal)).toBe('Two'));
  });

  const faults: [string, Handler][] = [
    ['an error', (_request, response) => void response.writeHead(500).end('no')],
    ['not found', (_request, response) => void response.writeHead(404).end('no')],
    ['nothing', (_request, response) => void response.writeHead(200).end()],
    [
      'half an answer',
      (_request, response) =>
        void response.writeHead(200, { 'content-length': '5000' }).write('apiVersion: back', () => response.destroy()),
    ],
    ['half a file', (_request, response) => void response.writeHead(200).end(component('alpha').slice(0, 90))],
    [
      'a page for people',
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'),
    ],
  ];
  test.each(faults)('keeps what it had when the server answers with %s', async (_name, fault) => {
    const good: Handler = (_request, response) => void response.writeHead(200).end(component('alpha', 'Good'));
    const site = await website(good);
    const portal = await start({
      place: await place(),
      config: `outbound: { timeoutMs: 3000 }\ncatalog:\n  locations:\n    - { type: url, target: '${site.address}/x.yaml' }\n`,
    });
    expect(await title(portal)).toBe('Good');
    site.answer(fault);
    await refresh(portal);
    const found = await eventually(async () => {
      const errors = (await problems(portal)).filter((problem) => problem.severity === 'error');
      expect(errors.length).toBeGreaterThan(0);
      return errors;
    });
    expect(found[0].fix).not.toBe('');
    expect(await title(portal)).toBe('Good');
    site.answer(good);
    await refresh(portal);
    await eventually(async () =>
      expect((await problems(portal)).filter((problem) => problem.severity === 'error')).toEqual([]),
    );
  });

  test('reads the content behind the page of a code host, and targets beside it', async () => {
    const pages: Record<string, string> = {
      '/acme/shop/raw/main/catalog-info.yaml':
        'apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: all\nspec:\n  targets: [./parts/alpha.yaml]\n',
      '/acme/shop/raw/main/parts/alpha.yaml': component('alpha', 'Behind the page'),
    };
    const site = await website((request, response) => {
      const page = pages[request.url ?? ''];
      response.writeHead(page === undefined ? 404 : 200).end(page);
    });
    const target = `${site.address}/acme/shop/blob/main/catalog-info.yaml`;
    const portal = await start({
      place: await place(),
      config: `catalog:\n  locations:\n    - { type: url, target: '${target}' }\n`,
    });
    expect(await title(portal)).toBe('Behind the page');
  });

  test('calls a source failing whose address cannot be read, and well again afterwards', async () => {
    const site = await website((_request, response) => void response.writeHead(500).end());
    const portal = await start({ place: await place(), flags: { targets: [`${site.address}/x.yaml`] } });
    expect(await source(portal)).toMatchObject({ state: 'failing', error: { code: 'OUTBOUND_STATUS' } });
    site.answer((_request, response) => void response.writeHead(200).end(component('alpha', 'Back')));
    await refresh(portal);
    await eventually(async () => expect((await source(portal)).state).toBe('ok'));
    expect(await title(portal)).toBe('Back');
  });

  test('gives a server up that does not answer', async () => {
    const site = await website(() => undefined);
    const portal = await start({
      place: await place(),
      config: `outbound: { timeoutMs: 500 }\ncatalog:\n  locations:\n    - { type: url, target: '${site.address}/x.yaml' }\n`,
    });
    expect((await problems(portal)).map((problem) => problem.code)).toEqual(['OUTBOUND_TIMEOUT']);
  });
});
