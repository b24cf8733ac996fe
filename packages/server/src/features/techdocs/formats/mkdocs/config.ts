import { posix } from 'node:path';
import type { JsonObject } from '@callboard/model';
import type { FileTree } from '../../../../core/files/index.ts';
import type { MarkdownExtension, MarkdownProfile } from '../../markdown/index.ts';
import type { Note } from '../../site/types.ts';
import { unknownExtensions } from '../../markdown/features.ts';
import { builtIn, harmless } from './plugins.ts';
import { list, named, object, text } from './words.ts';
import { longestConfig, readYaml, type YamlFile } from './yaml.ts';

/** Names of configurations in the order in which they are looked for. */
const fileNames = ['mkdocs.yaml', 'mkdocs.yml', 'zensical.yml', 'zensical.yaml', 'properdocs.yml', 'properdocs.yaml'];

/** What a configuration says, with defaults filled in. */
export type MkdocsConfig = {
  /** path below the tree; undefined where there is none */
  file?: string;
  siteName?: string;
  description?: string;
  docsDir: string;
  /** the navigation as written; undefined lets the files decide */
  nav?: JsonObject['nav'];
  excluded: string[];
  notInNav: string[];
  redirects: [from: string, to: string][];
  extensions: MarkdownExtension[];
  profile: MarkdownProfile;
  plugins: Set<string>;
  /** the list of plugins is there and empty: a site that is built has no search then, as with MkDocs */
  isWithoutPlugins: boolean;
  features: string[];
  copyright?: string;
  repoUrl?: string;
  editUri?: string;
  variables: JsonObject;
  notes: Note[];
  lineOf(path: (string | number)[]): number | undefined;
  lineSaying(value: string, below: (string | number)[]): number | undefined;
};

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const deepest = 5;

/** Reads a configuration and those that it inherits from; what it says itself wins. */
async function readChain(
  tree: FileTree,
  file: string,
  notes: Note[],
  known?: Uint8Array,
  depth = 0,
): Promise<{ values: JsonObject; own?: YamlFile }> {
  const bytes = known ?? (await tree.read(file, { mostBytes: longestConfig, wide: depth > 0 }));
  if (!bytes) return { values: {} };
  const yaml = readYaml(decode(bytes));
  if (!('values' in yaml)) {
    notes.push({
      code: 'TECHDOCS_CONFIG_UNREADABLE',
      severity: 'error',
      message: `${file} cannot be read: ${yaml.message}`,
      fix: 'Correct the YAML. Until then the pages are shown in the order of their files.',
      file,
      ...(yaml.line !== undefined && { line: yaml.line }),
    });
    return { values: {} };
  }
  const parent = text(yaml.values['INHERIT']);
  if (parent === undefined || depth >= deepest) return { values: yaml.values, own: yaml };
  const path = posix.join(posix.dirname(file), parent);
  const inherited = /\.ya?ml$/.test(path) ? await readChain(tree, path, notes, undefined, depth + 1) : { values: {} };
  if (Object.keys(inherited.values).length === 0)
    notes.push({
      code: 'TECHDOCS_INHERIT_MISSING',
      severity: 'warning',
      message: `${file} inherits from ${parent}, which is not there or may not be read`,
      fix: 'Correct INHERIT, or remove it.',
      file,
      ...line(yaml, ['INHERIT']),
    });
  return { values: merge(inherited.values, yaml.values), own: yaml };
}

const line = (yaml: Pick<YamlFile, 'lineOf'> | undefined, path: (string | number)[]) => {
  const found = yaml?.lineOf(path);
  return found === undefined ? {} : { line: found };
};

/** Maps are merged, everything else is replaced, as MkDocs does with INHERIT. */
function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] =
      typeof value === 'object' &&
      value &&
      !Array.isArray(value) &&
      typeof before === 'object' &&
      before &&
      !Array.isArray(before)
        ? merge(before, value)
        : value;
  }
  return merged;
}

const patternsOf = (value: unknown) => (typeof value === 'string' ? value.split('\n') : []);

/**
 * Reads the configuration of the site in a folder of a tree.
 *
 * @param folder - where the configuration stands: '' or a path
 * @param name - of the configuration file when it is known
 */
export async function readConfig(tree: FileTree, folder = '', name?: string): Promise<MkdocsConfig> {
  const notes: Note[] = [];
  let file: string | undefined;
  let bytes: Uint8Array | undefined;
  for (const candidate of name === undefined ? fileNames : [name]) {
    const path = posix.join(folder, candidate);
    // One that is too long is there too: reading it again says so.
    const found = await tree.read(path, { mostBytes: longestConfig }).catch(() => 'unreadable' as const);
    if (found === undefined) continue;
    file = path;
    if (found !== 'unreadable') bytes = found;
    break;
  }
  const { values, own } =
    file === undefined ? { values: {} as JsonObject, own: undefined } : await readChain(tree, file, notes, bytes);
  const plugins = named(values['plugins']);
  const optionsOf = (plugin: string) => object(plugins.find(({ name: each }) => each === plugin)?.options);
  for (const [index, { name: plugin }] of plugins.entries()) {
    if (builtIn.has(plugin) || harmless.has(plugin)) continue;
    notes.push({
      code: 'TECHDOCS_PLUGIN_UNKNOWN',
      severity: 'warning',
      message: `The MkDocs plugin '${plugin.slice(0, 80)}' does not run here`,
      fix: 'What it would add to the pages is missing; the rest is shown. Remove it from plugins if the pages do not need it.',
      ...(file !== undefined && { file }),
      ...line(own, ['plugins', index]),
    });
  }
  const theme = object(values['theme']);
  const extra = object(values['extra']);
  const same = plugins.some(({ name: plugin }) => plugin === 'same-dir');
  const docsDir = text(values['docs_dir']) ?? 'docs';
  const optional = <K extends string>(key: K, value: string | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [key in K]?: string };
  const extensions = named(values['markdown_extensions']).map(({ name: each, options }) => ({
    name: each.replace(/^markdown\.extensions\./, ''),
    options: options,
  }));
  for (const each of unknownExtensions(extensions))
    notes.push({
      code: 'TECHDOCS_EXTENSION_UNKNOWN',
      severity: 'warning',
      message: `The Markdown extension '${each.slice(0, 80)}' is not known`,
      fix: 'What it would change is shown as written. Remove it from markdown_extensions, or write the pages without it.',
      ...(file !== undefined && { file }),
      ...line(own && { lineOf: () => own.lineSaying(each, ['markdown_extensions']) }, []),
    });
  const hasMacros = [...plugins, ...extensions].some(({ name: each }) => /(?:^|\.)macros$/.test(each));
  if (optionsOf('techdocs-core')['use_pymdownx_blocks'] === true)
    for (const block of ['admonition', 'details', 'tab'])
      extensions.push({ name: `pymdownx.blocks.${block}`, options: {} });
  return {
    ...optional('file', file),
    ...optional('siteName', text(values['site_name'])),
    ...optional('description', text(values['site_description'])),
    docsDir: same && docsDir === 'docs' ? '.' : docsDir,
    ...(values['nav'] !== undefined && values['nav'] !== null && { nav: values['nav'] }),
    excluded: [
      ...patternsOf(values['exclude_docs']),
      ...list(optionsOf('exclude')['glob']).flatMap((each) =>
        typeof each === 'string' ? [`/${each.replace(/^\//, '')}`] : [],
      ),
    ],
    notInNav: patternsOf(values['not_in_nav']),
    redirects: Object.entries(object(optionsOf('redirects')['redirect_maps'])).flatMap(([from, to]) =>
      typeof to === 'string' ? [[from, to] as [string, string]] : [],
    ),
    extensions,
    // Who names extensions and not the plugin has written for MkDocs itself.
    profile:
      extensions.length > 0 && !plugins.some(({ name: plugin }) => plugin === 'techdocs-core') ? 'mkdocs' : 'techdocs',
    plugins: new Set(plugins.map(({ name: plugin }) => plugin)),
    isWithoutPlugins: Array.isArray(values['plugins']) && values['plugins'].length === 0,
    features: list(theme['features'])
      .flatMap((feature) => (typeof feature === 'string' ? [feature] : []))
      .slice(0, 100),
    ...optional('copyright', text(values['copyright'])),
    ...optional('repoUrl', text(values['repo_url'])),
    ...optional('editUri', text(values['edit_uri'])),
    // Without the plugin, braces are text: documents show templates of all kinds.
    variables: hasMacros
      ? {
          config: {
            site_name: text(values['site_name']) ?? '',
            repo_url: text(values['repo_url']) ?? '',
            site_url: text(values['site_url']) ?? '',
            extra,
          },
          ...extra,
        }
      : {},
    notes,
    lineOf: (path) => own?.lineOf(path),
    lineSaying: (value, below) => own?.lineSaying(value, below),
  };
}
