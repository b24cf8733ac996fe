import {
  append,
  element,
  isElement,
  isSource,
  lastElement,
  setSource,
  textOf,
  source,
  type Element,
} from '../tree/nodes.ts';
import { close, open } from '../page.ts';
import { detab, inState, parseBlocks, parseText, within, type Processor } from './parser.ts';

const isCode = (node: Element | undefined): node is Element =>
  node?.tag === 'pre' && isElement(node.children[0]) && node.children[0].tag === 'code';

function addToCode(pre: Element, text: string) {
  const [code] = pre.children;
  if (isElement(code)) code.children = [`${textOf(code.children)}${text}`];
}

export const emptyBlock: Processor = (_parser, parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (block !== '' && !block.startsWith('\n')) return false;
  blocks.pop();
  if (block.length > 1) blocks.push(block.slice(1));
  const sibling = lastElement(parent);
  if (isCode(sibling)) addToCode(sibling, block ? '\n' : '\n\n');
  return true;
};

const fenceLine = new RegExp(`^([> ]*)${open}h(\\d+)${close}$`);

export const indentedCode: Processor = (parser, parent, blocks) => {
  let block = blocks.at(-1) ?? '';
  if (!block.startsWith('    ')) return false;
  blocks.pop();
  const { fences } = parser.page;
  if (fences.size > 0 && block.includes(open))
    block = block
      .split('\n')
      .map((line) => {
        const match = fenceLine.exec(line);
        const fence = match && fences.get(Number(match[2]));
        if (!fence) return line;
        const cut = fence.indent - (match[1]?.length ?? 0);
        return cut <= 0
          ? fence.source
          : fence.source
              .split('\n')
              .map((one) => one.slice(cut))
              .join('\n');
      })
      .join('\n');
  const [code, rest] = detab(block, 4);
  const sibling = lastElement(parent);
  const text = `${code.trimEnd()}\n`;
  if (isCode(sibling) && parent.children.at(-1) === sibling) addToCode(sibling, `\n${text}`);
  else parent.children.push(element('pre', {}, [element('code', {}, [text])]));
  if (rest) blocks.push(rest);
  return true;
};

const heading = /(?:^|\n)(#{1,6})([^\n]*)(?:\n|$)/;
const spacedHeading = /(?:^|\n)(#{1,6})(?=[ \t\n]|$)([^\n]*)(?:\n|$)/;

export const hashHeading: Processor = (parser, parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (!block.includes('#')) return false;
  const match = (parser.page.features.has('pymdownx.saneheaders') ? spacedHeading : heading).exec(block);
  if (!match) return false;
  blocks.pop();
  const before = block.slice(0, match.index);
  if (before) parseBlocks(parser, parent, [before]);
  const text = (match[2] ?? '').replace(/(?<!#)#+$/, '').trim();
  setSource(append(parent, `h${match[1]?.length}`), text);
  const after = block.slice(match.index + match[0].length);
  if (after) blocks.push(after);
  return true;
};

const underlined = /^([^\n]*)\n([=-]+)[ ]*(?:\n|$)/;

export const setextHeading: Processor = (_parser, parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  const mark = block[block.indexOf('\n') + 1];
  const match = mark === '=' || mark === '-' ? underlined.exec(block) : null;
  if (!match) return false;
  blocks.pop();
  setSource(append(parent, match[2]?.startsWith('=') ? 'h1' : 'h2'), (match[1] ?? '').trim());
  const rest = block.slice(match[0].length);
  if (rest) blocks.push(rest);
  return true;
};

/** Three or more of one mark, at most two spaces between them. */
function isRule(line: string) {
  const text = line.trimEnd();
  const start = text.length - text.trimStart().length;
  const mark = text[start];
  if (start > 3 || (mark !== '-' && mark !== '*' && mark !== '_')) return false;
  let marks = 0;
  let spaces = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === mark) {
      marks++;
      spaces = 0;
    } else if (text[index] !== ' ' || ++spaces > 2) return false;
  }
  return marks >= 3;
}

export const rule: Processor = (parser, parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (!/[-*_][ ]{0,2}[-*_][ ]{0,2}[-*_]/.test(block)) return false;
  const lines = block.split('\n');
  const index = lines.findIndex(isRule);
  if (index < 0) return false;
  blocks.pop();
  const before = lines.slice(0, index).join('\n').replace(/\n+$/, '');
  if (before) parseBlocks(parser, parent, [before]);
  append(parent, 'hr');
  const after = lines
    .slice(index + 1)
    .join('\n')
    .replace(/^\n+/, '');
  if (after) blocks.push(after);
  return true;
};

const quoteLine = /^[ ]{0,3}>[ ]?(.*)$/;
const quoted = /(?:^|\n)[ ]{0,3}>/;
// Inside an item, a quote may be indented as far as the item's text: what the author plainly meant.
const quotedInItem = /(?:^|\n)(?: {0,3}>| +>(?!=))/;

export const quote: Processor = (parser, parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (!block.includes('>')) return false;
  const loose = inState(parser, 'list') || parent.tag === 'li';
  const match = (loose ? quotedInItem : quoted).exec(block);
  if (!match) return false;
  blocks.pop();
  const before = block.slice(0, match.index);
  if (before) parseBlocks(parser, parent, [before]);
  const text = block
    .slice(match.index)
    .replace(/^\n/, '')
    .split('\n')
    .map((line) => {
      const own = loose ? line.replace(/^[ ]+(?=>)/, '') : line;
      return own.trim() === '>' ? '' : (quoteLine.exec(own)?.[1] ?? line);
    })
    .join('\n');
  const sibling = lastElement(parent);
  const target = sibling?.tag === 'blockquote' ? sibling : append(parent, 'blockquote');
  within(parser, 'quote', () => parseText(parser, target, text));
  return true;
};

const definition = /^[ ]{0,3}\[([^[\]]*)\]:[ ]*\n?[ ]*([^\s]+)[ ]*(?:\n[ ]*)?((["'])(.*)\4[ ]*|\((.*)\)[ ]*)?$/m;

export const reference: Processor = (parser, _parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (!block.includes(']:')) return false;
  const match = definition.exec(block);
  if (!match) return false;
  blocks.pop();
  const url = (match[2] ?? '').replace(/^<+/, '').replace(/>+$/, '');
  const title = match[5] ?? match[6];
  parser.page.references.set((match[1] ?? '').trim().toLowerCase(), title ? { url, title } : { url });
  pushAround(blocks, block, match.index, match[0].length);
  return true;
};

/** Puts back what stood before and after a definition that was taken out of a block. */
export function pushAround(blocks: string[], block: string, start: number, length: number) {
  const after = block.slice(start + length);
  if (after.trim()) blocks.push(after.replace(/^\n+/, ''));
  const before = block.slice(0, start);
  if (before.trim()) blocks.push(before.replace(/\n+$/, ''));
}

/** Adds text to an item: before its first element, or after its last. */
function addToItem(item: Element, text: string) {
  const last = item.children.at(-1);
  if (isSource(last)) last.source += `\n${text}`;
  else if (item.children.length > 0) item.children.push(source(`\n${text}`));
  else item.children.push(source(text.trimStart()));
}

const placeholderLine = new RegExp(`^[ ]*${open}h(\\d+)${close}[ ]*$`);

export const paragraph: Processor = (parser, parent, blocks) => {
  const block = blocks.pop() ?? '';
  if (!block.trim()) return true;
  const item = inState(parser, 'list');
  const lines = block.split('\n');
  const commented = block.includes('<!--') ? linesInComments(lines) : undefined;
  const interruption = lines.findIndex(
    (_line, index) => index > 0 && !commented?.[index] && interrupts(lines, index, item),
  );
  if (interruption > 0) {
    // An item that starts with a number of an issue is no heading.
    const rest = lines.slice(interruption).map((line) => line.replace(/^( *(?:[*+-]|\d+[.)]) +)(?=#+[^#\s])/, '$1\\'));
    const indent = rest[0]?.search(/\S/) ?? 0;
    blocks.push(
      indent > 0
        ? rest.map((line) => line.slice(Math.min(indent, Math.max(line.search(/\S/), 0)))).join('\n')
        : rest.join('\n'),
    );
    lines.length = interruption;
  }
  if (!block.includes(open)) {
    addText(item, parent, lines);
    return true;
  }
  // A fence or raw HTML on lines of its own ends the paragraph around it.
  let from = 0;
  const isBlock = (line: string) => {
    const found = placeholderLine.exec(line);
    const node = found && parser.page.stash[Number(found[1])];
    return node && (node.type === 'element' || node.block);
  };
  lines.forEach((line, index) => {
    if (!isBlock(line)) return;
    addText(item, parent, lines.slice(from, index));
    setSource(append(parent, 'p'), line.trim());
    from = index + 1;
  });
  addText(item, parent, lines.slice(from));
  return true;
};

function addText(item: boolean, parent: Element, lines: string[]) {
  const text = lines.join('\n');
  if (!text.trim()) return;
  if (item) addToItem(parent, text);
  else setSource(append(parent, 'p'), text.trimStart());
}

/** Which lines start inside a comment that is closed. */
function linesInComments(lines: readonly string[]): boolean[] {
  let inside = false;
  const found = lines.map((line) => {
    const before = inside;
    const [opening, closing] = [line.lastIndexOf('<!--'), line.lastIndexOf('-->')];
    if (opening !== closing) inside = opening > closing;
    return before;
  });
  return inside ? [] : found;
}

const listLine = /^([ ]*)(?:[*+-]|1[.)])[ ]+\S/;
const tableRule = /^[ ]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$/;

/**
 * Whether a line ends the paragraph before it without a blank line: a list or a table, as everyone but Python-Markdown reads them and as
 * the author plainly meant.
 */
function interrupts(lines: string[], index: number, item: boolean) {
  const line = lines[index] ?? '';
  const list = listLine.exec(line);
  if (list) return item || (list[1]?.length ?? 0) < 4;
  const next = lines[index + 1];
  return (
    next !== undefined &&
    line.includes('|') &&
    next.includes('|') &&
    tableRule.test(next) &&
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|').length ===
      next
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|').length
  );
}
