import { close, open, type GenericBlock, type Page } from '../page.ts';
import { captionTypes } from '../pre/generic-blocks.ts';
import { append, element, isBlockTag, isElement, lastElement, source, type Element, type Node } from '../tree/nodes.ts';
import { container } from './containers.ts';

const made = new WeakMap<Element, GenericBlock>();
const spans = new Set('address dd dt h1 h2 h3 h4 h5 h6 legend li p summary td th'.split(' '));

const captionOf = (figure: Element) =>
  figure.children.find((child): child is Element => isElement(child) && child.tag === 'figcaption');

function figureWithCaption(parent: Element, block: GenericBlock & { kind: 'caption' }): Element {
  const before = lastElement(parent);
  let figure = before;
  if (before?.tag !== 'figure' || captionOf(before)) {
    figure = element('figure');
    if (before) {
      parent.children.splice(parent.children.lastIndexOf(before), 1);
      figure.children.push(before);
    }
    parent.children.push(figure);
  }
  Object.assign(figure!.attributes, block.attributes);
  const caption = element('figcaption');
  if (block.prepends) figure!.children.unshift(caption);
  else figure!.children.push(caption);
  made.set(figure!, block);
  return caption;
}

/** Whether the content of an element is text, and not blocks. */
const isInline = ({ tag, mode }: GenericBlock & { kind: 'html' }) =>
  mode === 'inline' || (mode === 'auto' && (spans.has(tag) || !isBlockTag(tag)));

/** Blocks that `///` opened and that no older syntax has: elements, definitions, captions. */
export const genericBlock = container(
  `${open}b`,
  new RegExp(String.raw`(?:^|\n)${open}b(\d+)${close} *(?:\n|$)`),
  (node) => made.has(node),
  lastElement,
  (node) => captionOf(node) ?? node,
  ({ page }, parent, match) => {
    const block = page.blocks[Number(match[1])]!;
    if (block.kind === 'caption') return figureWithCaption(parent, block);
    const node = append(parent, block.kind === 'html' ? block.tag : 'dl', { ...block.attributes });
    made.set(node, block);
    return node;
  },
);

const isParagraph = (node: Node): node is Element => isElement(node) && node.tag === 'p';

/** Paragraphs become terms, and items of lists what is said of them. */
function define(list: Element): void {
  list.children = list.children.flatMap((child): Node[] => {
    if (!isElement(child) || child.tag === 'dt' || child.tag === 'dd') return [child];
    if (child.tag === 'ul' || child.tag === 'ol')
      return child.children.map((item) => (isElement(item) && item.tag === 'li' ? { ...item, tag: 'dd' } : item));
    return [isParagraph(child) ? { ...child, tag: 'dt' } : element('dt', {}, [child])];
  });
}

/** Content that was read as paragraphs becomes text. */
function flatten(node: Element): void {
  node.children = node.children.flatMap((child, index) =>
    isParagraph(child) ? [...(index > 0 ? [source('\n\n')] : []), ...child.children] : [child],
  );
}

function prefix(figure: Element, numbers: readonly number[], block: GenericBlock & { kind: 'caption' }, text: string) {
  figure.attributes.id ??= `__${block.type}_${numbers.join('_')}`;
  const caption = captionOf(figure);
  if (!caption) return;
  const span = element('span', { class: 'caption-prefix' }, [text.replaceAll('{}', numbers.join('.'))]);
  const first = caption.children[0];
  if (first !== undefined && isParagraph(first)) first.children.unshift(span, ' ');
  else caption.children.unshift(element('p', {}, [span]));
}

/** Finishes generic blocks when everything in them has been read: terms, text, numbers of figures. */
export function finishGenericBlocks(page: Page, root: Element): void {
  if (page.blocks.length === 0) return;
  const types = captionTypes(page.features);
  const isNumbered = page.features.option('pymdownx.blocks.caption', 'auto') !== false;
  const most = page.features.option('pymdownx.blocks.caption', 'auto_level');
  const counters = new Map<string, number[]>();

  function number(figure: Element, block: GenericBlock & { kind: 'caption' }, around: number): void {
    const text = types.get(block.type) ?? '';
    if (text === '') return;
    const said = block.number?.split('.').map(Number);
    if (!isNumbered) {
      if (said) prefix(figure, said, block, text);
      return;
    }
    const depth = said ? said.length - 1 : around + (block.level ?? 0);
    if (typeof most === 'number' && most > 0 && depth >= most) return;
    const before = counters.get(block.type) ?? [];
    const next = Array.from({ length: depth + 1 }, (_, at) => before[at] ?? 0);
    if (depth < before.length) next[depth]! += 1;
    else for (let at = before.length; at <= depth; at += 1) next[at] = 1;
    if (said?.every((each, at) => next[at]! <= each)) next.splice(0, next.length, ...said);
    counters.set(block.type, next);
    prefix(figure, next, block, text);
  }

  function visit(node: Element, around: Record<string, number>): void {
    const block = made.get(node);
    let inside = around;
    if (block?.kind === 'definition') define(node);
    if (block?.kind === 'html' && isInline(block)) flatten(node);
    if (block?.kind === 'caption') {
      const depth = around[block.type] ?? 0;
      number(node, block, depth);
      inside = { ...around, [block.type]: depth + 1 };
    }
    for (const child of node.children) if (isElement(child)) visit(child, inside);
  }
  visit(root, {});
}
