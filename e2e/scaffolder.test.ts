import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventually, getJson } from './support/api.ts';
import { overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { temporaryFolder, writeFiles } from './support/files.ts';
import { startPortal, type Portal } from './support/portal.ts';

const company = fileURLToPath(new URL('../examples/company', import.meta.url));

/** A template with every kind of field, a secret, a page that depends on an answer, and a step that cannot succeed. */
const fields = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: every-field, title: Every field }
spec:
  owner: platform
  type: test
  secrets:
    schema: { type: object, required: [apiToken], properties: { apiToken: { type: string, title: API token } } }
  parameters:
    - title: Fields
      required: [repository]
      properties:
        note: { type: 'null', title: Read this, description: "It has **marks**." }
        repository: { type: string, title: Repository, ui:field: RepoUrlPicker }
        tags: { type: array, title: Tags, items: { type: string }, ui:field: EntityTagsPicker }
        apis: { type: array, title: APIs, items: { type: string }, ui:field: MultiEntityPicker, ui:options: { catalogFilter: { kind: API } } }
        group: { type: string, title: My group, ui:field: MyGroupsPicker }
        password: { type: string, title: Password, ui:field: Secret }
        theirs: { type: string, title: Theirs, ui:field: TheirOwnField }
        when: { type: string, format: date, title: When }
        size: { type: integer, title: Size, minimum: 1, maximum: 5, ui:widget: range, default: 2 }
        colour: { type: string, title: Colour, ui:widget: color }
        rows: { type: array, title: Rows, items: { type: object, required: [key], properties: { key: { type: string, title: Key } } } }
        choice: { title: Choice, type: object, oneOf: [{ title: One, properties: { one: { type: string } } }, { title: Two, properties: { two: { type: number } } }] }
    - title: Only when large
      if: \${{ parameters.size > 2 }}
      properties: { reason: { type: string, title: Reason, default: "as large as \${{ parameters.size }}" } }
  steps:
    - { id: wait, name: Wait a while, action: debug:wait, input: { seconds: 20 }, if: "\${{ parameters.size > 2 }}" }
    - { id: say, name: Say it, action: debug:log, input: { message: "the token is \${{ secrets.apiToken }}" } }
    - { id: fail, name: Step out, action: fs:delete, input: { files: ['../outside'] } }
    - { id: later, name: Later, action: debug:log, input: { message: never } }
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: one-question, title: One question }
spec:
  owner: platform
  type: test
  parameters:
    title: Asking
    required: [answer]
    properties:
      answer: { type: string, title: The answer }
      copy: { type: string, title: A copy, default: "\${{ parameters.answer or 'no answer' }} again" }
  steps: [{ action: 'roadiehq:utils:fs:write', input: { path: '\${{ parameters.answer }}.md', content: yes } }]
`;

describe('templates in the web app', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let portal: Portal;
  beforeAll(async () => {
    ({ folder, remove } = await temporaryFolder());
    await writeFiles(folder, { 'own/catalog-info.yaml': fields });
    await mkdir(join(folder, 'data'));
    portal = await startPortal({ args: [company, join(folder, 'own')], directory: join(folder, 'data') });
    await eventually(
      () => getJson<{ items: unknown[] }>(`${portal.url}/api/scaffolder/v2/templates`),
      ({ items }) => items.length >= 8,
    );
  });
  afterAll(async () => {
    await portal?.stop();
    await remove();
  });
  const bare = (name: string) => join(folder, 'data/repositories', name);
  const filesOf = (name: string, branch = 'main') =>
    execFileSync('git', ['-C', bare(name), 'ls-tree', '-r', '--name-only', branch], { encoding: 'utf8' })
      .trim()
      .split('\n');
  const open = (page: Page, template: string) => page.goto(`${portal.url}/create/templates/default/${template}`);
  const field = (page: Page, name: string | RegExp) =>
    page.getByRole('textbox', { name }).or(page.getByRole('combobox', { name })).first();
  const next = (page: Page) => page.getByRole('button', { name: /^(Next|Review|Look it over)$/ }).click();
  const create = (page: Page) => page.getByRole('button', { name: /^(Create|Make it|Propose it)$/ }).click();
  const made = (page: Page) => page.getByRole('region', { name: 'What was made' }).waitFor();

  /** Fills in the page that most templates of the company begin with. */
  async function about(page: Page, name: string, title: string): Promise<void> {
    await field(page, /^Name/).fill(name);
    await field(page, /^Title/).fill(title);
    await field(page, /^Description/).fill(`${title}, made by a test.`);
    await field(page, /^Owner/).click();
    await page.getByRole('option', { name: /Boarding/ }).click();
  }

  test('from the gallery to a service in the catalog', async ({ page }) => {
    await page.goto(`${portal.url}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.waitForURL(`${portal.url}/create`);
    await page.getByRole('searchbox', { name: 'Filter templates' }).fill('typescript service');
    await page.getByRole('link', { name: 'Node service', exact: true }).click();
    // What is missing is told at its field, and not before.
    await field(page, /^Name/).waitFor();
    expect(await page.getByText('Fill this in.').filter({ visible: true }).count()).toBe(0);
    await next(page);
    await page.getByText('4 fields need you.').waitFor();
    expect(await page.getByText('Fill this in.').filter({ visible: true }).count()).toBe(4);
    await about(page, 'foghorn-relay', 'Foghorn relay');
    expect(await page.getByText('Fill this in.').filter({ visible: true }).count()).toBe(0);
    const files = page.getByRole('navigation', { name: 'Files so far' });
    await files.getByText('harbourmaster.yaml').waitFor();
    await next(page);
    await page.getByRole('checkbox', { name: 'PostgreSQL database' }).check();
    await page.getByText('Will it hold personal data?').waitFor();
    await files.getByText('0001-first.sql').waitFor();
    // The answers outlive the page.
    await page.reload();
    await page.getByText('Will it hold personal data?').waitFor();
    expect(await page.getByRole('checkbox', { name: 'PostgreSQL database' }).isChecked()).toBe(true);
    await next(page);
    await page.getByText('Creates the repository foghorn-relay.git').waitFor();
    await page.getByRole('region', { name: 'Text of README.md' }).getByText('# foghorn-relay').waitFor();
    await page.getByRole('button', { name: '0001-first.sql' }).click();
    await page.getByRole('region', { name: 'Text of migrations/0001-first.sql' }).waitFor();
    // Other answers: what is different is marked.
    const steps = page.getByRole('navigation', { name: 'Steps' });
    await steps.getByRole('link', { name: /^About/ }).click();
    await field(page, /^Title/).fill('Foghorn relay two');
    await steps.getByRole('link', { name: /Review/ }).click();
    await page.getByText(/different since you looked last/).waitFor();
    await page.getByRole('button', { name: /catalog-info.yaml changed/ }).click();
    await page.getByLabel('Show what differs from the last look').check();
    await page
      .getByRole('region', { name: 'Changes of catalog-info.yaml' })
      .getByText('Foghorn relay two')
      .first()
      .waitFor();
    await create(page);
    await made(page);
    expect(filesOf('foghorn-relay.git')).toContain('migrations/0001-first.sql');
    const done = page.getByRole('region', { name: 'Steps of the run' });
    expect(await done.getByText('Done').count()).toBe(5);
    await page
      .getByRole('region', { name: 'Lines of the log' })
      .getByText('Finished step Add it to the catalog')
      .waitFor();
    await page.reload();
    await page
      .getByRole('region', { name: 'Lines of the log' })
      .getByText('Beginning step Add it to the catalog')
      .waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download files' }).click();
    expect((await readFile(await (await downloading).path())).subarray(0, 2).toString()).toBe('PK');
    await page.getByRole('link', { name: 'Open Foghorn relay two' }).click();
    await page.getByRole('heading', { level: 1, name: 'Foghorn relay two' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/catalog/default/component/foghorn-relay');
  });

  test('with the keyboard alone', async ({ page }) => {
    await open(page, 'typescript-library');
    await field(page, /^Name/).waitFor();
    const type = async (text: string) => {
      await page.keyboard.insertText(text);
      await page.keyboard.press('Tab');
    };
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('form/name');
    await type('knots');
    await type('Knots');
    await type('Ties things.');
    await page.keyboard.insertText('board');
    await expect.poll(() => page.getByRole('listbox').getByRole('option').allInnerTexts()).toHaveLength(2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Package' }).waitFor();
    await page.getByRole('button', { name: 'Review' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Creates the repository knots.git').waitFor();
    await page.getByRole('button', { name: 'Create' }).focus();
    await page.keyboard.press('Enter');
    await made(page);
    expect(filesOf('knots.git')).toContain('src/index.ts');
  });

  test('every other template of the company', async ({ page }) => {
    await open(page, 'go-service');
    await about(page, 'gull-counter', 'Gull counter');
    await next(page);
    await page.getByRole('radio', { name: 'An event' }).check();
    await next(page);
    await page.getByText('At least 1 item.').or(page.getByText('Fill this in.')).first().waitFor();
    await page.getByRole('checkbox', { name: 'selling.booking.v2' }).check();
    await next(page);
    await page.getByText('Creates the repository gull-counter.git').waitFor();
    await create(page);
    await made(page);
    expect(filesOf('gull-counter.git')).toContain('cmd/gull-counter/main.go');

    await open(page, 'docs-site');
    await about(page, 'pilot-book', 'Pilot book');
    await next(page);
    await page.getByRole('checkbox', { name: 'A first runbook' }).check();
    await next(page);
    await create(page);
    await made(page);
    expect(filesOf('pilot-book.git')).toContain('docs/runbook.md');

    await open(page, 'terraform-module');
    await about(page, 'buoy', 'Buoy');
    await next(page);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await field(page, /^Name/).waitFor();
    await page.getByRole('textbox', { name: /^Name/ }).nth(1).fill('depth');
    await page
      .getByRole('combobox', { name: /^Type/ })
      .or(page.getByRole('textbox', { name: /^Type/ }))
      .nth(1)
      .click();
    await page.getByRole('option', { name: 'number' }).click();
    await next(page);
    await create(page);
    await made(page);
    expect(filesOf('terraform-buoy.git')).toContain('variables.tf');

    await page.goto(`${portal.url}/create/templates/data/data-pipeline`);
    await field(page, /^Name/).fill('late-boats');
    await field(page, /^Which question/).fill('How full were they?');
    await field(page, /^Made from/).click();
    await page.getByRole('listbox').getByRole('option').first().click();
    await page.keyboard.press('Escape');
    await next(page);
    await create(page);
    await made(page);
    expect(filesOf('data/late-boats.git')).toContain('models/late_boats.sql');

    await open(page, 'add-ci');
    await field(page, /^Repository/).fill('gull-counter.git');
    await page.getByRole('radio', { name: 'Go', exact: true }).check();
    await next(page);
    await next(page);
    await page.getByRole('heading', { name: /^What changes in gull-counter\.git/ }).waitFor();
    const differences = page.getByRole('navigation', { name: 'Files that change in gull-counter.git' });
    await differences.getByRole('button', { name: /^\.pipeline\.yaml/ }).waitFor();
    await create(page);
    await made(page);
    expect(filesOf('gull-counter.git', 'add-ci')).toContain('.pipeline.yaml');

    // Without a click the catalog has them all.
    await eventually(
      async () => {
        const names = ['gull-counter', 'pilot-book', 'knots', 'foghorn-relay'];
        const found = names.map((name) =>
          fetch(`${portal.url}/api/catalog/entities/by-name/component/default/${name}`),
        );
        return (await Promise.all(found)).map(({ status }) => status);
      },
      (all) => all.every((status) => status === 200),
    );
    await page.goto(`${portal.url}/create/tasks`);
    await page.getByText('7 runs').waitFor();
    expect(await page.getByRole('row').count()).toBe(8);
    await page.getByRole('combobox', { name: 'Template' }).selectOption({ label: 'Go service' });
    await page.getByText('1 run', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('template')).toBe('template:default/go-service');
    await page.goto(`${portal.url}/create?show=used`);
    await page
      .getByText(/used once/)
      .first()
      .waitFor();
    await page.goto(`${portal.url}/catalog/default/template/go-service`);
    await page.getByRole('link', { name: 'Use this template' }).waitFor();
    await page.getByRole('region', { name: 'Runs of this template' }).getByText('Done').waitFor();
  });

  test('every kind of field, pages that depend on answers, secrets that nothing keeps', async ({ page }) => {
    await open(page, 'every-field');
    await page.getByText('Any Git remote').click();
    await page.getByRole('combobox', { name: 'Address' }).fill('nowhere.git');
    await page.getByText('The portal has no field “TheirOwnField”').waitFor();
    await page.locator('input[type="password"]').fill('hunter2-hunter2');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('textbox', { name: 'Key' }).fill('one');
    expect(await violations(page)).toEqual([]);
    const steps = page.getByRole('navigation', { name: 'Steps' });
    await page.getByRole('slider', { name: 'Size' }).fill('4');
    await steps.getByText('Only when large').waitFor();
    await next(page);
    expect(await field(page, /^Reason/).inputValue()).toBe('as large as 4');
    await next(page);
    await page.getByRole('heading', { name: 'Secrets' }).waitFor();
    await page.locator('input[type="password"]').fill('token-of-the-test');
    const kept = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
    expect(kept).toContain('nowhere.git');
    expect(kept).not.toMatch(/hunter2|token-of-the-test|\*\*\*/);
    await next(page);
    await page.getByText('leads out of the workspace').first().waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('hunter2');
    const wide = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize(wide);
    await create(page);
    await page.getByText('Beginning step Wait a while').waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    const retry = page.getByRole('button', { name: /^Retry from/ });
    await retry.waitFor();
    expect(await violations(page)).toEqual([]);
    // The answers go on to another try; secrets have to be given again.
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('slider', { name: 'Size' }).fill('1');
    await expect.poll(() => steps.getByText('Only when large').count()).toBe(0);
    expect(await page.locator('input[type="password"]').inputValue()).toBe('');
    await next(page);
    await page.locator('input[type="password"]').fill('token-of-the-test');
    await next(page);
    await create(page);
    const alert = page.getByRole('alert');
    await alert.getByText('“Step out” failed').waitFor();
    expect(await alert.innerText()).toContain("The path '../outside' leads out of the workspace");
    const log = page.getByRole('region', { name: 'Lines of the log' });
    // What is made of a secret is hidden whole.
    await log.getByText('***', { exact: true }).waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('token-of-the-test');
    await alert.getByRole('link', { name: 'What this step said' }).click();
    await expect.poll(() => log.getByText('Beginning step Say it').count()).toBe(0);
    await page.getByRole('button', { name: /^Retry from “Step out”/ }).click();
    await page.getByRole('dialog').locator('input').fill('token-of-the-test');
    // The run is over again before the page has asked how it is.
    await page.route(/\/tasks\/[\w-]+$/, async (route) => {
      await new Promise((done) => setTimeout(done, 1_500));
      await route.continue();
    });
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => log.getByText('Beginning step Step out').count()).toBe(2);
    await alert.getByText('“Step out” failed').waitFor();
  });

  test('the editor: faults, form and dry run of what is being written', async ({ page }) => {
    await page.goto(`${portal.url}/create/edit`);
    await page.getByRole('button', { name: 'Begin a template' }).click();
    const text = page.getByRole('textbox', { name: 'Text of template.yaml' });
    await text.waitFor();
    await page.getByText('The template can be read.').waitFor();
    const whole = await text.innerText();
    expect(whole).toContain('kind: Template');
    await page.getByRole('textbox', { name: /^Name/ }).fill('tried-out');
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByText('Creates the repository tried-out.git').waitFor();
    await page.getByRole('region', { name: 'Text of README.md' }).getByText('# tried-out').waitFor();
    expect(await violations(page)).toEqual([]);
    await page
      .getByRole('navigation', { name: 'Files of the template' })
      .getByRole('button', { name: /README/ })
      .click();
    const readme = page.getByRole('textbox', { name: 'Text of skeleton/README.md' });
    await readme.focus();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.insertText('A line more.');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Download a patch of \d files/ }).click();
    const target = join(folder, 'patched');
    await mkdir(target);
    execFileSync('git', ['init', '-q'], { cwd: target });
    execFileSync('git', ['apply', await (await downloading).path()], { cwd: target });
    expect(await readFile(join(target, 'skeleton/README.md'), 'utf8')).toMatch(/A line more\.$/);
    await page
      .getByRole('navigation', { name: 'Files of the template' })
      .getByRole('button', { name: /template.yaml/ })
      .click();
    await text.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('kind: Template\nmetadata: { name: x }\nspec: {}\n');
    await page.getByRole('region', { name: 'Faults' }).getByRole('button', { name: /^Line/ }).first().waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Close' }).click();
    // A folder of this computer stays on this computer.
    const chooser = page.locator('input[type="file"]');
    await chooser.setInputFiles(join(company, 'software-templates/templates/docs-site'));
    await page.getByRole('navigation', { name: 'Files of the template' }).getByText('mkdocs.yml').waitFor();
  });

  test('a template of the catalog is saved where its file can be written', async ({ page }) => {
    await page.goto(`${portal.url}/create/edit?template=template:default/every-field`);
    const text = page.getByRole('textbox', { name: /^Text of/ });
    await text.waitFor();
    await text.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(fields.replace('title: Every field', 'title: Each and every field'));
    await page.getByRole('button', { name: 'Save catalog-info.yaml' }).click();
    await page.getByText('catalog-info.yaml is saved').waitFor();
    expect(await readFile(join(folder, 'own/catalog-info.yaml'), 'utf8')).toContain('Each and every field');
    await page.goto(`${portal.url}/create`);
    await page.getByRole('link', { name: 'Each and every field', exact: true }).waitFor();
  });

  test('a form that is filled in at once is asked for its files once it is whole', async ({ page }) => {
    await open(page, 'one-question');
    await page.getByText('The files appear here once everything that is needed is filled in.').waitFor();
    await field(page, /^The answer/).fill('forty-two');
    await page.getByRole('navigation', { name: 'Files so far' }).getByText('forty-two.md').waitFor();
    // What nobody has touched follows the answer it is computed from.
    await expect.poll(() => field(page, /^A copy/).inputValue()).toBe('forty-two again');
    await field(page, /^The answer/).fill('six');
    await expect.poll(() => field(page, /^A copy/).inputValue()).toBe('six again');
    await field(page, /^A copy/).fill('seven');
    await field(page, /^The answer/).fill('eight');
    await page.getByRole('navigation', { name: 'Files so far' }).getByText('eight.md').waitFor();
    expect(await field(page, /^A copy/).inputValue()).toBe('seven');
    // Of several templates in one file the editor shows the one that was opened.
    await page.goto(`${portal.url}/create/edit?template=template:default/one-question`);
    await page.getByRole('region', { name: 'Form' }).getByText('The answer').waitFor();
  });

  test('the palette and the reference lead on', async ({ page }) => {
    await page.goto(`${portal.url}/create/actions?q=publish:git`);
    await page.getByRole('heading', { name: 'publish:git', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Filters and functions' }).click();
    await page.getByRole('searchbox', { name: 'Filter the reference' }).fill('parseRepoUrl');
    await page.getByText('parseRepoUrl', { exact: true }).first().waitFor();
    await page.goto(`${portal.url}/create`);
    await page.getByRole('link', { name: 'Go service', exact: true }).waitFor();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Search or type a command' }).fill('>create go');
    await page.getByRole('option', { name: /Create: Go service/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/create/templates/default/go-service`);
  });

  test('nothing is out of reach, wide and narrow, light and dark; what is not there says so', async ({
    page,
    problems,
  }) => {
    problems.allow(/404/);
    const { tasks } = await getJson<{ tasks: { id: string }[] }>(`${portal.url}/api/scaffolder/v2/tasks?limit=1`);
    const pages: [path: string, shown: string][] = [
      ['/create', 'Node service'],
      ['/create?q=nothing-of-this-name', 'No template fits'],
      ['/create/templates/default/every-field', 'Read this'],
      ['/create/templates/default/none', 'There is no template none'],
      ['/create/tasks', 'Any state'],
      [`/create/tasks/${tasks[0]!.id}`, 'Log'],
      ['/create/tasks/none', 'There is no such run'],
      ['/create/actions', 'fetch:template'],
      ['/create/edit', 'Begin anew'],
      ['/create/edit?template=template:default/node-service', 'The template can be read.'],
    ];
    for (const [index, [path, shown]] of pages.entries()) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(portal.url + path);
      await page.getByText(shown).first().waitFor({ state: 'attached' });
      // The narrow page is looked at in the scheme that comes last, so in both.
      for (const colorScheme of index % 2 === 0 ? (['light', 'dark'] as const) : (['dark', 'light'] as const)) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page), `${path} ${colorScheme}`).toEqual([]);
      }
      expect(await overflow(page), path).toBe(0);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await violations(page), `${path} narrow`).toEqual([]);
      expect(await overflow(page), `${path} narrow`).toBe(0);
    }
  });
});
