import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packFolder } from '../../core/plugins/folder.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { installPlugin } from './testing/install.ts';

const tides = fileURLToPath(new URL('../../../../../examples/plugins/tides', import.meta.url));
const template = `
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: note-tide, title: Note a tide }
spec:
  type: service
  parameters: { title: Tide, required: [tide], properties: { tide: { type: string } } }
  steps:
    - { id: note, action: 'tides:note', input: { name: ferry, tide: '\${{ parameters.tide }}' } }
  output: { text: [{ title: Noted, content: 'of \${{ steps.note.output.name }}' }] }
`;
const component = `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ferry }
spec: { type: service, lifecycle: production, owner: crew }
`;

let portal: TestPortal;
const tide = async () =>
  (await portal.get('/api/plugins/tides/views/tide?entity=component:default/ferry')).body.view.items[0].value;
const run = async (values: object) => {
  const { body } = await portal.send('POST', '/api/scaffolder/v2/tasks', {
    templateRef: 'template:default/note-tide',
    values,
  });
  return eventually(async () => {
    const task = (await portal.get(`/api/scaffolder/v2/tasks/${body.id}`)).body;
    expect(task.status).toMatch(/completed|failed/);
    const { body: events } = await portal.get(`/api/scaffolder/v2/tasks/${body.id}/events`);
    return { status: task.status, log: JSON.stringify(events) };
  });
};

beforeAll(async () => {
  portal = await testPortal({ place: {}, files: { 'catalog-info.yaml': `${component}---${template}` } });
  await installPlugin(portal, await packFolder(tides));
});
afterAll(() => portal.stop());

test('templates have the actions of plugins, with their schemas', async () => {
  const { body } = await portal.get('/api/scaffolder/v2/actions');
  const action = body.find((each: any) => each.id === 'tides:note');
  expect(action).toMatchObject({ description: 'Note a tide', schema: { input: { required: ['name', 'tide'] } } });
});

test('a dry run says what would happen, and nothing does', async () => {
  const { body } = await portal.send('POST', '/api/scaffolder/v2/dry-run', {
    template: (await portal.entity('template:default/note-tide')) as object,
    values: { tide: 'flood' },
    directoryContents: [],
  });
  expect(JSON.stringify(body.log)).toContain('Notes flood for ferry');
  expect(await tide()).toBeNull();
});

test('a run does it; wrong input ends the run before the plugin is asked', async () => {
  const wrong = await run({ tide: 'ebbing' });
  expect(wrong.status).toBe('failed');
  expect(await tide()).toBeNull();
  const done = await run({ tide: 'flood' });
  expect(done).toMatchObject({ status: 'completed', log: expect.stringContaining('Notes flood for ferry') });
  expect(await tide()).toBe('flood');
});

test('without the plugin the step fails and says so', async () => {
  await portal.send('POST', '/api/admin/plugins/tides/disable');
  const { status, log } = await run({ tide: 'ebb' });
  expect(status).toBe('failed');
  expect(log).toContain('tides:note');
});
