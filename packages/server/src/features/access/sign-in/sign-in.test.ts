import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal, type TestPortal } from '../../../testing/portal.ts';

const config = `
access:
  signIn:
    guest: true
catalog:
  locations: []
`;

/** A browser: keeps the cookie, says where a change comes from. */
export function browser(portal: TestPortal) {
  let cookie = '';
  return {
    cookie: () => cookie,
    use: (value: string) => void (cookie = value),
    async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(portal.url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(cookie === '' ? {} : { cookie }),
          origin: portal.url,
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        if (pair.startsWith('callboard-session=')) cookie = pair.endsWith('=') ? '' : pair;
      }
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        setCookie: response.headers.getSetCookie(),
        body: text.startsWith('{') ? JSON.parse(text) : text,
      };
    },
  };
}

forEachDatabase((_dialect, databases) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await databases.place(), config });
  });
  afterAll(() => portal.stop());

  test('works', async () => {
    const me = browser(portal);
    expect((await me.ask('GET', '/api/catalog/entities')).body).toMatchObject({
      error: { code: 'ACCESS_SIGN_IN_REQUIRED' },
    });
    const link = portal.portal.firstAdministrator!;
    const code = link.split('#')[1]!;
    const setup = await me.ask('POST', '/api/access/setup', { code, name: 'jane', password: 'correct horse battery' });
    expect(setup.status, JSON.stringify(setup.body)).toBe(204);
    expect((await me.ask('GET', '/api/access/me')).body).toEqual({});
  });
});
