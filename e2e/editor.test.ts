import { execFileSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventually, getJson } from './support/api.ts';
import { overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { temporaryFolder, writeFiles } from './support/files.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const longName = 'harbour-master-notification-relay-for-very-small-ports-v2';
const tide = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: tide-service
  description: Says when the water is high
spec:
  type: service
  lifecycle: production
  owner: harbour
  dependsOn: [resource:gauge]
`;
const files = {
  'team/catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: harbour
spec:
  type: team
  children: []
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata:
  name: port
spec:
  owner: harbour
`,
  'tide/catalog-info.yaml': tide,
  'locked/catalog-info.yaml': tide.replace('tide-service', longName),
  'broken/catalog-info.yaml': tide.replace('tide-service', 'lock-gate').replace('  lifecycle: production\n', ''),
};

const text = (page: Page) => page.getByRole('textbox', { name: 'Descriptor' });
const faults = (page: Page) => page.getByRole('region', { name: 'Faults' });

/** Puts another text in place of the whole, as somebody does who selects all and pastes. */
async function write(page: Page, value: string): Promise<void> {
  await text(page).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(value);
}

describe('the descriptor editor', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let portal: Portal;
  beforeAll(async () => {
    ({ folder, remove } = await temporaryFolder());
    await writeFiles(folder, files);
    await chmod(join(folder, 'locked/catalog-info.yaml'), 0o444);
    portal = await startPortal({ args: [folder] });
    await eventually(
      () => getJson<{ totalItems: number }>(`${portal.url}/api/catalog/problems`),
      ({ totalItems }) => totalItems >= 3,
    );
  });
  afterAll(async () => {
    await portal?.stop();
    await remove();
  });
  const onDisk = () => readFile(join(folder, 'tide/catalog-info.yaml'), 'utf8');
  const edit = (name: string) => `${portal.url}/catalog-edit?entity=component:default/${name}`;

  test('the source tab tells of each value where it stands, and what the catalog added', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/tide-service/source`);
    const owner = page.getByRole('button', { name: 'Line 9: spec.owner' });
    await owner.focus();
    await page.getByText(`spec.owner from ${folder}/tide/catalog-info.yaml line 9`).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.getByText('line 8, read').waitFor();
    const completed = page.getByRole('region', { name: 'Completed by the catalog' });
    expect(await completed.innerText()).toContain('metadata.namespace');
    expect(await completed.innerText()).not.toContain('spec.owner');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${portal.url}/catalog/default/system/port/source`);
    const yaml = page.getByLabel('YAML', { exact: true });
    await yaml.getByText('kind: System').waitFor();
    expect(await yaml.innerText()).not.toContain('kind: Group');
    await page.getByRole('button', { name: 'Whole file (2 documents)' }).click();
    await yaml.getByText('kind: Group').waitFor();
  });

  test('faults show at their place, changes before they are saved, and the entity changes by saving', async ({
    page,
  }) => {
    await page.goto(`${portal.url}/catalog/default/component/tide-service`);
    await page.getByRole('link', { name: 'Edit descriptor' }).click();
    await page.waitForURL(edit('tide-service'));
    await text(page).waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await write(page, tide.replace('  type: service\n', '').replace('owner: harbour', 'owner: ""'));
    await faults(page)
      .getByRole('button', { name: /Line 8/ })
      .waitFor();
    expect(await faults(page).getByRole('button').count()).toBeGreaterThanOrEqual(2);
    await page.locator('.cm-lint-marker-error').first().waitFor();
    await page.getByRole('button', { name: /^Save with \d errors?$/ }).waitFor();
    const next = tide
      .replace('when the water is high', 'when the water is low')
      .replace('[resource:gauge]', '[component:nowhere]');
    await write(page, next);
    const changes = page.getByRole('region', { name: 'What would change' });
    await changes.getByText('Says when the water is low').waitFor();
    expect(await changes.innerText()).toMatch(
      /metadata\.description[\s\S]*New relation[\s\S]*component:default\/nowhere[\s\S]*missing/,
    );
    await page.keyboard.press('ControlOrMeta+s');
    await page.getByText('Saved. The catalog takes it in now.').waitFor();
    expect(await onDisk()).toBe(next);
    await eventually(
      () =>
        getJson<{ metadata: { description: string } }>(
          `${portal.url}/api/catalog/entities/by-name/component/default/tide-service`,
        ),
      ({ metadata }) => metadata.description === 'Says when the water is low',
    );
    await page.goto(`${portal.url}/catalog/default/component/tide-service/history`);
    const newest = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Changed' }).first();
    expect(await newest.innerText()).toMatch(
      /local-administrator[\s\S]*Says when the water is high[\s\S]*Says when the water is low/,
    );
    expect(await violations(page)).toEqual([]);
  });

  test('completion knows the schema and the catalog, with the keyboard alone', async ({ page }) => {
    await page.goto(edit('tide-service'));
    await text(page).waitFor();
    await text(page).focus();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.insertText('  system: ');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: /^port/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('\n  ');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: /^subcomponentOf/ }).waitFor();
    expect(await page.getByRole('option', { name: /^owner/ }).count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await text(page).innerText()).toContain('system: port');
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.getByRole('button', { name: 'Undo all' }).waitFor({ state: 'detached' });
  });

  test('two who save the same file see both versions', async ({ page, problems }) => {
    problems.allow(/409/);
    await writeFile(join(folder, 'tide/catalog-info.yaml'), tide);
    await page.goto(edit('tide-service'));
    await text(page).waitFor();
    const mine = tide.replace('production', 'experimental');
    await write(page, mine);
    await writeFile(join(folder, 'tide/catalog-info.yaml'), `# by hand\n${tide}`);
    await page.getByRole('region', { name: 'What would change' }).getByText('experimental').waitFor();
    await page.keyboard.press('ControlOrMeta+s');
    const conflict = page.getByRole('alert', { name: 'Conflict' });
    await conflict.waitFor();
    expect(await conflict.innerText()).toMatch(/# by hand[\s\S]*experimental/);
    expect(await violations(page)).toEqual([]);
    expect(await onDisk()).toBe(`# by hand\n${tide}`);
    await conflict.getByRole('button', { name: 'Keep my text, then save over it' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved. The catalog takes it in now.').waitFor();
    expect(await onDisk()).toBe(mine);
  });

  test('a file that cannot be written gives a patch', async ({ page }) => {
    await page.goto(edit(longName));
    await text(page).waitFor();
    const patch = page.getByRole('region', { name: 'Patch' });
    await patch.getByText('it is marked as read-only').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    const before = await readFile(join(folder, 'locked/catalog-info.yaml'), 'utf8');
    const after = before.replace('production', 'deprecated');
    await write(page, after);
    const downloading = page.waitForEvent('download');
    await patch.getByRole('button', { name: 'Download patch' }).click();
    const path = await (await downloading).path();
    const copy = await temporaryFolder();
    await writeFiles(copy.folder, { 'locked/catalog-info.yaml': before });
    execFileSync('git', ['apply', path], { cwd: copy.folder });
    expect(await readFile(join(copy.folder, 'locked/catalog-info.yaml'), 'utf8')).toBe(after);
    await copy.remove();
    // What is not saved is asked about before it is left.
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('link', { name: 'All problems' }).click();
    await page.waitForURL(`${portal.url}/problems`);
  });

  test('a problem shows its lines, a message for its owner, and the way to mend it', async ({ page }) => {
    await page.goto(`${portal.url}/problems`);
    const problem = page.getByRole('listitem').filter({ hasText: 'lifecycle' }).last();
    await problem.getByRole('button', { name: 'Show the lines' }).click();
    const lines = problem.getByRole('region', { name: /^Line \d+ and what is around it$/ });
    await lines.getByText('type: service').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: portal.url });
    await problem.getByRole('button', { name: 'Copy a message to the owner' }).click();
    await problem.getByText('Copied').waitFor();
    const message = await page.evaluate(() => navigator.clipboard.readText());
    expect(message).toMatch(
      /^\*\*Error in `component:default\/lock-gate`:\*\*[\s\S]*Where: `.*broken\/catalog-info\.yaml:\d+`[\s\S]*Fix: [\s\S]*catalog-edit\?problem=\d+\n$/,
    );
    expect(await violations(page)).toEqual([]);
    await problem.getByRole('link', { name: 'Mend' }).click();
    await text(page).waitFor();
    await faults(page)
      .getByRole('button', { name: /Line \d+/ })
      .first()
      .waitFor();
  });

  test('nothing is out of reach, wide and narrow, light and dark', async ({ page }) => {
    for (const [width, scheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(edit(longName));
      await faults(page).getByRole('button', { name: /Line/ }).first().waitFor();
      expect(await violations(page), `${width} ${scheme}`).toEqual([]);
      expect(await overflow(page), `${width} ${scheme}`).toBe(0);
    }
  });
});
