import { alertExtensions } from './formats/alerts.ts';
import type { JsonObject, JsonValue, MarkdownExtension, MarkdownOptions } from './types.ts';

/** The extensions in force by their short names, with their options. */
export type Features = {
  has(name: string): boolean;
  option(name: string, key: string): JsonValue | undefined;
  /** Spaces that nest a list. */
  listIndent: number;
  /** Extensions that nothing here knows. */
  unknown: string[];
};

const bundles: Record<string, string[]> = {
  extra: ['fenced_code', 'footnotes', 'attr_list', 'def_list', 'tables', 'abbr', 'md_in_html'],
  'pymdownx.extra': [
    'pymdownx.betterem',
    'pymdownx.superfences',
    'footnotes',
    'attr_list',
    'def_list',
    'tables',
    'abbr',
    'md_in_html',
  ],
};

/** Extensions that stand on others. */
const needs: Record<string, string[]> = {
  'pymdownx.blocks.admonition': ['blocks', 'admonition'],
  'pymdownx.blocks.details': ['blocks', 'pymdownx.details'],
  'pymdownx.blocks.tab': ['blocks', 'pymdownx.tabbed'],
  'pymdownx.blocks.html': ['blocks'],
  'pymdownx.blocks.definition': ['blocks'],
  'pymdownx.blocks.caption': ['blocks'],
};

const techdocs: MarkdownExtension[] = [
  { name: 'admonition', options: {} },
  { name: 'toc', options: { permalink: true } },
  { name: 'pymdownx.caret', options: {} },
  { name: 'pymdownx.critic', options: {} },
  { name: 'pymdownx.details', options: {} },
  { name: 'pymdownx.emoji', options: {} },
  { name: 'pymdownx.inlinehilite', options: {} },
  { name: 'pymdownx.magiclink', options: {} },
  { name: 'pymdownx.mark', options: {} },
  { name: 'pymdownx.smartsymbols', options: {} },
  { name: 'pymdownx.snippets', options: {} },
  { name: 'pymdownx.superfences', options: {} },
  { name: 'pymdownx.highlight', options: { linenums: true } },
  { name: 'pymdownx.extra', options: {} },
  { name: 'pymdownx.betterem', options: { smart_enable: 'all' } },
  { name: 'pymdownx.tabbed', options: { alternate_style: true } },
  { name: 'pymdownx.tasklist', options: { custom_checkbox: true } },
  { name: 'pymdownx.tilde', options: {} },
  { name: 'mdx_truly_sane_lists', options: { nested_indent: 2, truly_sane: true } },
  { name: 'alerts', options: {} },
];

const known = new Set([
  ...alertExtensions,
  ...(
    'toc tables fenced_code admonition abbr attr_list def_list footnotes md_in_html meta nl2br sane_lists smarty wikilinks codehilite ' +
    'legacy_attrs legacy_em alerts mdx_truly_sane_lists markdown_include.include mdx_include mdx_math mermaid2 plantuml_markdown ' +
    'markdown_inline_graphviz markdown_graphviz_inline mkdocs_graphviz macros ' +
    'pymdownx.arithmatex pymdownx.b64 pymdownx.betterem pymdownx.caret pymdownx.critic pymdownx.details pymdownx.emoji ' +
    'pymdownx.escapeall pymdownx.highlight pymdownx.inlinehilite pymdownx.keys pymdownx.magiclink pymdownx.mark pymdownx.pathconverter ' +
    'pymdownx.progressbar pymdownx.saneheaders pymdownx.smartsymbols pymdownx.snippets pymdownx.striphtml pymdownx.superfences ' +
    'pymdownx.tabbed pymdownx.tasklist pymdownx.tilde ' +
    'pymdownx.blocks.admonition pymdownx.blocks.details pymdownx.blocks.tab pymdownx.blocks.html pymdownx.blocks.definition pymdownx.blocks.caption'
  ).split(' '),
]);

const shortName = (name: string) =>
  name.replace(/^markdown\.extensions\./, '').replace(/^material\.extensions\./, 'pymdownx.');

/** Those of the extensions that nothing here knows, by their names. */
export const unknownExtensions = (extensions: readonly MarkdownExtension[]): string[] =>
  featuresOf({ profile: 'mkdocs', extensions: [...extensions] }).unknown;

/** What the options of a page switch on. */
export function featuresOf(options: Pick<MarkdownOptions, 'profile' | 'extensions'>): Features {
  const found = new Map<string, JsonObject>();
  const unknown: string[] = [];
  const add = ({ name, options: own }: MarkdownExtension) => {
    const short = shortName(name);
    for (const part of bundles[short] ?? []) if (!found.has(part)) found.set(part, {});
    if (bundles[short]) {
      for (const part of bundles[short]) {
        const nested = own[part];
        if (nested && typeof nested === 'object' && !Array.isArray(nested))
          found.set(part, { ...found.get(part), ...nested });
      }
      return;
    }
    for (const part of needs[short] ?? []) if (!found.has(part)) found.set(part, {});
    if (!known.has(short) && !unknown.includes(name)) unknown.push(name);
    found.set(short, { ...found.get(short), ...own });
  };
  for (const name of ['toc', 'tables', 'fenced_code']) add({ name, options: {} });
  if (options.profile === 'techdocs') techdocs.forEach(add);
  options.extensions.forEach(add);
  const indent = found.get('mdx_truly_sane_lists')?.nested_indent;
  return {
    has: (name) => found.has(name),
    option: (name, key) => found.get(name)?.[key],
    listIndent: found.has('mdx_truly_sane_lists')
      ? typeof indent === 'number' && indent > 0 && indent <= 8
        ? indent
        : 2
      : 4,
    unknown,
  };
}
