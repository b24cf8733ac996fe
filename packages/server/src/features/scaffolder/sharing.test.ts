import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { type TestPortal, testPortal } from '../../testing/portal.ts';
import { runClient } from './testing/client.ts';

const files = {
  'catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: all }
spec: { targets: [./sharing/template.yaml] }
`,
  'sharing/template.yaml': `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: sharing }
spec:
  type: service
  parameters: [{ $yaml: ../shared/page.yaml }]
  steps:
    - { id: own, action: 'fetch:plain:file', input: { url: ./own.md, targetPath: own.md } }
    - { id: shared, action: 'fetch:template', input: { url: ../shared/skeleton, values: { name: '\${{ parameters.name }}' } } }
    - { id: other, if: false, action: 'fetch:template', input: { url: '../\${{ parameters.name }}' } }
`,
  'sharing/own.md': 'Own\n',
  'shared/page.yaml': 'title: About\nproperties: { name: { type: string } }\n',
  'shared/skeleton/${{ values.name }}.md': '# ${{ values.name }}\n',
  'elsewhere/secret.md': 'Not named by the template.\n',
};

forEachDatabase((_dialect, databases) => {
  let folder: string;
  let portal: TestPortal;
  let client: ReturnType<typeof runClient>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callboard-sharing-'));
    execFileSync('git', ['init', '-q', folder]);
    portal = await testPortal({ place: await databases.place(), folder, files });
    client = runClient(portal.url);
  });
  afterAll(async () => {
    await portal?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  test('shows and tries out what a template shares with others', async () => {
    const source = (await client.get('/templates/default/template/sharing/source')).body;
    const paths = source.files.map(({ path }: { path: string }) => path);
    expect([source.path, paths, source.isComplete]).toEqual([
      'sharing/template.yaml',
      ['sharing/own.md', 'sharing/template.yaml', 'shared/page.yaml', 'shared/skeleton/${{ values.name }}.md'],
      true,
    ]);
    const directoryContents = source.files.map(({ path, base64Content }: { path: string; base64Content: string }) => ({
      path,
      base64Content:
        path === 'shared/page.yaml'
          ? Buffer.from('title: Anew\nproperties: { name: { type: string } }').toString('base64')
          : base64Content,
    }));
    const text = files['sharing/template.yaml'];
    const { path } = source;
    const preview = (await client.post('/preview', { text, path, directoryContents })).body;
    expect(preview.problems).toEqual([]);
    expect(preview.templates[0].form.steps[0].title).toBe('Anew');
    const [{ template }] = preview.templates;
    const made = (await client.post('/dry-run', { template, path, directoryContents, values: { name: 'pier' } })).body;
    expect(made.directoryContents.map((file: { path: string }) => file.path)).toEqual(['own.md', 'pier.md']);
    // Without the files around it a template is what it was: a folder of its own.
    const alone = (await client.post('/preview', { text })).body;
    expect(alone.problems[0].message).toContain('../shared/page.yaml could not be read');
    for (const outside of ['../template.yaml', '/template.yaml', 'a/../../template.yaml'])
      expect((await client.post('/preview', { text, path: outside })).body.error.code).toBe('SCAFFOLDER_PATH_OUTSIDE');
  });
});
