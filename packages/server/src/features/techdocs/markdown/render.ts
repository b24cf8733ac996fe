import { abbreviation, definitionList, footnote } from './blocks/definitions.ts';
import {
  emptyBlock,
  hashHeading,
  indentedCode,
  paragraph,
  quote,
  reference,
  rule,
  setextHeading,
} from './blocks/basic.ts';
import { admonition, details, tabs } from './blocks/containers.ts';
import { finishGenericBlocks, genericBlock } from './blocks/generic.ts';
import { islandBlock } from './blocks/islands.ts';
import { indented, list } from './blocks/lists.ts';
import type { BlockParser, Processor } from './blocks/parser.ts';
import { parseText } from './blocks/parser.ts';
import { table } from './blocks/tables.ts';
import { featuresOf, type Features } from './features.ts';
import { alertExtensions, convertAlerts } from './formats/alerts.ts';
import { shortenLinks } from './formats/repository-links.ts';
import { parseTree } from './inline/parse.ts';
import { close, longestSource, note, open, type Page } from './page.ts';
import { stashCritic } from './pre/critic.ts';
import { stashDiagrams } from './pre/diagrams.ts';
import { stashFences } from './pre/fences.ts';
import { readFrontMatter, withoutMeta } from './pre/front-matter.ts';
import { convertGenericBlocks } from './pre/generic-blocks.ts';
import { stashHtml } from './pre/html.ts';
import { expandMacros } from './pre/macros.ts';
import { mathBlock } from './pre/math.ts';
import { includeSnippets } from './pre/snippets.ts';
import { applyAttributeLists } from './tree/attribute-lists.ts';
import { addBackLinks, addFootnotes } from './tree/footnotes.ts';
import { identifyHeadings } from './tree/headings.ts';
import { element, source } from './tree/nodes.ts';
import { headingLineFinder, lineFinder } from './tree/lines.ts';
import { resolveLinks } from './tree/page-links.ts';
import { sectionsOf } from './tree/sections.ts';
import { markTasks } from './tree/task-lists.ts';
import { applyTypography } from './tree/typography.ts';
import { write } from './tree/write.ts';
import type { MarkdownOptions, RenderedMarkdown } from './types.ts';

const mathOnly: Processor = (parser, parent, blocks) => {
  const placeholder = mathBlock(parser.page, blocks.at(-1) ?? '');
  if (!placeholder) return false;
  blocks.pop();
  parent.children.push(source(placeholder));
  return true;
};

/** The block processors in the order in which they are asked. */
function processorsOf({ has, listIndent }: Features): Processor[] {
  const saneTruly = has('mdx_truly_sane_lists');
  const sane = saneTruly || has('sane_lists');
  const listRules = { indent: listIndent, mixed: !sane, apart: saneTruly, ordered: sane && !saneTruly };
  const order: (Processor | false)[] = [
    has('admonition') && admonition,
    has('pymdownx.details') && details,
    has('pymdownx.tabbed') && tabs,
    has('blocks') && genericBlock,
    has('md_in_html') && islandBlock,
    emptyBlock,
    indented(listIndent, ['li'], ['ul', 'ol']),
    has('def_list') && indented(listIndent, ['dd', 'li'], ['dl', 'ol', 'ul']),
    indentedCode,
    has('pymdownx.arithmatex') && mathOnly,
    table,
    hashHeading,
    setextHeading,
    rule,
    list({ ...listRules, tag: 'ol' }),
    list({ ...listRules, tag: 'ul' }),
    has('def_list') && definitionList(listIndent),
    quote,
    has('footnotes') && footnote,
    has('abbr') && abbreviation,
    reference,
    paragraph,
  ];
  return order.filter((one) => one !== false);
}

const control = new RegExp(`[${open}${close}]`, 'g');

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  return text
    .split('\n')
    .map((line) => {
      if (!line.includes('\t')) return line;
      let out = '';
      for (const part of line.split('\t').slice(0, -1)) {
        out += part;
        out += ' '.repeat(4 - (out.length % 4));
      }
      return out + (line.split('\t').at(-1) ?? '');
    })
    .join('\n');
}

const withNewLines = (text: string) => (text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text);

function normalise(text: string): string {
  const own = `${expandTabs(withNewLines(text.replaceAll(control, '')))}\n\n`;
  return own.includes(' \n') ? own.replaceAll(/\n +(?=\n)/g, '\n') : own;
}

/** Renders one page. Never throws for what is written in it; what cannot be rendered is a note. */
export function renderMarkdown(text: string, options: MarkdownOptions): RenderedMarkdown {
  const features = featuresOf(options);
  const page: Page = {
    options,
    features,
    stash: [],
    fences: new Map(),
    islands: new Set(),
    blocks: [],
    inline: [],
    references: new Map(),
    footnotes: new Map(),
    footnoteUses: new Map(),
    abbreviations: new Map(),
    links: [],
    notes: [],
    tabSets: 0,
    work: 0,
    workLimit: 40_000_000 + text.length * 20,
  };
  let original = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (original.length > longestSource) {
    original = original.slice(0, longestSource);
    note(page, {
      code: 'DOCS_PAGE_TOO_LONG',
      message: `The page is longer than ${longestSource} characters; only its beginning is shown.`,
      fix: 'Split it into several pages.',
      line: 1,
    });
  }
  const { data, body, lines, fault } = readFrontMatter(withNewLines(original));
  if (fault)
    note(page, {
      code: 'DOCS_FRONT_MATTER_UNREADABLE',
      message: `The front matter cannot be read, and is shown as text: ${fault.message}.`,
      fix: 'Correct the YAML between the lines of hyphens; a text with a colon needs quotes.',
      line: fault.line,
    });
  const root = parsePage(page, body);
  const lineOf = headingLineFinder(body, lines);
  const headings = identifyHeadings(page, root);
  applyTypography(page, root);
  resolveLinks(page, root, lineFinder(body, lines));
  const found = headings.map(({ level, id, text: title, html }) => ({
    level,
    id,
    text: title,
    html: resolveRaw(page, html),
    line: lineOf(title),
  }));
  for (const name of features.unknown)
    note(page, {
      code: 'DOCS_UNKNOWN_EXTENSION',
      message: `The Markdown extension ${JSON.stringify(name)} is not known; what it would change is shown as written.`,
      fix: 'Remove it from markdown_extensions, or write these pages without it.',
      line: 1,
    });
  const title = typeof data.title === 'string' ? data.title : found.find(({ level }) => level === 1)?.text;
  const tags = Array.isArray(data.tags) ? data.tags.map(String) : undefined;
  return {
    html: resolveRaw(page, write(root.children)),
    ...(title !== undefined && { title }),
    frontMatter: data,
    headings: found,
    links: page.links,
    sections: sectionsOf(root),
    notes: page.notes,
    ...(tags && { tags }),
  };
}

/** From text to a finished tree, without headings' ids, typography and links. */
function parsePage(page: Page, body: string) {
  const { features } = page;
  let current = body;
  if (alertExtensions.some((name) => features.has(name))) current = convertAlerts(current);
  current = expandMacros(page, current);
  current = includeSnippets(page, current);
  current = normalise(current);
  if (features.has('meta')) current = withoutMeta(current);
  if (features.has('blocks')) current = convertGenericBlocks(page, current);
  current = stashFences(page, current);
  if (features.has('pymdownx.critic')) current = stashCritic(page, current);
  current = stashDiagrams(page, current);
  current = stashHtml(page, current);
  const root = element('div');
  const parser: BlockParser = { page, processors: processorsOf(features), states: [], depth: 0 };
  parseText(parser, root, current);
  finishGenericBlocks(page, root);
  if (features.has('footnotes')) addFootnotes(parser, root);
  if (features.has('pymdownx.tasklist')) markTasks(page, root);
  parseTree(page, root);
  addBackLinks(page, root);
  shortenLinks(features, root);
  if (features.has('attr_list')) applyAttributeLists(root);
  return root;
}

const placeholder = new RegExp(`${open}([hieb])(\\d+)${close}`, 'g');

/** Puts back what still stands for something inside raw HTML. */
function resolveRaw(page: Page, html: string, depth = 0): string {
  if (!html.includes(open)) return html;
  return html.replaceAll(placeholder, (_all, kind: string, number: string) => {
    if (kind === 'e') return String.fromCharCode(Number(number));
    // In code, a block is what the author wrote.
    if (kind === 'b') return write([page.blocks[Number(number)]?.source ?? '']);
    const node = kind === 'h' ? page.stash[Number(number)] : page.inline[Number(number)];
    return node === undefined || depth > 5 ? '' : resolveRaw(page, write([node]), depth + 1);
  });
}
