import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** What web parts of plugins share with the portal, and the file of ours that stands for it where it is ours. */
const shared: Record<string, string | undefined> = {
  react: undefined,
  'react/jsx-runtime': undefined,
  'react-dom': undefined,
  '@mantine/core': undefined,
  '@mantine/hooks': undefined,
  '@tanstack/react-query': undefined,
  '@callboard/plugin-api/web': fileURLToPath(new URL('src/core/plugins/shared/index.ts', import.meta.url)),
};

const prefix = '\0shared:';
const require = createRequire(import.meta.url);
const slug = (name: string) => `shared-${name.replaceAll(/[^a-z]+/g, '-').replace(/^-/, '')}`;

/** `react/jsx-runtime` → `react`. */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

/** The version of a package that stands installed; not every package shows its package.json. */
function versionOf(name: string): string {
  for (let folder = dirname(require.resolve(name)); ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === name && found.version) return found.version;
    } catch {
      // Further up.
    }
    if (folder === dirname(folder)) throw new Error(`No version of ${name} is to be found`);
  }
}

/** React is CommonJS: its names must be spelled out. */
const spelledOut = (name: string) => {
  const names = Object.keys(require(name) as object).filter((each) => /^[A-Za-z_$][\w$]*$/.test(each));
  return [
    `import * as module from '${name}';`,
    'const whole = module.default ?? module;',
    'export default whole;',
    ...names.map((each) => `export const ${each} = whole.${each};`),
  ].join('\n');
};

/**
 * One chunk per module that plugins share with the portal, and the import map that leads their names to these chunks. The portal's own pages
 * do not load them. `SHARED_VERSIONS` in the app's code becomes what versions they are.
 */
export function sharedModules(contract: string): Plugin {
  let builds = false;
  return {
    name: 'callboard-shared-modules',
    config: () => ({
      define: {
        SHARED_VERSIONS: Object.fromEntries(
          Object.keys(shared).map((name) => [name, shared[name] ? contract : versionOf(packageOf(name))]),
        ),
      },
    }),
    configResolved({ command }) {
      builds = command === 'build';
    },
    buildStart() {
      if (!builds) return;
      for (const name of Object.keys(shared))
        this.emitFile({ type: 'chunk', id: prefix + name, name: slug(name), preserveSignature: 'strict' });
    },
    resolveId: (id) => (id.startsWith(prefix) ? id : undefined),
    load(id) {
      if (!id.startsWith(prefix)) return undefined;
      const name = id.slice(prefix.length);
      if (name.startsWith('react')) return spelledOut(name);
      return `export * from ${JSON.stringify(shared[name] ?? name)};`;
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        if (!bundle) return [];
        const imports: Record<string, string> = {};
        for (const output of Object.values(bundle))
          if (output.type === 'chunk' && output.facadeModuleId?.startsWith(prefix))
            imports[output.facadeModuleId.slice(prefix.length)] = `/${output.fileName}`;
        const children = JSON.stringify({ imports });
        return [{ tag: 'script', attrs: { type: 'importmap' }, children, injectTo: 'head-prepend' }];
      },
    },
  };
}
