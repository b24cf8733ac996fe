import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';
import { installPlugin } from './testing/install.ts';

/** Writes, reads and tries what it may not, with the files of a run. */
const server = `
import { definePlugin } from '@callboard/plugin-api';
const tried = (work) => work.then(() => 'done', (error) => error.message);
export default definePlugin({ setup: () => ({ actions: {
  'pen:write': async (_input, { files }) => {
    await files.write('notes/made.txt', 'by the plugin');
    const outside = await tried(files.write('../../made.txt', 'x'));
    const push = await tried(files.push({ remote: 'https://elsewhere.example.com/a.git', branch: 'main', message: 'm' }));
    return { output: { outside, push } };
  },
  'pen:read': async (_input, { files }) => ({ output: {
    list: (await files.list()).map(({ path, size }) => path + ' ' + size).join(),
    text: Buffer.from(await files.read('notes/made.txt')).toString(),
    refused: await tried(files.write('notes/made.txt', 'x')),
  } }),
  'pen:none': async (_input, context) => ({ output: { has: String(context.files) } }),
} }) });`;
const template = `
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: pen }
spec:
  type: service
  steps:
    - { id: write, action: 'pen:write' }
    - { id: read, action: 'pen:read' }
    - { id: none, action: 'pen:none' }
  output: { text: [{ title: All, content: '\${{ steps.write.output | dump }} \${{ steps.read.output | dump }} \${{ steps.none.output | dump }}' }] }
`;

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal({ place: {}, files: { 'catalog-info.yaml': template } });
  const actions = [
    { id: 'pen:write', title: 'Write', workspace: 'write' },
    { id: 'pen:read', title: 'Read', workspace: 'read' },
    { id: 'pen:none', title: 'None' },
  ];
  const manifest = { id: 'pen', engine: '^1.1.0', asks: { hosts: ['code.example.com'] }, contributes: { actions } };
  expect((await installPlugin(portal, pluginTarball(server, manifest))).status).toBe(200);
});
afterAll(() => portal.stop());

test('actions of plugins have the files of their run as far as they declare, and push to granted hosts only', async () => {
  const made = await portal.send('POST', '/api/scaffolder/v2/tasks', {
    templateRef: 'template:default/pen',
    values: {},
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const task = await eventually(async () => {
    const { body } = await portal.get(`/api/scaffolder/v2/tasks/${made.body.id}`);
    const events = await portal.get(`/api/scaffolder/v2/tasks/${made.body.id}/events`);
    expect(body.status, JSON.stringify(events.body)).toBe('completed');
    return { ...body, events: events.body };
  });
  const told = JSON.stringify(task.events);
  expect(told).toContain('notes/made.txt 13');
  expect(told).toContain('by the plugin');
  expect(told).toContain('leads out of');
  expect(told).toContain('may not use the host elsewhere.example.com');
  expect(told).toContain('it may read the files only');
  expect(told).toContain('undefined');
});
