import { element, type Element } from '../tree/nodes.ts';
import { stash, type Page } from '../page.ts';
import { readAttributes } from '../tree/attribute-lists.ts';
import { formatFence, type FenceHeader } from './fence-formats.ts';

const opening = /^(`{3,}|~{3,})[ \t]*(.*)$/;
const languageOf = /^(?![\w-]+=)\.?((?:[\w#.+/:-]*[\w#.+/-])?)/;
const option = /([a-z][\w-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))/gi;

const headerPart = /[\s,]*(?:[\w-]+=(?:"[^"]*"|'[^']*'|[^\s"'{}]*)|[\w.-]+(?=[\s,{]|$)|\{[^}]*\}|\[[^\]]*\]|$)/y;

/** A language, then options or words; anything else is no header but text between backticks. */
function isHeader(info: string): boolean {
  headerPart.lastIndex = languageOf.exec(info)?.[0].length ?? 0;
  while (headerPart.lastIndex < info.length) if (!headerPart.test(info)) return false;
  return true;
}

function readHeader(info: string): FenceHeader {
  const classes: string[] = [];
  const options: Record<string, string> = {};
  let id: string | undefined;
  let language = '';
  const braces = /\{:?([^}]*)\}/.exec(info);
  if (braces) {
    for (const [name, value] of readAttributes(braces[1] ?? '')) {
      if (name === '.') classes.push(value);
      else if (name === 'id') id = value;
      else options[name] = value;
    }
  }
  if (braces?.index === 0) language = classes.shift() ?? '';
  else {
    const rest = braces ? info.slice(0, braces.index) : info;
    language = /^[a-z][\w-]*=/i.test(rest) ? '' : (languageOf.exec(rest)?.[1] ?? '');
    for (const match of rest.matchAll(option)) options[match[1] ?? ''] = match[2] ?? match[3] ?? match[4] ?? '';
  }
  return { language, classes, options, ...(id && { id }) };
}

type Open = {
  start: number;
  first: string;
  fence: string;
  prefix: string;
  quotes: number;
  header: string;
  lines: string[];
  empty: number;
};

const prefixLength = (line: string, most: number) => {
  let length = 0;
  while (length < most && (line[length] === '>' || line[length] === ' ')) length++;
  return length;
};
const quotesIn = (prefix: string) => prefix.split('>').length - 1;

/** Whether a line goes on with a fence: 'take', 'close' or 'fail'. */
function judge(fence: Open, line: string) {
  const length = prefixLength(line, fence.prefix.length);
  const prefix = line.slice(0, length);
  const content = line.slice(length);
  const closes = content.startsWith(fence.fence) && content.slice(fence.fence.length).trim() === '';
  if (fence.quotes === 0) {
    if (quotesIn(prefix) > 0) return 'fail';
    if (line.trim() === '') return 'take';
    if (length !== fence.prefix.length && content !== '') return 'fail';
    return closes ? 'close' : 'take';
  }
  const quotes = quotesIn(prefix);
  if (quotes > fence.quotes) return 'fail';
  if (content === '') {
    fence.empty++;
    return 'take';
  }
  if (length < fence.prefix.length || (fence.empty > 0 && quotes < fence.quotes)) return 'fail';
  fence.empty = 0;
  return closes ? 'close' : 'take';
}

/**
 * Puts fenced code aside, at any indentation and inside quotes. Headers that pymdownx refuses are read all the same: what the author
 * plainly meant is code.
 */
export function stashFences(page: Page, text: string): string {
  if (!text.includes('```') && !text.includes('~~~')) return text;
  const out: string[] = [];
  let fence: Open | undefined;
  for (const line of text.split('\n')) {
    if (!fence) {
      const length = prefixLength(line, Infinity);
      const isFence = line[length] === '`' || line[length] === '~';
      const match = isFence && opening.exec(line.slice(length));
      if (match && !match[2]?.includes('`') && isHeader((match[2] ?? '').trim())) {
        const prefix = line.slice(0, length);
        fence = {
          start: out.length,
          first: line,
          fence: match[1] ?? '',
          prefix,
          quotes: quotesIn(prefix),
          header: (match[2] ?? '').trim(),
          lines: [],
          empty: 0,
        };
      }
      out.push(line);
      continue;
    }
    const verdict = judge(fence, line);
    out.push(line);
    if (verdict === 'take') fence.lines.push(line);
    else if (verdict === 'fail') fence = undefined;
    else {
      const { start, prefix, first, lines, header } = fence;
      const code = lines.map((one) => one.slice(prefix.length)).join('\n');
      const index = page.stash.length;
      const placeholder = stash(page, build(page, readHeader(header), code));
      page.fences.set(index, { source: `${[first, ...lines].join('\n')}\n${line}`, indent: prefix.length });
      out.length = start;
      out.push(`${prefix}${placeholder}`);
      fence = undefined;
    }
  }
  return out.join('\n');
}

function build(page: Page, header: FenceHeader, code: string): Element {
  const special = formatFence(page, header, code);
  if (special) return special;
  const { language, classes, options, id } = header;
  const { title, linenums, hl_lines: lines } = options;
  const attributes: Record<string, string> = {};
  if (language) attributes.class = `language-${language}`;
  if (title) attributes['data-title'] = title;
  if (linenums && /^\d/.test(linenums)) attributes['data-linenums'] = linenums;
  if (lines && /^[\d\s-]+$/.test(lines)) attributes['data-hl-lines'] = lines;
  for (const name of Object.keys(options)) if (name.startsWith('data-')) attributes[name] = options[name] ?? '';
  const pre: Record<string, string> = {};
  if (id) pre.id = id;
  if (classes.length > 0) pre.class = classes.join(' ');
  return element('pre', pre, [element('code', attributes, [`${code}\n`])]);
}
