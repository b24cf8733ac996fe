import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventually } from './support/api.ts';
import { overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startIdentityProvider } from './support/identity-provider.ts';
import { freePort, startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const password = 'four words in a row';
const entities = `apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: jane.doe }
spec: { memberOf: [payments], profile: { displayName: Jane, email: Jane@example.com } }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: payments }
spec: { type: team, parent: finance, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: finance }
spec: { type: department, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: guild }
spec: { type: guild, children: [] }
`;

describe('signing in with a browser', () => {
  let portal: Portal;
  let folder: string;
  let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
  let setupLink: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callboard-sign-in-'));
    const port = await freePort();
    const url = `http://localhost:${port}`;
    provider = await startIdentityProvider({
      provider: 'company',
      portalUrl: url,
      people: {
        jane: {
          sub: 'jane',
          name: 'Jane Doe',
          email: 'jane@example.com',
          email_verified: true,
          groups: ['guild', 'unknown'],
        },
        sam: { sub: 'sam', name: 'Sam Smith', email: 'sam@elsewhere.example', email_verified: true, groups: [] },
      },
    });
    writeFileSync(join(folder, 'entities.yaml'), entities);
    writeFileSync(
      join(folder, 'callboard.yaml'),
      `app: { baseUrl: "${url}" }
access:
  signIn:
    guest: true
    providers:
      - id: company
        title: Company account
        plugin: oidc
        settings:
          issuer: ${provider.issuer}
          clientId: callboard
          clientSecret: a-secret-of-the-test
          scopes: [openid, profile, email, groups]
      - id: away
        title: Account that is away
        plugin: oidc
        settings: { issuer: "http://127.0.0.1:9", clientId: a, clientSecret: b }
catalog:
  locations:
    - { type: file, target: ./entities.yaml }
  rules: [{ allow: [User, Group] }]
`,
    );
    portal = await startPortal({ port, args: ['--config', join(folder, 'callboard.yaml')] });
    portal = { ...portal, url };
    const link = () => /http:\/\/\S+\/sign-in\/setup#[\w-]{43}/.exec(portal.output())?.[0];
    setupLink = (await eventually(
      async () => link(),
      (found) => found !== undefined,
    ))!;
  });
  afterAll(async () => {
    await portal?.stop();
    await provider?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const api = (page: Page, path: string) =>
    page.evaluate(async (address) => {
      const answer = await fetch(address);
      return { status: answer.status, body: await answer.json() };
    }, path) as Promise<{ status: number; body: any }>;
  const signIn = async (page: Page, name: string, word: string) => {
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByRole('textbox', { name: 'Password' }).fill(word);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const signOut = async (page: Page) => {
    await page.getByRole('button', { name: /^You: / }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
  };

  test('shows nothing of the portal before, and leads back to the page', async ({ page, problems }) => {
    problems.allow(/401/);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${portal.url}/catalog?filters%5Bkind%5D=group#here`);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(asked.filter((path) => path.startsWith('/api/'))).toEqual(['/api/access/me', '/api/access/sign-in']);
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.getByRole('button', { name: 'Go on as a guest' }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    expect(page.url()).toContain('/catalog?');
    expect((await api(page, '/api/access/me')).body).toMatchObject({ kind: 'guest', canSignIn: true });
  });

  test('makes the first administrator by the link of the start, once', async ({ page, problems }) => {
    problems.allow(/401/);
    await page.goto(setupLink);
    await page.getByRole('heading', { level: 1, name: 'Become the administrator' }).waitFor();
    expect(page.url()).toBe(`${portal.url}/sign-in/setup`);
    await page.getByRole('textbox', { name: 'Name to sign in with' }).fill('root');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ruth Root');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Become the administrator' }).click();
    await page.getByRole('button', { name: 'You: Ruth Root' }).waitFor();
    expect((await api(page, '/api/access/me')).body).toMatchObject({
      entityRef: 'user:default/root',
      administrator: true,
      canSignOut: true,
    });
    await signOut(page);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await page.goto(setupLink);
    await page.getByRole('textbox', { name: 'Name to sign in with' }).fill('other');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Become the administrator' }).click();
    await page.getByRole('alert').getByText('This link does not work').waitFor();
  });

  test('signs in at the identity provider with PKCE, and out there as well', async ({ page, problems }) => {
    problems.allow(/401|another origin|favicon|Content Security|fonts\.googleapis/);
    await page.goto(`${portal.url}/settings`);
    const [request] = await Promise.all([
      page.waitForRequest((each) => each.url().startsWith(`${provider.issuer}/auth?`)),
      page.getByRole('link', { name: 'Company account' }).click(),
    ]);
    const asked = new URL(request.url()).searchParams;
    expect([asked.get('code_challenge_method'), asked.get('response_type')]).toEqual(['S256', 'code']);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)!.length).toBeGreaterThanOrEqual(43);
    await page.locator('input[name=login]').fill('jane');
    await page.locator('input[name=password]').fill('anything');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(page.url()).toBe(`${portal.url}/settings`);
    const { body } = await api(page, '/api/access/me');
    expect(body).toMatchObject({
      entityRef: 'user:default/jane.doe',
      title: 'Jane Doe',
      kind: 'user',
      hasPassword: false,
    });
    expect(body.groups).toEqual([
      { entityRef: 'group:default/finance', source: 'catalog' },
      { entityRef: 'group:default/payments', source: 'catalog' },
      { entityRef: 'group:default/guild', source: 'claim' },
    ]);
    await page.getByText('group:default/guild (from your identity provider)').waitFor();
    await signOut(page);
    await page.waitForURL((url) => url.href.startsWith(provider.issuer));
    await page.getByRole('button', { name: /Yes, sign me out/i }).click();
    await page.waitForURL(`${portal.url}/sign-in**`);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });

  test('lets in who has no entity, and tells in words what went wrong', async ({ page, problems }) => {
    problems.allow(/401|429|another origin|favicon|Content Security|fonts\.googleapis/);
    await page.goto(`${portal.url}/sign-in`);
    await page.getByRole('link', { name: 'Company account' }).click();
    await page.locator('input[name=login]').fill('sam');
    await page.locator('input[name=password]').fill('anything');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'You: Sam Smith' }).waitFor();
    expect((await api(page, '/api/access/me')).body.entityRef).toBe('user:personal/sam');
    // A page that is still open would notice, and go to the sign-in page by itself.
    await page.goto('about:blank');
    await page.context().clearCookies();
    await page.goto(`${portal.url}/api/access/sign-in/company/callback?code=x&state=y`);
    await page.getByRole('alert').getByText('That sign-in cannot be finished').waitFor();
    await page.getByRole('link', { name: 'Account that is away' }).click();
    await page.getByRole('alert').getByText('did not sign you in').waitFor();
    // The reason is for whoever runs the portal.
    await expect
      .poll(() => portal.output())
      .toMatch(/away.*http:\/\/127\.0\.0\.1:9\/ does not say what it is: .*connection refused/);
    expect(await page.locator('body').innerText()).not.toContain('127.0.0.1:9');
    await signIn(page, 'root', 'not the password');
    await page.getByRole('alert').getByText('Name or password is wrong').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${portal.url}/sign-in?returnTo=https://evil.example/`);
    await signIn(page, 'root', password);
    await page.getByRole('button', { name: 'You: Ruth Root' }).waitFor();
    expect(page.url()).toBe(`${portal.url}/`);
  });

  test('makes and revokes tokens, ends sessions, adds users', async ({ page, problems }) => {
    problems.allow(/401/);
    await page.goto(`${portal.url}/sign-in?returnTo=/settings`);
    await signIn(page, 'root', password);
    await page.getByRole('textbox', { name: 'What it is for' }).fill('My laptop');
    await page.getByRole('textbox', { name: 'Permissions' }).fill('catalog.entity.read access.token.own');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const box = page.getByRole('status', { name: 'Token “My laptop”' });
    const token = (await box.getByRole('code').innerText()).trim();
    const ask = (path: string) => fetch(portal.url + path, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask('/api/catalog/entities/by-query')).status).toBe(200);
    expect((await ask('/api/access/users')).status).toBe(403);
    await box.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke: My laptop' }).click();
    await page.getByRole('button', { name: 'Yes, Revoke: My laptop' }).click();
    await page.getByText('There is none yet.').waitFor();
    expect((await ask('/api/catalog/entities/by-query')).status).toBe(401);

    await page.goto(`${portal.url}/admin/users`);
    await page.getByRole('textbox', { name: 'Name to sign in with' }).fill('joe');
    await page.getByRole('button', { name: 'Add a user' }).click();
    const link = await page.getByRole('status', { name: 'Link for joe' }).getByRole('code').innerText();
    const other = await page.context().browser()!.newContext();
    const joe = await other.newPage();
    await joe.goto(link);
    await joe.getByRole('textbox', { name: 'Password' }).fill('another few words');
    await joe.getByRole('button', { name: 'Keep it and sign in' }).click();
    await joe.getByRole('button', { name: 'You: joe' }).waitFor();
    await joe.goto('about:blank');
    await page.goto(`${portal.url}/admin/sessions`);
    const row = page.getByRole('row').filter({ hasText: 'user:default/joe' });
    await row.getByRole('button', { name: /^End/ }).click();
    await row.waitFor({ state: 'detached' });
    // The next thing that joe does shows that the session is over, and leads back afterwards.
    await joe.goto(`${portal.url}/settings`);
    await joe.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(joe.url()).toBe(`${portal.url}/sign-in?returnTo=%2Fsettings`);
    await other.close();
  });

  const pages = ['/sign-in', '/settings', '/admin/users', '/admin/sessions', '/admin/tokens'];
  test.for(pages)('can be used by everyone: %s', async (path, { page, problems }) => {
    problems.allow(/401/);
    if (path !== '/sign-in') {
      await page.goto(`${portal.url}/sign-in`);
      await signIn(page, 'root', password);
      await page.getByRole('button', { name: 'You: Ruth Root' }).waitFor();
    }
    for (const [width, scheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(portal.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('button').first().waitFor();
      await expect.poll(() => page.getByRole('status', { name: /^Loading/ }).count()).toBe(0);
      const pictures = process.env['SCREENSHOTS'];
      if (pictures)
        await page.screenshot({ path: join(pictures, `${path.replaceAll('/', '_')}-${width}.png`), fullPage: true });
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
  });
});
