import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectAccessible, openWhole, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const until = async (portal: Portal, path: string) => {
  while (!(await fetch(`${portal.url}/api/catalog/entities/by-name/${path}`)).ok)
    await new Promise((done) => setTimeout(done, 20));
};
const contents = (page: Page) => page.getByRole('navigation', { name: 'Contents of the API' });

describe('the APIs of the example company', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await startPortal();
    await Promise.all(
      ['api/default/partner-api', 'api/data/passenger-count', 'api/default/portal-mcp', 'api/default/stowage-grpc'].map(
        (path) => until(portal, path),
      ),
    );
  });
  afterAll(() => portal?.stop());

  test('are listed with what they offer, and narrowed by the address', async ({ page }) => {
    await page.setViewportSize({ width: 1700, height: 900 });
    await page.goto(`${portal.url}/api-docs?type=graphql`);
    const row = page.getByRole('row').filter({ hasText: 'Storefront graph' });
    await row.getByText('15 operations').waitFor();
    await page.goto(`${portal.url}/api-docs`);
    const partner = page.getByRole('row').filter({ hasText: 'Partner API' });
    await partner.getByText('1.5.0').waitFor();
    await partner.getByText('12 operations').waitFor();
    await partner.getByRole('link', { name: 'Partner gateway' }).waitFor();
    await partner.getByRole('link', { name: 'Partner API' }).click();
    const parts = page.getByRole('navigation', { name: 'Parts of this entity' });
    await parts.getByRole('link', { name: 'Definition', exact: true }).click();
    await page.waitForURL(`${portal.url}/catalog/default/api/partner-api/definition`);
    await page.getByRole('region', { name: 'Provided by' }).getByRole('link', { name: 'Partner gateway' }).waitFor();
    await page.getByText('OpenAPI 3.1.0').waitFor();
  });

  test('tell of each operation: what it takes, what it answers, how it is called', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/api/partner-api/definition`);
    await contents(page).getByRole('link', { name: 'Price a journey POST' }).click();
    await page.waitForURL(/#createQuote$/);
    const body = page.getByRole('region', { name: 'Request body' });
    expect(await body.innerText()).toMatch(/sailings\s+array of string\s+required[\s\S]*at least 1 item/);
    const curl = page.getByLabel('curl', { exact: true });
    expect(await curl.innerText()).toContain("curl -X POST 'https://api.tidelane.example/v1/quotes'");
    await page.getByRole('combobox', { name: 'Server' }).selectOption('https://sandbox.api.tidelane.example/v1');
    expect(await curl.innerText()).toContain("'https://sandbox.api.tidelane.example/v1/quotes'");
    expect(await page.getByRole('button', { name: 'Try it out' }).count()).toBe(0);
    await page.goBack();
    await page.getByRole('region', { name: 'Servers' }).waitFor();
    // Others may link by verb and path.
    await page.goto(`${portal.url}/catalog/default/api/partner-api/definition#GET%20/ports/{code}`);
    await page.getByRole('heading', { level: 2, name: 'One port with its facilities' }).waitFor();
    await page.goto(`${portal.url}/catalog/default/api/partner-api/definition#gone`);
    await page.getByRole('heading', { name: 'There is no “gone” in this API' }).waitFor();
  });

  test('open types step by step', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/api/storefront-graph/definition#query%20departures`);
    const answer = page.getByRole('region', { name: 'Answer' });
    const port = answer.getByRole('listitem').filter({ hasText: /^from/ });
    await port.getByRole('button', { name: 'Show 5 fields of from' }).click();
    await port.getByText('facilities').waitFor();
    await port.getByRole('link', { name: 'Port!' }).click();
    await page.waitForURL(/#type\/Port$/);
    await page.getByRole('heading', { level: 2, name: 'Port' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'Port' }).waitFor();
  });

  const each: [path: string, shown: string][] = [
    ['corran/api/haulage-api/definition#GetBooking', 'GetBooking'],
    ['default/api/booking-events/definition#publishBooking', 'The application sends; you receive.'],
    ['default/api/stowage-grpc/definition#StowageService.Plan', 'tidelane.freight.stowage.v1.StowageService/Plan'],
    ['data/api/passenger-count/definition#type/tidelane.data.PassengerCount', 'Persons per sailing and age group'],
    ['default/api/storefront-graph/definition#text', 'What a screen needs, in one question.'],
    ['default/api/portal-mcp/remotes', 'https://portal.tidelane.example/mcp/sse'],
    ['default/component/passenger-assistant/api', '15 operations'],
  ];
  test.for(each)('are readable whatever they are written in: %s', async ([path, shown], { page }) => {
    await page.goto(`${portal.url}/catalog/${path}`);
    await page.getByRole('main').getByText(shown).first().waitFor();
  });

  test('need no pointer', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/api/partner-api/definition`);
    const filter = page.getByRole('searchbox', { name: 'Filter the contents' });
    await filter.focus();
    await page.keyboard.type('webhooks');
    await contents(page).getByText('3 found').waitFor();
    await page.keyboard.press('ArrowDown');
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await expect.poll(focused).toContain('Your webhooks');
    await page.keyboard.press('j');
    await expect.poll(focused).toContain('Be told when');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#addWebhook$/);
    await page.getByRole('heading', { level: 2, name: 'Be told when a booked sailing changes' }).waitFor();
    await filter.fill('');
    await page.keyboard.type('cancel');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#cancelBooking$/);
  });

  const pages = [
    '/api-docs',
    '/catalog/default/api/partner-api/definition',
    '/catalog/default/api/partner-api/definition#listDepartures',
    '/catalog/default/api/storefront-graph/definition#type/Sailing',
    '/catalog/default/api/booking-events/definition#publishBooking',
    '/catalog/default/api/stowage-grpc/definition#text',
    '/catalog/default/api/portal-mcp/remotes',
    '/catalog/default/component/passenger-assistant/api',
  ];
  test.for(pages)('are accessible in light and dark, and fit a phone: %s', async (path, { page }) => {
    await openWhole(page, portal.url + path);
    await expectAccessible(page);
  });
});

/** As large as the largest that is public: a thousand operations, some ten megabytes. */
function largeDefinition(): string {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, unknown> = {};
  const description = 'What this is about, at the length that people write when they are asked to. '.repeat(2);
  for (let index = 0; index < 800; index += 1) {
    const properties: Record<string, unknown> = {};
    for (let field = 0; field < 40; field += 1)
      properties[`field_${field}`] =
        field % 8 === 0
          ? { $ref: `#/components/schemas/type-${(index * 7 + field) % 800}` }
          : { type: 'string', description };
    schemas[`type-${index}`] = { type: 'object', properties };
  }
  for (let index = 0; index < 1_000; index += 1)
    paths[`/repositories/{id}/things-${index}`] = {
      get: {
        operationId: `things/get-${index}`,
        summary: `Get thing ${index}`,
        tags: [`area ${index % 40}`],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description,
            content: { 'application/json': { schema: { $ref: `#/components/schemas/type-${index % 800}` } } },
          },
        },
      },
    };
  return JSON.stringify(
    { openapi: '3.1.0', info: { title: 'Large', version: '1' }, paths, components: { schemas } },
    null,
    2,
  );
}

const api = (name: string, type: string, definition: string) =>
  JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { name },
    spec: { type, lifecycle: 'production', owner: 'team', definition },
  });

describe('other APIs', () => {
  let portal: Portal;
  let folder: string;
  let server: Server;
  const seen: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-apis-'));
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${String(request.headers['x-key'])}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"tide":"high"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tides = {
      openapi: '3.0.3',
      info: { title: 'Tides', version: '1' },
      servers: [{ url: `http://${host}/v1` }],
      security: [{ key: [] }],
      paths: {
        '/tides/{port}': {
          get: {
            operationId: 'getTide',
            parameters: [
              { name: 'port', in: 'path', required: true, schema: { type: 'string', example: 'STE' } },
              { name: 'day', in: 'query', schema: { type: 'string' } },
            ],
            responses: { 200: { description: 'The tide.' } },
          },
        },
      },
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    };
    const broken = 'openapi: 3.1.0\ninfo:\n  title: Broken\n   version: 1\n';
    await writeFile(
      join(folder, 'catalog-info.yaml'),
      [
        api('large', 'openapi', largeDefinition()),
        api('tides', 'openapi', JSON.stringify(tides)),
        api('broken', 'openapi', broken),
      ].join('\n---\n'),
    );
    const config = {
      catalog: {
        limits: { fileSize: 50_000_000 },
        locations: [{ type: 'file', target: './catalog-info.yaml' }],
      },
      apis: { tryItOut: { hosts: [host] } },
    };
    await writeFile(join(folder, 'callboard.yaml'), JSON.stringify(config));
    portal = await startPortal({ args: ['--config', join(folder, 'callboard.yaml')] });
    await until(portal, 'api/default/tides');
  });
  afterAll(async () => {
    await portal?.stop();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('can be tried out where the configuration lists their host', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/api/tides/definition#getTide`);
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByLabel('Credential').fill('secret');
    await page.getByLabel('port path, required').fill('ANS');
    await page.getByLabel('day query').fill('2026-11-22');
    expect(await page.getByLabel('curl', { exact: true }).innerText()).toContain('/v1/tides/ANS?day=2026-11-22');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText(/^200 in \d+ ms, 15 bytes$/).waitFor();
    expect(await page.getByLabel('Answer', { exact: true }).innerText()).toContain('"tide": "high"');
    expect(seen).toEqual(['GET /v1/tides/ANS?day=2026-11-22 secret']);
    expect(await violations(page)).toEqual([]);
  });

  test('say where they are broken, and stay readable as text', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/api/broken/definition`);
    const problem = page.getByRole('list', { name: 'Problems of the definition' });
    expect(await problem.innerText()).toMatch(/YAML: bad indentation[\s\S]*Line 4/);
    await problem.getByRole('link', { name: 'Line 4' }).click();
    await page.waitForURL(/#text-L4$/);
    await page.getByRole('region', { name: 'Text of the definition' }).getByText('Broken').waitFor();
    await page.getByRole('button', { name: 'Wrap' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe('broken.yaml');
  });

  test('may be very large', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/api/large/definition#things/get-999`);
    await page.getByRole('heading', { level: 2, name: 'Get thing 999' }).waitFor();
    // Only what is in view exists.
    expect(await contents(page).getByRole('link').count()).toBeLessThan(80);
    await page.getByRole('searchbox', { name: 'Filter the contents' }).fill('things-555');
    await contents(page).getByRole('link', { name: 'Get thing 555 GET' }).click();
    await page.getByRole('heading', { level: 2, name: 'Get thing 555' }).waitFor();
    await page.goto(`${portal.url}/catalog/default/api/large/definition#text-L90000`);
    await page.getByRole('region', { name: 'Text of the definition' }).getByText('90000', { exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'Text of the definition' }).locator('code').count()).toBeLessThan(
      400,
    );
  });
});
