import { append, element, isElement, lastElement, setSource, type Element } from '../tree/nodes.ts';
import type { Page } from '../page.ts';
import { detab, parseBlocks, parseText, wrapText, type BlockParser, type Processor } from './parser.ts';

const tab = 4;
const lists = new Set(['ul', 'ol', 'dl']);
const hasElements = (node: Element | undefined): node is Element => !!node && lastElement(node) !== undefined;

type Found = { target: Element; text: string; rest: string };

/**
 * Where an indented block belongs when it follows a container: into the container, or into the last item of a list at its end when the
 * block is indented far enough.
 */
function findTarget(
  parent: Element,
  original: string,
  isOwn: (node: Element) => boolean,
  innermost: (node: Element) => Element | undefined,
): Found | undefined {
  let block = original;
  let sibling = lastElement(parent);
  if (!sibling || !isOwn(sibling)) return undefined;
  let indent = 0;
  let last = innermost(sibling);
  while (hasElements(last)) {
    if (!hasElements(sibling) || !block.startsWith(' '.repeat(tab * 2))) break;
    if (last.attributes.class === 'tabbed-block' || last.attributes.class === 'tabbed-content') {
      const inner = lastElement(last);
      if (!inner || !lists.has(inner.tag)) break;
      last = inner;
    }
    if (!lists.has(last.tag)) break;
    sibling = lastElement(last);
    last = hasElements(sibling) ? lastElement(sibling) : undefined;
    block = block.slice(tab);
    indent += tab;
  }
  if (!sibling || !block.startsWith(' '.repeat(tab))) return undefined;
  const [text, rest] = detab(original, indent + tab);
  return { target: sibling, text, rest };
}

/** A container that a marker line opens and indented blocks continue. */
export function container(
  mark: string,
  start: RegExp,
  isOwn: (node: Element) => boolean,
  innermost: (node: Element) => Element | undefined,
  content: (node: Element) => Element,
  build: (parser: BlockParser, parent: Element, match: RegExpExecArray) => Element,
): Processor {
  return (parser, parent, blocks) => {
    const block = blocks.at(-1) ?? '';
    const match = block.includes(mark) ? start.exec(block) : null;
    if (match) {
      blocks.pop();
      const before = block.slice(0, match.index);
      if (match.index > 0) parseBlocks(parser, parent, [before]);
      const [text, rest] = detab(block.slice(match.index + match[0].length), tab);
      parseText(parser, build(parser, parent, match), text);
      if (rest) blocks.push(rest);
      return true;
    }
    if (!block.startsWith(' ')) return false;
    const found = findTarget(parent, block, isOwn, innermost);
    if (!found) return false;
    blocks.pop();
    const { target, text, rest } = found;
    if (target.tag === 'li' || target.tag === 'dd') wrapText(target);
    parseText(parser, isOwn(target) ? content(target) : target, text);
    if (rest) blocks.push(rest);
    return true;
  };
}

const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
const classOf = (text: string) => text.toLowerCase().replaceAll(/ {2,}/g, ' ');

export const admonition = container(
  '!!!',
  /(?:^|\n)!!! ?([\w-]+(?: +[\w-]+)*)(?: +"([^\n]*?)")? *(?:\n|$)/,
  (node) => (node.attributes.class ?? '').includes('admonition'),
  lastElement,
  (node) => node,
  (_parser, parent, match) => {
    const name = classOf(match[1] ?? '');
    const title = match[2] ?? capitalised(name.split(' ')[0] ?? '');
    const box = append(parent, 'div', { class: `admonition ${name}` });
    if (title) setSource(append(box, 'p', { class: 'admonition-title' }), title);
    return box;
  },
);

export const details = container(
  '???',
  /(?:^|\n)\?{3}(\+)? ?(?:([\w-]+(?: +[\w-]+)*)?(?: +"([^\n]*?)")|([\w-]+(?: +[\w-]+)*)) *(?:\n|$)/,
  (node) => node.tag === 'details',
  lastElement,
  (node) => node,
  (_parser, parent, match) => {
    const name = classOf(match[4] ?? match[2] ?? '');
    const title = match[4] === undefined ? (match[3] ?? '') : capitalised(name.split(' ')[0] ?? '');
    const box = append(parent, 'details', { ...(name && { class: name }), ...(match[1] && { open: 'open' }) });
    setSource(append(box, 'summary'), title);
    return box;
  },
);

const tabSet = 'tabbed-set tabbed-alternate';
/** The older form, in which each label is followed by what it shows. */
const plainTabSet = 'tabbed-set';
const isTabSet = (node: Element | undefined) =>
  node?.attributes.class === tabSet || node?.attributes.class === plainTabSet;
const part = (set: Element, name: string) =>
  set.children.find((node): node is Element => isElement(node) && node.attributes.class === name);
const lastTab = (set: Element) => {
  if (set.attributes.class === plainTabSet) return lastElement(set);
  const content = part(set, 'tabbed-content');
  return content && lastElement(content);
};
const isAlternate = ({ features: { option } }: Page) =>
  ['pymdownx.tabbed', 'pymdownx.blocks.tab'].some((name) => option(name, 'alternate_style') === true);

export const tabs = container(
  '===',
  /(?:^|\n)={3}(!)? +"([^\n]*?)" *(?:\n|$)/,
  (node) => node.tag === 'div' && isTabSet(node),
  lastTab,
  (node) => lastTab(node) ?? node,
  (parser, parent, match) => {
    const sibling = lastElement(parent);
    const isApart = !isAlternate(parser.page);
    let set: Element;
    if (sibling && isTabSet(sibling) && match[1] !== '!') set = sibling;
    else {
      parser.page.tabSets++;
      const name = isApart ? plainTabSet : tabSet;
      set = append(parent, 'div', { class: name, 'data-tabs': `${parser.page.tabSets}:0` });
      if (!isApart) {
        append(set, 'div', { class: 'tabbed-labels' });
        append(set, 'div', { class: 'tabbed-content' });
      }
    }
    const [number = '1', count = '0'] = (set.attributes['data-tabs'] ?? '').split(':');
    const index = Number(count) + 1;
    set.attributes['data-tabs'] = `${number}:${index}`;
    const id = `__tabbed_${number}_${index}`;
    const input = element('input', {
      ...(index === 1 && { checked: 'checked' }),
      id,
      name: `__tabbed_${number}`,
      type: 'radio',
    });
    if (isApart) {
      set.children.push(input);
      setSource(append(set, 'label', { for: id }), match[2] ?? '');
      return append(set, 'div', { class: 'tabbed-content' });
    }
    set.children.splice(index - 1, 0, input);
    setSource(append(part(set, 'tabbed-labels') ?? set, 'label', { for: id }), match[2] ?? '');
    return append(part(set, 'tabbed-content') ?? set, 'div', { class: 'tabbed-block' });
  },
);
