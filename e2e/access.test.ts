import { afterAll, beforeAll, describe, expect } from 'vitest';
import { overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const shots = process.env['ACCESS_SHOTS'];

describe('who may do what, in the browser', () => {
  let portal: Portal;
  const api = async (path: string) => (await fetch(portal.url + path)).json();
  beforeAll(async () => {
    portal = await startPortal({ args: [] });
  });
  afterAll(async () => {
    await portal?.stop();
  });

  test('a role is made, looked at before it is given, given, explained, audited and taken back', async ({ page }) => {
    const ref = async (filter: string) => {
      const [first] = await api(`/api/catalog/entities?filter=${filter}&limit=1`);
      return `${first.kind}:${first.metadata.namespace}/${first.metadata.name}`.toLowerCase();
    };
    await expect
      .poll(async () => (await api('/api/catalog/entities?filter=kind=user&limit=1')).length, { timeout: 30_000 })
      .toBe(1);
    await expect
      .poll(async () => (await api('/api/catalog/entities?filter=kind=component&limit=1')).length, { timeout: 30_000 })
      .toBe(1);
    const person = await ref('kind=user');
    const entity = await ref('kind=component');
    await page.goto(`${portal.url}/admin/roles`);
    await page.getByLabel('Name', { exact: true }).fill('component-remover');
    await page.getByRole('textbox', { name: 'Permissions' }).fill('catalog.entity.delete');
    await page.getByLabel('For', { exact: true }).selectOption('IS_ENTITY_KIND');
    await page.getByLabel('Which').fill('Component');
    await page.getByLabel('For', { exact: true }).selectOption('allOf');
    const both = page.getByRole('group', { name: 'All of these hold' });
    await both.getByRole('combobox', { name: 'Condition 2' }).selectOption('not');
    const but = both.getByRole('group', { name: 'This does not hold' });
    await but.getByLabel('Condition', { exact: true }).selectOption('HAS_TAG');
    await but.getByLabel('Which').fill('frozen');
    await page.getByRole('button', { name: 'Save the role' }).click();
    const roles = page.getByRole('table', { name: 'Roles' });
    await roles.getByText('when IS_ENTITY_KIND(kinds: Component) and not HAS_TAG(tag: frozen)').waitFor();

    // Changed by keys alone, within what was stored.
    await page.getByRole('button', { name: 'Change: role component-remover' }).press('Enter');
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Permissions' }).inputValue())
      .toBe('catalog.entity.delete');
    await both.getByRole('button', { name: 'Add a condition' }).press('Enter');
    const third = both.getByRole('combobox', { name: 'Condition 3' });
    await expect.poll(() => third.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.type('Kin');
    await both.getByRole('button', { name: 'Remove condition 1' }).press('Enter');
    await both.getByLabel('Which').last().fill('Component');
    if (shots) await page.screenshot({ path: `${shots}/role-form.png`, fullPage: true });
    await page.getByRole('button', { name: 'Save the role' }).press('Enter');
    await roles.getByText('when not HAS_TAG(tag: frozen) and IS_ENTITY_KIND(kinds: Component)').waitFor();

    await page.goto(`${portal.url}/admin/bindings`);
    await page.getByLabel('Who', { exact: true }).fill(person);
    await page.getByLabel('Role', { exact: true }).selectOption('component-remover');
    await page.getByRole('button', { name: 'What would change?' }).click();
    const changes = page.getByRole('table', { name: 'What would change' });
    await changes.getByRole('row').filter({ hasText: person }).getByText('catalog.entity.delete').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/bindings.png`, fullPage: true });
    await page.getByRole('button', { name: 'Give the role' }).click();
    await page.getByRole('button', { name: `Remove: component-remover of ${person}` }).waitFor();

    await page.goto(
      `${portal.url}/admin/explain?principal=${person}&permission=catalog.entity.delete&entity=${entity}`,
    );
    await page.getByText(`the role component-remover is given to ${person}`).waitFor();
    if (shots) await page.screenshot({ path: `${shots}/explain.png`, fullPage: true });

    await page.goto(`${portal.url}/admin/audit?text=component-remover`);
    const audit = page.getByRole('table', { name: 'Audit' });
    await audit.getByRole('row').filter({ hasText: 'CreateBinding' }).getByText('Done').waitFor();
    await page.getByRole('button', { name: 'Check the chain' }).click();
    await page.getByText(/entries are what was written/).waitFor();
    if (shots) await page.screenshot({ path: `${shots}/audit.png`, fullPage: true });

    await page.goto(`${portal.url}/admin/bindings`);
    const remove = `component-remover of ${person}`;
    await page.getByRole('button', { name: `Remove: ${remove}` }).click();
    await page.getByRole('button', { name: `Yes, remove: ${remove}` }).click();
    await page.getByRole('button', { name: `Remove: ${remove}` }).waitFor({ state: 'detached' });
  });

  test('groups are found with the roles that their members have, also by a group above', async ({ page }) => {
    const bound = await fetch(`${portal.url}/api/access/bindings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'owner', subject: 'group:default/digital', when: 'IS_ENTITY_OWNER' }),
    });
    expect(bound.status).toBe(201);
    const web = '/api/catalog/entities?filter=kind=group,metadata.name=web-and-app';
    await expect
      .poll(async () => (await api(web))[0]?.relations.filter((each: any) => each.type === 'hasMember').length, {
        timeout: 30_000,
      })
      .toBe(4);
    await page.goto(`${portal.url}/admin/groups`);
    await page.getByRole('textbox', { name: 'Search' }).fill('web and');
    await page.getByRole('textbox', { name: 'Search' }).press('Enter');
    const groups = page.getByRole('table', { name: 'Groups' });
    await expect.poll(() => groups.getByRole('row').count()).toBe(2);
    const row = groups.getByRole('row').last();
    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      'Web and app\ngroup:default/web-and-app',
      'team',
      '4',
      'group:default/digital',
      'owner when IS_ENTITY_OWNER, through group:default/digital',
    ]);
    await page.goto(`${portal.url}/admin/groups?text=nobody-is-called-this`);
    await page.getByText('No group has such a name').waitFor();
  });

  test('has no faults of accessibility, in light and dark', async ({ page }) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const path of ['groups', 'roles', 'bindings', 'explain?principal=user:default/nobody', 'audit']) {
        await page.goto(`${portal.url}/admin/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('table, [aria-label="Answer"]').first().waitFor();
        expect([path, scheme, await violations(page)]).toEqual([path, scheme, []]);
        if (shots) await page.screenshot({ path: `${shots}/${path.split('?')[0]}-${scheme}.png`, fullPage: true });
      }
    }
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of ['groups', 'roles', 'audit']) {
      await page.goto(`${portal.url}/admin/${path}`);
      await page.getByRole('table').first().waitFor();
      if (path === 'roles') {
        await page.getByLabel('For', { exact: true }).selectOption('anyOf');
        await page.getByRole('combobox', { name: 'Condition 1' }).selectOption('allOf');
        await page
          .getByRole('group', { name: 'All of these hold' })
          .getByRole('combobox', { name: 'Condition 2' })
          .selectOption('HAS_LABEL');
        expect(await violations(page)).toEqual([]);
      }
      expect([path, await overflow(page)]).toEqual([path, 0]);
      if (shots) await page.screenshot({ path: `${shots}/${path}-phone.png` });
    }
  });
});
