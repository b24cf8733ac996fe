import { attributesOf, selectorOf, textAt } from '../blocks/selector.ts';
import { close, open, spend, stash, type GenericBlock, type Page } from '../page.ts';
import { element } from '../tree/nodes.ts';
import type { JsonObject } from '../types.ts';
import { parseYaml } from './yaml.ts';

/** What the generic blocks of pymdownx stand for, by extension. */
const admonitionTypes = new Set(
  'note attention caution danger error tip hint warning info success question failure bug example quote abstract'.split(
    ' ',
  ),
);
const opening = /^( *)(\/{3,}) +([\w-]+)(?: +\| *(.*?))? *$/;
const closing = /^ *\/{3,} *$/;
const optionLine = /^ {4,}\S/;
const captionArgument = /^([<>])? *(?:(\^)?([1-9]\d*(?:\.[1-9]\d*)*))?$/;
const verbatim = new Set(['pre', 'script', 'style', 'textarea', 'canvas', 'math', 'option']);
const deepest = 20;
const mostOptions = 50;

type Block = { name: string; title: string; options: JsonObject; lines: string[]; source: string };

const quoted = (text: string) => `"${text.replaceAll('"', "'")}"`;

/** The settings of a block; undefined when the lines are none. */
function readOptions(lines: string[]): JsonObject | undefined {
  if (lines.length > mostOptions) return undefined;
  try {
    const data = parseYaml(lines.join('\n'), 0);
    return data && typeof data === 'object' && !Array.isArray(data)
      ? (JSON.parse(JSON.stringify(data)) as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The kinds of caption that a site has, with what stands before the text. */
export function captionTypes({ option }: Page['features']): Map<string, string> {
  const types = option('pymdownx.blocks.caption', 'types');
  const standard = [
    'caption',
    { name: 'figure-caption', prefix: 'Figure {}.' },
    { name: 'table-caption', prefix: 'Table {}.' },
  ];
  return new Map(
    (Array.isArray(types) ? types : standard).flatMap((each): [string, string][] =>
      typeof each === 'string'
        ? [[each, '']]
        : each && typeof each === 'object' && !Array.isArray(each) && textAt(each, 'name') !== undefined
          ? [[textAt(each, 'name')!, textAt(each, 'prefix') ?? '']]
          : [],
    ),
  );
}

/** A line that opens a block which has no older syntax, and its content below it. */
function marked(page: Page, block: GenericBlock, body: string[]): string[] {
  page.blocks.push(block);
  return ['', `${open}b${page.blocks.length - 1}${close}`, ...body, ''];
}

/** A block in the older syntax, or with a mark of its own; undefined when the site has no such block. */
function asWritten(page: Page, { name, title, options, lines, source }: Block): string[] | undefined {
  const { has } = page.features;
  const body = lines.map((line) => (line === '' ? '' : `    ${line}`));
  const type = textAt(options, 'type') ?? '';
  const attributes = attributesOf(options['attrs']);
  const classes = attributes.class === undefined ? '' : ` ${attributes.class}`;
  if (has('pymdownx.blocks.admonition') && (name === 'admonition' || admonitionTypes.has(name))) {
    const kind = name === 'admonition' ? type || 'note' : name;
    return [
      '',
      `!!! ${kind}${classes}${title === '' && name !== 'admonition' ? '' : ` ${quoted(title)}`}`,
      ...body,
      '',
    ];
  }
  if (has('pymdownx.blocks.details') && name === 'details')
    return [
      '',
      `???${options['open'] === true ? '+' : ''}${`${type}${classes}`.trim() === '' ? '' : ` ${`${type}${classes}`.trim()}`} ${quoted(title)}`,
      ...body,
      '',
    ];
  if (has('pymdownx.blocks.tab') && name === 'tab')
    return ['', `===${options['new'] === true ? '!' : ''} ${quoted(title)}`, ...body, ''];
  if (has('pymdownx.blocks.definition') && name === 'define' && title === '')
    return marked(page, { kind: 'definition', attributes, source }, body);
  if (has('pymdownx.blocks.html') && name === 'html') {
    const found = selectorOf(title);
    if (!found) return undefined;
    const { tag } = found;
    const all = { ...attributes, ...found.attributes };
    const mode = textAt(options, 'markdown') ?? 'auto';
    if (mode === 'raw' || (mode === 'auto' && verbatim.has(tag)))
      return ['', stash(page, { ...element(tag, all, [lines.join('\n')]), atomic: true }), ''];
    return marked(page, { kind: 'html', tag, attributes: all, mode, source }, body);
  }
  const argument = captionArgument.exec(title);
  if (has('pymdownx.blocks.caption') && argument && captionTypes(page.features).has(name)) {
    const [, place, isLevel, number] = argument;
    const { option } = page.features;
    const prepends = place === undefined ? option('pymdownx.blocks.caption', 'prepend') === true : place === '<';
    return marked(
      page,
      {
        kind: 'caption',
        source,
        type: name,
        prepends,
        attributes,
        ...(number !== undefined && (isLevel === undefined ? { number } : { level: Number.parseInt(number, 10) })),
      },
      body,
    );
  }
  return undefined;
}

/** Takes the blocks of `///` apart and writes them so that they nest by indentation. Not inside fenced code. */
export function convertGenericBlocks(page: Page, text: string, depth = 0): string {
  if (!text.includes('///') || depth > deepest) return text;
  const lines = text.split('\n');
  const out: string[] = [];
  const ends = new Map<string, number>();
  for (const [index, line] of lines.entries()) if (closing.test(line)) ends.set(line.trimEnd(), index);
  let fence = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && (!fence || line.trim().startsWith(fence))) fence = fence ? '' : mark;
    const match = fence ? null : opening.exec(line);
    const [, indent = '', slashes = '', name = '', title = ''] = match ?? [];
    const closer = `${indent}${slashes}`;
    let end = match && (ends.get(closer) ?? -1) > index ? index + 1 : -1;
    while (end > 0 && lines[end]?.trimEnd() !== closer) end++;
    if (!match || end < 0 || !spend(page, end - index)) {
      out.push(line);
      continue;
    }
    const inside = lines.slice(index + 1, end).map((other) => other.slice(Math.min(indent.length, leading(other))));
    const first = inside.findIndex((other) => !optionLine.test(other));
    const head = inside.slice(0, first < 0 ? inside.length : first);
    const options = head.length === 0 ? {} : readOptions(head);
    const content = convertGenericBlocks(page, inside.slice(options ? head.length : 0).join('\n'), depth + 1).split(
      '\n',
    );
    const written = asWritten(page, { name, title, options: options ?? {}, lines: content, source: line.trim() });
    if (!written) {
      out.push(line);
      continue;
    }
    out.push(...written.map((other) => (other === '' ? '' : indent + other)));
    index = end;
  }
  return out.join('\n');
}

const leading = (line: string) => line.length - line.trimStart().length;
