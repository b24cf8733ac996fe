import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './terminal.ts';

const server = `import { definePlugin } from '@callboard/plugin-api';

export default definePlugin({
  setup(host) {
    return {
      views: {
        summary: ({ entity }) => ({
          model: 'stat',
          items: [{ label: host.configuration.label ?? 'Looked at', value: entity?.metadata.name ?? 'nothing' }],
        }),
      },
    };
  },
});
`;

const web = `import { createElement, useState } from 'react';

export function Hello() {
  const [count, setCount] = useState(0);
  return createElement('button', { onClick: () => setCount(count + 1) }, \`Clicked \${count} times\`);
}
`;

const view = { id: 'summary', title: 'Summary', model: 'stat' };
const card = { id: 'summary', title: 'Summary', view: 'summary', when: { kind: ['Component'] } };
const label = {
  type: 'object',
  properties: { label: { type: 'string', title: 'Label' } },
  additionalProperties: false,
};

/** A card of what an address answers; jq makes the view of it. */
const declarative = (id: string, title: string) => ({
  manifest: 1,
  id,
  version: '0.1.0',
  title,
  engine: '^1.0.0',
  asks: { hosts: ['status.example.com'] },
  contributes: {
    views: [
      {
        ...view,
        from: {
          url: 'https://status.example.com/api/{name}',
          jq: '{model: "stat", items: [{label: "Status", value: .status}]}',
        },
      },
    ],
    cards: [card],
  },
});

/**
 * Writes a plugin to start from.
 *
 * @param folder - is made; must be empty
 * @param kind - `server`: views that the portal draws. `declarative`: data of an address, without code. `full`: a page of its own as well
 */
export async function createPluginFolder(
  folder: string,
  id: string,
  kind: 'server' | 'declarative' | 'full',
): Promise<void> {
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0) throw new UsageError(`${folder} is not empty`, 'Name a folder that does not exist yet.');
  const title = id.replaceAll('-', ' ').replace(/^\w/, (letter) => letter.toUpperCase());
  if (kind === 'declarative') {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'callboard.plugin.json'), `${JSON.stringify(declarative(id, title), null, 2)}\n`);
    const examples = { fetch: { 'https://status.example.com/api/': { status: 'running' } } };
    await writeFile(join(folder, 'callboard.test.json'), `${JSON.stringify(examples, null, 2)}\n`);
    return;
  }
  const contributes = { views: [view], cards: [card] };
  const full = {
    web: { entry: 'web/index.js', shared: { react: '^19.0.0' } },
    contributes: {
      ...contributes,
      pages: [{ id: 'hello', title: 'Hello', component: 'Hello' }],
      navigation: [{ id: 'hello', title: 'Hello', page: 'hello' }],
    },
  };
  const manifest = {
    manifest: 1,
    id,
    title,
    engine: '^1.0.0',
    server: 'server.js',
    configuration: label,
    ...(kind === 'full' ? full : { contributes }),
  };
  const packageJson = { name: `callboard-plugin-${id}`, version: '0.1.0', type: 'module', callboard: manifest };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
  await writeFile(join(folder, 'server.js'), server);
  if (kind === 'full') {
    await mkdir(join(folder, 'web'));
    await writeFile(join(folder, 'web/index.js'), web);
  }
}
