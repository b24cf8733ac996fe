import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal } from '../../../testing/portal.ts';
import type { TestPortal } from '../../../testing/portal.ts';

const base = '/api/catalog';
const name = `${base}/entities/by-name/component/default/shop`;
const forged = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
const cursor = { orderFields: [], orderFieldValues: ['a:b/c'], isPrevious: false };
const deep = (depth: number): unknown => (depth === 0 ? {} : { $not: deep(depth - 1) });

type Case = [method: string, path: string, body: unknown, status: number, message: string | RegExp];

const query = (path: string, ...cases: [query: string, message: string | RegExp][]): Case[] =>
  cases.map(([text, message]) => ['GET', `${path}?${text}`, undefined, 400, message]);
const body = (method: string, path: string, ...cases: [body: unknown, message: string | RegExp][]): Case[] =>
  cases.map(([sent, message]) => [method, path, sent, 400, message]);

const unknownParameter = /^Query parameter 'nonsense' is not known/;
const badCursors: [string, RegExp][] = [
  ['!!!', /^Malformed cursor: it is not base64/],
  [forged('no json'), /^Malformed cursor: it does not hold JSON/],
  [forged({ ...cursor, extra: true }), /^Malformed cursor: it must NOT have additional properties/],
  [
    forged({ ...cursor, orderFieldValues: ['a', 'b', 'c'] }),
    /^Malformed cursor: its values do not fit its order fields/,
  ],
  [forged({ ...cursor, orderFields: [{ field: 'kind', order: 'up' }] }), /^Malformed cursor: \/orderFields\/0\/order/],
  [forged({ ...cursor, query: { $nor: [] } }), /^Invalid query at \/\$nor: unknown operator/],
  [forged({ ...cursor, query: deep(60) }), /^The query is too large/],
];

const cases: Case[] = [
  ...query(
    `${base}/entities`,
    ['nonsense=1', unknownParameter],
    ['limit=0', /^Query parameter 'limit' must be a number of at least 1/],
    ['limit=ten', /^Query parameter 'limit' must be an integer/],
    ['offset=-1', /^Query parameter 'offset' must be a number of at least 0/],
    ['offset=1.5', /^Query parameter 'offset' must be an integer/],
    ['offset=99999999999999999999', /^Query parameter 'offset' must be/],
    ['filter=%3Da', "Invalid filter, '=a' is not a valid statement"],
    ['fields=metadata.tags[0]', "Invalid field 'metadata.tags[0]': items of arrays cannot be picked"],
    ['order=kind', "Invalid order 'kind'"],
    ['order=up:kind', "Invalid order 'up:kind'"],
    [
      `after=${encodeURIComponent(forged(cursor))}&order=asc:kind`,
      'The order is not the one that the page before was sorted by',
    ],
    ...badCursors.map(([text, message]): [string, RegExp] => [`after=${encodeURIComponent(text)}`, message]),
  ),
  ...query(
    `${base}/entities/by-query`,
    ['nonsense=1', unknownParameter],
    ['limit=-1', /^Query parameter 'limit' must be a number of at least 0/],
    ['orderField=kind,up', "Invalid order 'kind,up'"],
    ['orderField=', "Invalid order ''"],
    ['totalItems=maybe', /^Query parameter 'totalItems' must be one of "include", "exclude"/],
    [`fullTextFilterTerm=${'x'.repeat(1001)}`, /^Query parameter 'fullTextFilterTerm' must be at most 1000 characters/],
    [`filter=${'a=1,'.repeat(1001)}`, /^The query is too large: 1001 conditions/],
    ...badCursors.map(([text, message]): [string, RegExp] => [`cursor=${encodeURIComponent(text)}`, message]),
  ),
  ...body(
    'POST',
    `${base}/entities/by-query`,
    [undefined, /^The request body must be an object, found nothing/],
    [[], /^The request body must be an object/],
    [{ nonsense: 1 }, /^Body field 'nonsense' is not known/],
    [{ limit: '5' }, /^Body field 'limit' must be an integer, found "5"/],
    [{ limit: -1 }, /^Body field 'limit' must be a number of at least 0/],
    [{ orderBy: [{ field: 'kind' }] }, /^Body field 'orderBy\.0\.order' is missing/],
    [{ orderBy: [{ field: 'kind', order: 'up' }] }, /^Body field 'orderBy\.0\.order' must be one of/],
    [
      { orderBy: Array.from({ length: 11 }, (_, index) => ({ field: `f${index}`, order: 'asc' })) },
      "Invalid order '11 fields'",
    ],
    [{ query: 'kind' }, /^Body field 'query' must be an object/],
    [{ query: { kind: { $like: 'x' } } }, 'Invalid query at /kind/$like: unknown operator "$like"'],
    [{ query: { kind: null } }, /^Invalid query at \/kind: expected a text/],
    [{ query: deep(21) }, 'The query is too large: combined more than 20 levels deep'],
    [{ query: { $any: Array.from({ length: 1001 }, () => ({ a: 1 })) } }, /^The query is too large/],
    [{ fullTextFilter: { words: 'x' } }, /^Body field 'fullTextFilter\.words' is not known/],
    [{ fields: ['a[0]'] }, /^Invalid field 'a\[0\]'/],
    [{ cursor: '' }, /^Body field 'cursor' must be at least 1 character/],
    ...badCursors.map(([text, message]): [unknown, RegExp] => [{ cursor: text }, message]),
  ),
  ...body(
    'POST',
    `${base}/entities/by-refs`,
    [{}, /^Body field 'entityRefs' is missing/],
    [{ entityRefs: 'component:default/shop' }, /^Body field 'entityRefs' must be an array/],
    [{ entityRefs: [1] }, /^Body field 'entityRefs\.0' must be a string/],
    [
      { entityRefs: Array.from({ length: 5001 }, () => 'a:b/c') },
      /^Body field 'entityRefs' must be at most 5000 items/,
    ],
    [{ entityRefs: [], query: { $nor: [] } }, /^Invalid query at \/\$nor/],
  ),
  ...query(
    `${base}/entity-facets`,
    ['', /^Query parameter 'facet' is missing/],
    ['facet=', 'Missing facet parameter'],
    ['facet=a[0]', /^Invalid field/],
  ),
  ...body(
    'POST',
    `${base}/entity-facets`,
    [{}, /^Body field 'facets' is missing/],
    [{ facets: [] }, /^Body field 'facets' must be at least 1 item/],
    [{ facets: [''] }, 'Missing facet parameter'],
    [{ facets: ['kind'], query: [] }, /^Body field 'query' must be an object/],
  ),
  ...body(
    'POST',
    `${base}/refresh`,
    [{}, /^Body field 'entityRef' is missing/],
    [{ entityRef: 'a:b:/' }, /^Invalid entity reference/],
  ),
  ...query(name, ['nonsense=1', unknownParameter]),
  ['GET', `${base}/entities/by-name/component/default/none`, undefined, 404, /^No entity named 'none' found/],
  [
    'GET',
    `${base}/entities/by-name/component/default/${encodeURIComponent('a\0b')}`,
    undefined,
    404,
    /^No entity named/,
  ],
  [
    'GET',
    `${base}/entities/by-name/component/default/%F0%9F%98%80/ancestry`,
    undefined,
    404,
    /^No entity named '😀' found/,
  ],
  ['GET', `${base}/entities/by-name/component/default/none/history`, undefined, 404, /^No entity named/],
  ['GET', `${base}/entities/by-name/component/default/none/provenance`, undefined, 404, /^No entity named/],
  ['GET', `${base}/entities/by-name/component/default/none/relations`, undefined, 404, /^No entity named/],
  ...query(
    `${name}/history`,
    ['limit=0', /must be a number of at least 1/],
    ['cursor=abc', /^Malformed cursor/],
    [`cursor=${forged({ id: -1 })}`, /^Malformed cursor/],
  ),
  ...query(
    `${name}/relations`,
    ['depth=9', /must be a number of at most 4/],
    ['direction=up', /must be one of/],
    ['limit=0', /at least 1/],
  ),
  ['GET', `${base}/entities/by-uid/none`, undefined, 404, 'No entity with uid none'],
  ['DELETE', `${base}/entities/by-uid/none`, undefined, 404, 'No entity with uid none'],
  ['GET', `${base}/locations/none`, undefined, 404, "Found no location with ID 'none'"],
  ['DELETE', `${base}/locations/none`, undefined, 404, /^Found no location with ID/],
  [
    'PUT',
    `${base}/locations/none`,
    { type: 'url', target: 'https://example.com/a.yaml' },
    404,
    /^Found no location with ID/,
  ],
  ['GET', `${base}/locations/by-entity/component/default/none`, undefined, 404, /^No entity named 'none'/],
  [
    'GET',
    `${base}/locations/by-entity/component/default/shop`,
    undefined,
    404,
    'Found no registered location that brought component:default/shop',
  ],
  ...query(`${base}/locations`, ['nonsense=1', unknownParameter]),
  ...body(
    'POST',
    `${base}/locations`,
    [{}, /^Body field 'type' is missing/],
    [{ type: 'url' }, /^Body field 'target' is missing/],
    [{ type: 'url', target: '' }, /^Body field 'target' must be at least 1 character/],
    [{ type: 'url', target: 5 }, /^Body field 'target' must be a string/],
    [{ type: 'url', target: 'no address' }, /is not an address/],
    [{ type: 'file', target: '/' }, /is the whole disk/],
    [{ type: 'url', target: `https://example.com/${'x'.repeat(5000)}` }, /at most 4000 characters/],
    [{ type: 'url', target: 'https://example.com', extra: 1 }, /^Body field 'extra' is not known/],
  ),
  [
    'POST',
    `${base}/locations?dryRun=perhaps`,
    { type: 'url', target: 'https://example.com' },
    400,
    /^Query parameter 'dryRun' must be a boolean/,
  ],
  [
    'POST',
    `${base}/locations?onConflict=win`,
    { type: 'url', target: 'https://example.com' },
    400,
    /^Query parameter 'onConflict' must be one of/,
  ],
  ...body(
    'POST',
    `${base}/locations/by-query`,
    [{ limit: 0 }, /at least 1/],
    [{ query: { colour: 'red' } }, "Locations cannot be asked for 'colour'"],
    [{ query: { $any: 1 } }, /^Invalid query at \/\$any/],
    [{ cursor: 'abc' }, /^Malformed cursor/],
    [{ cursor: forged({ limit: 0, afterId: 'x' }) }, /^Malformed cursor/],
    [
      { cursor: forged({ limit: 1, afterId: 'x', query: { colour: 'red' } }) },
      "Locations cannot be asked for 'colour'",
    ],
  ),
  ...body(
    'POST',
    `${base}/analyze-location`,
    [{}, /^Body field 'location' is missing/],
    [{ location: 'https://example.com' }, /^Body field 'location' must be an object/],
  ),
  ...body(
    'POST',
    `${base}/validate-entity`,
    [{}, /^Body field 'entity' is missing/],
    [{ entity: {} }, /^Body field 'location' is missing/],
  ),
  ...query(
    `${base}/problems`,
    ['severity=bad', /must be one of "error", "warning", "information"/],
    ['source=x', /must be an integer/],
    ['limit=5000', /at most 1000/],
    ['cursor=abc', /^Malformed cursor/],
    [`cursor=${forged({ rank: 'x', id: 1 })}`, /^Malformed cursor/],
  ),
  ...query(`${base}/sources`, ['nonsense=1', unknownParameter]),
  ['POST', `${base}/sources/999/refresh`, undefined, 404, "There is no source '999'"],
  ['POST', `${base}/sources/zero/refresh`, undefined, 400, /^Path parameter 'id' must be an integer/],
  ['POST', `${base}/sources/1/confirm`, undefined, 409, /holds nothing back/],
  ['POST', `${base}/sources/0/confirm`, undefined, 400, /at least 1/],
  ...query(`${base}/kinds`, ['nonsense=1', unknownParameter]),
  ...query(`${base}/entities/unprocessed/failed`, ['nonsense=1', unknownParameter]),
  ...query(`${base}/entities/unprocessed/pending`, ['nonsense=1', unknownParameter]),
  ['DELETE', `${base}/entities/unprocessed/delete/1`, undefined, 404, "There is no failed entity '1'"],
  ['DELETE', `${base}/entities/unprocessed/delete/drop`, undefined, 404, "There is no failed entity 'drop'"],
  ...query(
    '/api/events',
    ['after=x', /must be an integer/],
    ['after=-1', /at least 0/],
    ['limit=5000', /at most 1000/],
    ['nonsense=1', unknownParameter],
  ),
  ['GET', `${base}/entities?filter=kind=%ff`, undefined, 400, /^The query has a percent sign/],
  ['GET', `${base}/entities/by-query?fullTextFilterTerm=100%`, undefined, 400, /^The query has a percent sign/],
  ['GET', `${base}/entities/by-name/component/default/%ff`, undefined, 400, /is not a valid URL path$/],
];

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;

  beforeAll(async () => {
    portal = await testPortal({
      place: await place(),
      files: {
        'catalog-info.yaml':
          'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\nspec:\n  type: service\n  lifecycle: production\n  owner: team-a\n',
      },
    });
  });
  afterAll(async () => portal.stop());

  /** Every refusal has the one shape, says what to do, and shows nothing of the inside. */
  const expectRefusal = (answer: { status: number; body: any; headers: Headers }, status: number) => {
    expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.body).toEqual({
      error: expect.objectContaining({
        name: expect.any(String),
        message: expect.any(String),
        code: expect.stringMatching(/^[A-Z]+_[A-Z_]+$/),
        fix: expect.stringMatching(/.{10}/),
      }),
      request: { method: expect.any(String), url: expect.any(String) },
      response: { statusCode: status },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/\.ts:|\n +at |select |catalog_entity|SQLITE|syntax error/);
  };

  test.each(cases)('%s %s %j is refused with %i', async (method, path, sent, status, message) => {
    const answer = await portal.send(method, path, sent);
    expectRefusal(answer, status);
    if (typeof message === 'string') expect(answer.body.error.message).toBe(message);
    else expect(answer.body.error.message).toMatch(message);
  });

  test('an entity that cannot be checked is told in the shape that clients know', async () => {
    for (const entity of [null, 'text', [], 5]) {
      const { status, body: answer } = await portal.send('POST', `${base}/validate-entity`, {
        entity,
        location: 'url:https://example.com',
      });
      expect([status, answer]).toEqual([
        400,
        {
          errors: [
            {
              name: 'InputError',
              message: 'The entity must be an object',
              fix: 'Send the content of the descriptor as JSON.',
            },
          ],
        },
      ]);
    }
    for (const location of ['', 'nothing', 'https://example.com', 'file:/etc/passwd']) {
      const { status, body: answer } = await portal.send('POST', `${base}/validate-entity`, { entity: {}, location });
      expect([status, answer.errors.length]).toEqual([400, 1]);
    }
  });

  test(
    'every route that takes a body refuses garbage, a huge body and a foreign content type',
    { timeout: 60_000 },
    async () => {
      const document = (await portal.get('/api/openapi.json')).body as {
        paths: Record<string, Record<string, { requestBody?: unknown }>>;
      };
      const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
        Object.entries(operations)
          .filter(([, operation]) => operation.requestBody)
          .map(([method]) => [method.toUpperCase(), path.replace(/\{\w+\}/g, '1')] as const),
      );
      expect(routes.length).toBeGreaterThanOrEqual(9);
      const bodies: [contentType: string, content: string | Uint8Array<ArrayBuffer>, statuses: number[]][] = [
        ['application/json', new Uint8Array([0xff, 0xfe, 0x00, 0x80]), [400]],
        ['application/json', '{"a":', [400]],
        ['application/json', `{"a":"${'x'.repeat(2_000_000)}"}`, [400, 413]],
        ['application/json', '['.repeat(100_000), [400]],
        ['application/json', '{"__proto__":{"a":1}}', [400]],
        ['application/json', 'null', [400]],
        ['text/plain', 'hello', [400, 415]],
      ];
      // A body may be left out here, and null is none: what the path names is looked for, and missing.
      const bare = new Set(['/api/scaffolder/v2/tasks/1/retry', '/api/scaffolder/v2/tasks/1/rollback']);
      for (const [method, path] of routes)
        for (const [contentType, content, refusals] of bodies) {
          const statuses = content === 'null' && bare.has(path) ? [404] : refusals;
          const response = await fetch(portal.url + path, {
            method,
            headers: { 'content-type': contentType },
            body: content,
          });
          expect(statuses, `${method} ${path} ${contentType} ${String(content).slice(0, 30)}`).toContain(
            response.status,
          );
          expectRefusal(
            { status: response.status, headers: response.headers, body: await response.json() },
            response.status,
          );
        }
    },
  );

  test('names that every object of JavaScript has are paths like any other', async () => {
    for (const path of ['constructor', '__proto__', 'valueof', 'metadata.__proto__']) {
      const facets = await portal.get(`${base}/entity-facets?facet=${path}`);
      expect([facets.status, JSON.stringify(facets.body)]).toEqual([200, `{"facets":{"${path}":[]}}`]);
      for (const more of [`filter=${path}`, `filter=${path}%3Da`, `orderField=${path},asc&filter=${path}`]) {
        const page = await portal.get(`${base}/entities/by-query?${more}`);
        expect([page.status, page.body], more).toEqual([200, { items: [], totalItems: 0, pageInfo: {} }]);
      }
    }
  });

  test('addresses that are no text are refused', async () => {
    const { hostname, port } = new URL(portal.url);
    const raw = (path: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
        );
        let answer = '';
        socket.on('data', (chunk) => (answer += chunk.toString()));
        socket.on('end', () => resolve(answer));
        socket.on('error', reject);
      });
    for (const path of [
      `${base}/entities/by-name/component/default/%ff%fe`,
      `${base}/entities/by-uid/%E0%A4%A`,
      `${base}/entities/by-name/component/default/${'x'.repeat(2000)}`,
    ])
      expect(await raw(path)).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*"fix":/);
    expect(await raw(`${base}/entities?filter=${'x'.repeat(20_000)}`)).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*"fix":/);
    expect(await raw(`${base}/entities?filter=%ff%fe%00=%00`)).toMatch(/^HTTP\/1\.1 (200|400) /);
  });
});
