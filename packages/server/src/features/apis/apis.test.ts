import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, testPortal, type TestPortal, type TestPortalOptions } from '../../testing/portal.ts';

const api = (name: string, definition: unknown, type = 'openapi') =>
  `${JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { name },
    spec: {
      type,
      lifecycle: 'production',
      owner: 'team-a',
      ...(definition === undefined
        ? { remotes: [{ type: 'sse', url: 'https://mcp.example.org' }] }
        : { definition: typeof definition === 'string' ? definition : JSON.stringify(definition) }),
    },
  })}\n`;

const ships = (server: string) => ({
  openapi: '3.1.0',
  info: { title: 'Ships', version: '2.0.0' },
  servers: [{ url: `${server}/v1` }],
  paths: {
    '/ships/{id}': {
      put: {
        operationId: 'putShip',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Ship' } } } },
        responses: { 200: { description: 'ok' } },
      },
      get: { operationId: 'fleet/get', responses: { 200: { description: 'ok' } } },
    },
  },
  components: {
    schemas: {
      Ship: { type: 'object', properties: { next: { $ref: '#/components/schemas/Ship' } } },
      Unused: { type: 'string' },
    },
  },
});

const open: TestPortal[] = [];
const servers: Server[] = [];
const start = async (options: TestPortalOptions) => {
  const portal = await testPortal(options);
  open.push(portal);
  return portal;
};
afterEach(async () => {
  for (const portal of open.splice(0)) await portal.stop();
  for (const server of servers.splice(0)) server.close();
});

const base = '/api/apis/by-name/default';

forEachDatabase((_dialect, { place }) => {
  test('answers for an API in parts, each with the types it needs', async () => {
    const portal = await start({
      place: await place(),
      files: {
        'catalog-info.yaml': `${api('ships', ships('https://ships.example.org'))}---\n${api('mcp', undefined, 'mcp-server')}`,
      },
    });
    const overview = await portal.get(`${base}/ships`);
    expect(overview.body).toMatchObject({
      format: 'openapi',
      formatVersion: '3.1.0',
      version: '2.0.0',
      operations: 2,
      types: 2,
      problems: 0,
      tryItOut: [],
      lines: [
        { id: 'putShip', group: 0, verb: 'PUT', name: '/ships/{id}' },
        { id: 'fleet/get', group: 0, verb: 'GET', name: '/ships/{id}' },
      ],
    });
    const operation = await portal.get(`${base}/SHIPS/operation?id=putShip`);
    expect(operation.body.item.sections[0].contents[0].schema).toEqual({ type: 'Ship', ref: 'Ship' });
    expect(Object.keys(operation.body.types)).toEqual(['Ship']);
    expect((await portal.get(`${base}/ships/operation?id=fleet%2Fget`)).status).toBe(200);
    expect((await portal.get(`${base}/ships/type?id=Unused`)).body).toEqual({
      item: { id: 'Unused', name: 'Unused', what: 'string', schema: { type: 'string' } },
      types: {},
    });
    const summaries = await portal.send('POST', '/api/apis/summaries', {
      entityRefs: ['api:default/mcp', 'API:default/Ships', 'api:default/none', 'component:default/x', 'rubbish'],
    });
    expect(summaries.body.items).toEqual([
      null,
      { format: 'openapi', formatVersion: '3.1.0', version: '2.0.0', operations: 2, types: 2, problems: 0 },
      null,
      null,
      null,
    ]);
    const etag = overview.headers.get('etag')!;
    const again = await fetch(`${portal.url}${base}/ships`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  test('shows the new definition when the file changes', async () => {
    const portal = await start({
      place: await place(),
      files: { 'catalog-info.yaml': api('ships', ships('https://a.example')) },
    });
    expect((await portal.get(`${base}/ships`)).body.version).toBe('2.0.0');
    const next = ships('https://a.example');
    next.info.version = '3.0.0';
    await portal.write({ 'catalog-info.yaml': api('ships', next) });
    await eventually(async () => expect((await portal.get(`${base}/ships`)).body.version).toBe('3.0.0'));
  });

  test('says what does not exist, and refuses what is no question', async () => {
    const portal = await start({
      place: await place(),
      files: {
        'catalog-info.yaml': `${api('ships', ships('https://a.example'))}---\n${api('mcp', undefined, 'mcp-server')}`,
      },
    });
    const codeOf = async (path: string) => {
      const { status, body } = await portal.get(path);
      return [status, body.error.code];
    };
    expect(await codeOf(`${base}/none`)).toEqual([404, 'APIS_API_UNKNOWN']);
    expect(await codeOf(`${base}/mcp`)).toEqual([404, 'APIS_DEFINITION_MISSING']);
    expect(await codeOf(`${base}/ships/operation?id=none`)).toEqual([404, 'APIS_OPERATION_UNKNOWN']);
    expect(await codeOf(`${base}/ships/type?id=none`)).toEqual([404, 'APIS_TYPE_UNKNOWN']);
    expect((await portal.get(`${base}/ships/operation`)).status).toBe(400);
    expect((await portal.get(`${base}/ships/operation?id=a&x=1`)).status).toBe(400);
    expect((await portal.send('POST', '/api/apis/summaries', { entityRefs: Array(201).fill('api:a/b') })).status).toBe(
      400,
    );
  });
});

forEachDatabase((_dialect, { place }) => {
  const upstream = async () => {
    const seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
        response
          .writeHead(418, { 'content-type': 'application/json', 'set-cookie': 'secret=1', 'x-ship': 'yes' })
          .end('{"tea":true}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return { seen, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  };
  const portalFor = async (host: string, hosts: string[]) =>
    start({
      place: await place(),
      files: { 'catalog-info.yaml': api('ships', ships(`http://${host}`)) },
      config: JSON.stringify({
        catalog: { locations: [{ type: 'file', target: './catalog-info.yaml' }] },
        apis: { tryItOut: { hosts } },
      }),
    });
  const attempt = `${base}/ships/operation/try?id=putShip`;

  test('calls what the definition names, and passes the answer on', async () => {
    const { seen, host } = await upstream();
    const portal = await portalFor(host, [host]);
    expect((await portal.get(`${base}/ships`)).body.tryItOut).toEqual([`http://${host}/v1`]);
    const answer = await portal.send('POST', attempt, {
      url: `http://${host}/v1/ships/7?deep=1`,
      headers: { authorization: 'Bearer x' },
      body: '{"a":1}',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 418, body: '{"tea":true}', bytes: 12, isText: true, isCut: false });
    expect(answer.body.headers['x-ship']).toBe('yes');
    expect(answer.body.headers['set-cookie']).toBeUndefined();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'PUT', url: '/v1/ships/7?deep=1', body: '{"a":1}' });
    expect(seen[0]!.headers['authorization']).toBe('Bearer x');
  });

  test('calls nothing else', async () => {
    const { seen, host } = await upstream();
    const portal = await portalFor(host, [host]);
    const codeOf = async (body: object, path = attempt) => {
      const { status, body: answer } = await portal.send('POST', path, body);
      return [status, answer.error.code];
    };
    const url = `http://${host}/v1/ships/7`;
    expect(await codeOf({ url: `http://${host}/v1/other/7` })).toEqual([400, 'APIS_ADDRESS_FOREIGN']);
    expect(await codeOf({ url: `http://${host}/v1/ships/7/../../admin` })).toEqual([400, 'APIS_ADDRESS_FOREIGN']);
    expect(await codeOf({ url: `http://${host}/v1/ships/7%2F..%2Fx` })).toEqual([400, 'APIS_ADDRESS_FOREIGN']);
    expect(await codeOf({ url: 'http://127.0.0.1:1/v1/ships/7' })).toEqual([400, 'APIS_ADDRESS_FOREIGN']);
    expect(await codeOf({ url: `http://user:word@${host}/v1/ships/7` })).toEqual([400, 'APIS_ADDRESS_FOREIGN']);
    expect(await codeOf({ url: `http://${host}/v1/ships/%E0%A4%A` })).toEqual([400, 'APIS_ADDRESS_FOREIGN']);
    expect(await codeOf({ url, headers: { Host: 'evil' } })).toEqual([400, 'APIS_HEADER_NOT_ALLOWED']);
    expect(await codeOf({ url, headers: { 'a\r\nb': 'x' } })).toEqual([400, 'APIS_HEADER_NOT_ALLOWED']);
    expect(await codeOf({ url }, `${base}/ships/operation/try?id=none`)).toEqual([404, 'APIS_OPERATION_UNKNOWN']);
    expect(seen).toEqual([]);
  });

  test('is off unless the host is listed', async () => {
    const { seen, host } = await upstream();
    const portal = await portalFor(host, []);
    expect((await portal.get(`${base}/ships`)).body.tryItOut).toEqual([]);
    const answer = await portal.send('POST', attempt, { url: `http://${host}/v1/ships/7` });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'APIS_TRY_OFF']);
    expect(seen).toEqual([]);
  });
});
