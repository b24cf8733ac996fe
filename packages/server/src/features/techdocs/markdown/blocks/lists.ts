import { append, isElement, isSource, lastElement, setSource, type Element } from '../tree/nodes.ts';
import { close, open } from '../page.ts';
import {
  inState,
  looseDetab,
  parseBlocks,
  parseText,
  within,
  wrapText,
  type BlockParser,
  type Processor,
} from './parser.ts';

const fenceChild = new RegExp(`^[ ]{2,3}${open}h\\d+${close}(?=\\n|$)`);

const nextItem = /\n(?=(?:[*+-]|\d{1,9}[.)])[ ]+\S)/;

/** Blocks that are indented under a list's item, or under a definition. */
export function indented(indent: number, items: string[], lists: string[]): Processor {
  const prefix = ' '.repeat(indent);
  return (parser, parent, blocks) => {
    const block = blocks.at(-1) ?? '';
    const sibling = lastElement(parent);
    const belongs = items.includes(parent.tag) || (sibling && lists.includes(sibling.tag));
    if (!belongs || inState(parser, 'detabbed')) return false;
    const fence =
      !block.startsWith(prefix) && sibling && lists.includes(sibling.tag) ? fenceChild.exec(block)?.[0] : undefined;
    if (!fence && !block.startsWith(prefix)) return false;
    blocks.pop();
    if (fence && block.length > fence.length) blocks.push(block.slice(fence.length + 1));
    const wanted = fence ? 1 : Math.floor((block.length - block.trimStart().length) / indent);
    const [level, target] = findLevel(parser, parent, fence ? 1 : wanted, items, lists);
    let own = fence ? fence.trimStart() : block;
    // An item that starts at the margin ends what is indented above it, with or without a blank line.
    const item = fence ? null : nextItem.exec(block);
    if (item) {
      own = block.slice(0, item.index);
      blocks.push(block.slice(item.index + 1));
    }
    const text = fence ? own : looseDetab(own, level * indent);
    within(parser, 'detabbed', () => {
      const last = lastElement(target);
      if (items.includes(parent.tag)) {
        const inner = lastElement(parent);
        parseBlocks(parser, inner && lists.includes(inner.tag) ? inner : parent, [text]);
      } else if (items.includes(target.tag)) parseBlocks(parser, target, [text]);
      else if (last && items.includes(last.tag)) {
        wrapText(last);
        parseText(parser, last, text);
      } else parseBlocks(parser, append(target, items[0] === 'dd' ? 'dd' : 'li'), [text]);
    });
    return true;
  };
}

function findLevel(
  parser: BlockParser,
  start: Element,
  wanted: number,
  items: string[],
  lists: string[],
): [number, Element] {
  let level = inState(parser, 'list') ? 1 : 0;
  let parent = start;
  while (wanted > level) {
    const child = lastElement(parent);
    if (!child || !(lists.includes(child.tag) || items.includes(child.tag))) break;
    if (lists.includes(child.tag)) level++;
    parent = child;
  }
  return [level, parent];
}

type ListRules = {
  tag: 'ol' | 'ul';
  indent: number;
  /** Lists of either kind are continued by the other, as in plain Python-Markdown. */
  mixed: boolean;
  /** A blank line between two bullets starts a new list. */
  apart: boolean;
  ordered: boolean;
};

/** Lists of one kind. */
export function list({ tag, indent, mixed, apart, ordered }: ListRules): Processor {
  const numbers = String.raw`\d{1,18}[.)]`;
  const bullets = '[*+-]';
  const own = tag === 'ol' ? numbers : bullets;
  const start = new RegExp(String.raw`^[ ]{0,${indent - 1}}${own}[ ]+`);
  const child = new RegExp(String.raw`^[ ]{0,${indent - 1}}(?:${mixed ? `${numbers}|${bullets}` : own})[ ]+(.*)$`);
  const nested = new RegExp(String.raw`^[ ]{${indent},${indent * 2 - 1}}(?:${numbers}|${bullets})[ ]+`);
  const siblings = mixed ? ['ol', 'ul'] : [tag];
  const prefix = ' '.repeat(indent);

  const itemsOf = (block: string) => {
    const items: string[][] = [];
    for (const line of block.split('\n')) {
      const match = child.exec(line);
      const last = items.at(-1);
      if (match) items.push([match[1] ?? '']);
      else if (nested.test(line) && last && !last[0]?.startsWith(prefix)) items.push([line]);
      else last?.push(line);
    }
    return items.map((lines) => lines.join('\n'));
  };

  return (parser, parent, blocks) => {
    const block = blocks.at(-1) ?? '';
    if (!start.test(block)) return false;
    blocks.pop();
    const items = itemsOf(block);
    const sibling = lastElement(parent);
    let target: Element;
    if (
      sibling &&
      siblings.includes(sibling.tag) &&
      !(apart && sibling.tag === 'ul') &&
      isElement(lastElement(sibling))
    ) {
      target = sibling;
      loosen(lastElement(sibling) as Element);
      const item = append(target, 'li');
      within(parser, 'looselist', () => parseBlocks(parser, item, [items.shift() ?? '']));
    } else if (parent.tag === 'ol' || parent.tag === 'ul') target = parent;
    else {
      const first = /\d+/.exec(block)?.[0];
      target = append(
        parent,
        tag,
        ordered && tag === 'ol' && first && Number(first) !== 1 ? { start: String(Number(first)) } : {},
      );
    }
    within(parser, 'list', () => {
      for (const item of items) {
        const last = lastElement(target);
        if (item.startsWith(prefix) && last) parseBlocks(parser, last, [item]);
        else parseBlocks(parser, append(target, 'li'), [item]);
      }
    });
    return true;
  };
}

/** Makes paragraphs of the texts of an item that is followed by a blank line. */
function loosen(item: Element) {
  wrapText(item);
  const last = item.children.at(-1);
  if (item.children.length > 1 && isSource(last) && last.source) {
    item.children.pop();
    setSource(append(item, 'p'), last.source.trimStart());
  }
}
