/** The public surface of the plugin contract as one page: every declaration that `packages/plugin-api` exports, in the order of its files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files whose declarations a plugin's author sees. */
const files = [
  'packages/plugin-api/src/plugin.ts',
  'packages/plugin-api/src/host.ts',
  'packages/plugin-api/src/roles.ts',
  'packages/plugin-api/src/versions.ts',
  'packages/plugin-api/src/web.ts',
  ...['known', 'connections', 'settings', 'paths', 'hooks', 'repositories', 'steps', 'formats/github-apps'].map(
    (name) => `packages/plugin-api/src/kit/${name}.d.ts`,
  ),
  'packages/model/src/plugins/views.ts',
  'packages/model/src/plugins/contributions.ts',
  'packages/model/src/plugins/manifest.ts',
];

/** @param root - of the repository */
export async function pluginApiPage(root) {
  const parts = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(root, file), 'utf8');
      const declarations = text.replaceAll(/^import[\s\S]*?;\n/gm, '').trim();
      const [, part] = /\/kit\/(.+)\.d\.ts$/.exec(file) ?? [];
      const title = part === undefined ? file.split('/').at(-1) : `@callboard/plugin-api/${part}`;
      return `## ${title}\n\n\`\`\`ts\n${declarations}\n\`\`\``;
    }),
  );
  return [
    '# The contract with plugins',
    '<!-- Written by `npm run generate`; change the code, not this page. -->',
    'Everything that `@callboard/plugin-api` promises. A change here is a change for every plugin: inputs may only loosen, outputs only tighten, and it needs a line in CHANGELOG.md.',
    ...parts,
  ].join('\n\n');
}
