import { close, open } from '../page.ts';
import { modes } from '../pre/html.ts';
import { element, isElement, source, type Element, type Node, pushAll } from '../tree/nodes.ts';
import { parseText, type BlockParser, type Processor } from './parser.ts';

const placeholder = new RegExp(`^${open}h(\\d+)${close}`);

/** Elements whose content is Markdown. */
export const islandBlock: Processor = (parser, parent, blocks) => {
  const match = placeholder.exec(blocks.at(-1) ?? '');
  const index = match ? Number(match[1]) : -1;
  if (!parser.page.islands.has(index)) return false;
  blocks.pop();
  const node = parser.page.stash[index];
  if (!isElement(node)) return true;
  parseContent(parser, node);
  parent.children.push(node);
  return true;
};

function parseContent(parser: BlockParser, node: Element) {
  const mode = modes.get(node) ?? 'off';
  const children: Node[] = [];
  for (const child of node.children) {
    if (isElement(child)) {
      parseContent(parser, child);
      children.push(child);
    } else if (typeof child !== 'string') children.push(child);
    else if (mode === 'block') {
      const holder = element('div');
      parseText(parser, holder, child.replace(/\n+$/, ''));
      pushAll(children, holder.children);
    } else if (mode === 'span') children.push(source(child));
    else children.push(child);
  }
  node.children = children;
  if (mode === 'off') node.atomic = true;
}
