import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@callboard/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { type TestPortal, testPortal } from '../../testing/portal.ts';
import { runClient } from './testing/client.ts';

const company = fileURLToPath(new URL('../../../../../examples/company', import.meta.url));
const about = (name: string): JsonObject => ({
  name,
  title: `The ${name}`,
  description: 'Made in a test.',
  owner: 'group:default/platform',
});

const templates: [template: string, ref: string, values: JsonObject, made: string | undefined][] = [
  [
    'node-service',
    'template:default/node-service',
    { ...about('gull-api'), tier: 'tier-2', database: true, personalData: 'yes' },
    'component:default/gull-api',
  ],
  [
    'go-service',
    'template:default/go-service',
    { ...about('gull-go'), shape: 'events', topics: ['selling.booking.v2'] },
    'component:default/gull-go',
  ],
  ['typescript-library', 'template:default/typescript-library', about('gull-lib'), 'component:default/gull-lib'],
  ['docs-site', 'template:default/docs-site', about('gull-docs'), 'component:default/gull-docs'],
  [
    'terraform-module',
    'template:default/terraform-module',
    { ...about('gull-module'), inputs: [{ name: 'size', type: 'number' }] },
    'component:default/terraform-gull-module',
  ],
  [
    'add-ci',
    'template:default/add-ci',
    { remoteUrl: 'gull-api.git', branch: 'main', language: 'typescript', steps: ['check', 'test'] },
    undefined,
  ],
];

forEachDatabase((_dialect, databases) => {
  let portal: TestPortal;
  let client: ReturnType<typeof runClient>;
  beforeAll(async () => {
    portal = await testPortal({
      place: await databases.place(),
      config: `catalog:\n  locations: [{ type: file, target: ${company} }]\n`,
    });
    client = runClient(portal.url);
  }, 60_000);
  afterAll(() => portal.stop());
  const git = (name: string, ...args: string[]) =>
    execFileSync('git', ['-C', join(portal.portal.dataDirectory, 'repositories', `${name}.git`), ...args], {
      encoding: 'utf8',
    }).trim();

  test.each(templates)('%s of the example company makes what it promises', async (_name, ref, values, made) => {
    const plan = await client.post(`/templates/default/template/${ref.split('/')[1]}/plan`, { values });
    expect([plan.status, plan.body.missing, plan.body.errors]).toEqual([200, [], undefined]);
    const id = (await client.post('/tasks', { templateRef: ref, values })).body.id as string;
    await client.ended(id);
    const task = await client.task(id);
    expect([task.status, task.error]).toEqual(['completed', undefined]);
    expect(task.output!.links).toEqual(
      expect.arrayContaining([expect.objectContaining({ title: expect.any(String) })]),
    );
    const files = (await client.get(`/tasks/${id}/files`)).body.files.map(({ path }: { path: string }) => path);
    expect(files).toEqual(plan.body.directoryContents.map(({ path }: { path: string }) => path));
    if (made === undefined) {
      expect(git('gull-api', 'log', '--format=%s', 'main..add-ci')).toBe('Add the pipeline of the company');
      return;
    }
    const name = values.name as string;
    const repository = _name === 'terraform-module' ? `terraform-${name}` : name;
    expect(git(repository, 'ls-tree', '-r', '--name-only', 'main').split('\n').sort()).toEqual(files.toSorted());
    // The component is there without anybody doing anything.
    const entity = await portal.entity(made);
    expect(entity.metadata.annotations).toMatchObject({
      'backstage.io/source-template': ref,
      'callboard/template-run': id,
    });
    expect(task.entityRefs).toContain(made);
  });
});
