import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { test, watchPage } from './browser.ts';

const pages: Record<string, string> = {
  '/': '<title>Calm</title><h1>Ä 日本 😀</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
  '/console': '<script>console.error("broken part")</script>',
  '/exception': '<script>throw new Error("thrown in the page")</script>',
  '/elsewhere': '<img src="http://cdn.example.com/font.png">',
};

describe('the browser of the tests', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const body = pages[request.url ?? ''];
      response.writeHead(body ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  test('shows a page', async ({ page, problems }) => {
    problems.allow(/favicon/);
    await page.goto(`${url}/`);
    expect(await page.textContent('h1')).toBe('Ä 日本 😀');
    expect(problems.all).toEqual([]);
  });

  const watched = async (page: Parameters<typeof watchPage>[0], path: string) => {
    const problems = watchPage(page);
    problems.allow(/favicon/);
    await page.goto(url + path);
    return problems.all.map((problem) => problem.split('\n')[0]);
  };

  test('notes an error on the console', async ({ page, problems }) => {
    problems.allow(/broken part|favicon/);
    expect(await watched(page, '/console')).toEqual([`console: broken part (${url}/console)`]);
  });

  test('notes an exception', async ({ page, problems }) => {
    problems.allow(/thrown in the page|favicon/);
    expect(await watched(page, '/exception')).toEqual(['exception: Error: thrown in the page']);
  });

  test('notes a request to another origin, and does not let it out', async ({ page, problems }) => {
    problems.allow(/example\.com|favicon/);
    expect(await watched(page, '/elsewhere')).toEqual([
      'request to another origin: GET http://cdn.example.com/font.png',
      'console: Failed to load resource: net::ERR_NAME_NOT_RESOLVED (http://cdn.example.com/font.png)',
    ]);
  });

  test.fails('fails a test whose page had a problem that nobody looked at', async ({ page, problems }) => {
    problems.allow(/favicon/);
    await page.goto(`${url}/console`);
  });
});
