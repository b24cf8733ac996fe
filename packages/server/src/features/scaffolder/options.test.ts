import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { type TestPortal, testPortal } from '../../testing/portal.ts';
import { runClient, templateFile } from './testing/client.ts';

const regions = { items: [{ id: 'eu-1', title: 'Europe' }, { id: 'us-1' }], of: 'a' };

forEachDatabase((_dialect, databases) => {
  let server: Server;
  let asked: string[];
  let portal: TestPortal;
  let client: ReturnType<typeof runClient>;
  beforeAll(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.accept} ${String(request.headers['x-team'])}`);
      response.writeHead(request.url === '/broken' ? 200 : request.url === '/none' ? 404 : 200);
      response.end(request.url === '/broken' ? '<html>' : JSON.stringify(regions));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const field = (path: string, jq: string) =>
      `{ type: string, 'ui:options': { from: { url: 'http://${host}/${path}', headers: { x-team: '\${{ parameters.team }}' }, jq: '${jq}' } } }`;
    portal = await testPortal({
      place: await databases.place(),
      files: {
        'template.yaml': templateFile(
          'asking',
          `parameters:
  properties:
    team: { type: string }
    region: ${field('regions?team=${{ parameters.team }}', '.items[] | { value: .id, label: (.title // .id) }')}
    plain: ${field('regions', '[.items[].id]')}
    wrong: ${field('regions', '.items[')}
    shapeless: ${field('regions', '.items')}
    broken: ${field('broken', '.')}
    none: ${field('none', '.')}
steps: [{ action: 'debug:log' }]`,
        ),
      },
      config: `access: { open: true }\ncatalog: { locations: [{ type: file, target: ./template.yaml }] }\noutbound: { allow: ['${host}'] }\n`,
    });
    client = runClient(portal.url);
  });
  afterAll(async () => {
    await portal?.stop();
    server.close();
  });
  const options = (field: string, more = {}) =>
    client.post('/templates/default/template/asking/options', { field, answers: { team: 'quay' }, ...more });

  test('a field takes its options from an address, mapped by jq', async () => {
    expect((await options('region')).body).toEqual({
      options: [
        { value: 'eu-1', label: 'Europe' },
        { value: 'us-1', label: 'us-1' },
      ],
      isComplete: true,
    });
    expect((await options('plain', { search: 'US' })).body.options).toEqual([{ value: 'us-1', label: 'us-1' }]);
    expect(asked).toEqual(['/regions?team=quay application/json quay', '/regions application/json quay']);
    // What was answered is kept for a while.
    await options('region', { search: 'eu' });
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['wrong', /^SCAFFOLDER_OPTIONS_INVALID$/],
    ['shapeless', /^SCAFFOLDER_OPTIONS_INVALID$/],
    ['broken', /^SCAFFOLDER_OPTIONS_INVALID$/],
    ['none', /^OUTBOUND_/],
  ])('says why a field has none: %s', async (field, code) => {
    const { status, body } = await options(field);
    expect([status < 600 && status >= 400, body.error.code, body.error.fix.length > 5]).toEqual([
      true,
      expect.stringMatching(code),
      true,
    ]);
    expect(status).not.toBe(500);
  });
});
