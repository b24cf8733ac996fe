import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventually } from './support/api.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const component = (name: string, more = '') => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name}${more} }
spec: { type: service, lifecycle: production, owner: nobody-known }
---
`;

describe('what a person may not do', () => {
  let folder: string;
  let viewing: Portal;
  let mending: Portal;

  /** Everybody who reaches such a portal is a guest with this role. */
  const open = async (role: string) => {
    const config = join(folder, `${role}.yaml`);
    writeFileSync(
      config,
      `access:
  open: true
  signIn: { guest: true }
  guestRole: ${role}
  roles:
    - name: mender
      permissions:
        - catalog.entity.read
        - catalog.entity.validate
        - preferences.own
        - plugins.use
        - { permissions: [catalog.descriptor.update], when: { rule: HAS_TAG, params: { tag: ours } } }
catalog: { locations: [{ type: file, target: ./all.yaml }] }
`,
    );
    const portal = await startPortal({ args: ['--config', config] });
    await eventually(
      () => fetch(`${portal.url}/api/catalog/entities/by-name/component/default/theirs`),
      ({ ok }) => ok,
    );
    return portal;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callboard-permissions-'));
    writeFileSync(join(folder, 'all.yaml'), component('ours', ', tags: [ours]') + component('theirs'));
    [viewing, mending] = await Promise.all([open('viewer'), open('mender')]);
  });
  afterAll(async () => {
    await Promise.all([viewing?.stop(), mending?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('is not shown to a viewer', async ({ page }) => {
    const button = (name: string | RegExp) => page.getByRole('button', { name }).or(page.getByRole('link', { name }));
    await page.goto(`${viewing.url}/catalog?kind=component`);
    const rail = page.getByRole('navigation', { name: 'Main' });
    await page.getByRole('link', { name: 'ours' }).first().waitFor();
    await rail.getByRole('link', { name: 'Sources' }).waitFor();
    await expect.poll(() => rail.getByRole('link', { name: 'Admin' }).count()).toBe(0);
    await expect.poll(() => button('Register location').count()).toBe(0);

    await page.goto(`${viewing.url}/catalog/default/component/ours`);
    await page.getByRole('heading', { level: 1, name: 'ours' }).waitFor();
    await expect.poll(() => button(/^(Edit descriptor|Read again)/).count()).toBe(0);

    await page.goto(`${viewing.url}/admin/sources`);
    await page.getByText('all.yaml').first().waitFor();
    await expect.poll(() => button(/^(Read now|Register location)/).count()).toBe(0);

    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('>register');
    await page
      .getByText(/^Nothing/)
      .first()
      .waitFor();
    expect(await page.getByRole('option', { name: /Register a location/ }).count()).toBe(0);
  });

  test('is explained where an address leads to it', async ({ page, problems }) => {
    problems.allow(/403/);
    await page.goto(`${viewing.url}/catalog-import`);
    await page.getByText('You need the permission catalog.location.create.').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
    for (const [path, permission] of [
      ['/admin/jobs', 'admin.read'],
      ['/admin/users', 'access.user.manage'],
      ['/admin/roles', 'access.policy.read'],
      ['/admin/plugins', 'plugins.read'],
    ] as const) {
      await page.goto(viewing.url + path);
      await page.getByRole('heading', { name: 'This is not for you to see' }).waitFor();
      await page.getByText(`it needs the permission ${permission}`).waitFor();
      expect(await page.getByRole('navigation', { name: 'Administration' }).getByRole('link').count()).toBe(0);
    }
    await page.goto(`${viewing.url}/admin/plugins/-/add`);
    await page.getByText('You need the permission plugins.manage.').waitFor();
  });

  test('depends on the entity where the role says so', async ({ page }) => {
    await page.goto(`${mending.url}/catalog-edit?entity=component:default/ours`);
    await page.getByRole('button', { name: 'Save' }).waitFor();
    const rail = page.getByRole('navigation', { name: 'Main' });
    await rail.getByRole('link', { name: 'Catalog' }).waitFor();
    for (const name of ['Search', 'Create']) await expect.poll(() => rail.getByRole('link', { name }).count()).toBe(0);
    await page.goto(`${mending.url}/catalog-edit?entity=component:default/theirs`);
    await page.getByText('You need the permission catalog.descriptor.update for component:default/theirs.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  });
});
