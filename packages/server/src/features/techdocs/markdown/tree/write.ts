import { isBlockTag, type Element, type Node } from './nodes.ts';

const empty = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const ampersand = /&(?!(?:#\d+|#x[\da-f]+|[\da-z]+);)/gi;

/** Escapes text; entities that the author wrote stay entities. */
export const escapeText = (text: string) =>
  /[&<>]/.test(text) ? text.replaceAll(ampersand, '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;

/** Escapes text completely, for code. */
export const escapeCode = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const escapeAttribute = (text: string) =>
  /[&<>"\n]/.test(text) ? escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;') : text;

function writeElement(node: Element, out: string[]) {
  out.push('<', node.tag);
  for (const name in node.attributes) out.push(' ', name, '="', escapeAttribute(node.attributes[name] ?? ''), '"');
  out.push('>');
  if (empty.has(node.tag)) {
    if (node.tag === 'br' || node.tag === 'hr') out.push('\n');
    return;
  }
  const code = node.tag === 'code' || node.tag === 'pre';
  for (const child of node.children) {
    if (code && typeof child === 'string') out.push(escapeCode(child));
    else writeNode(child, out);
  }
  out.push('</', node.tag, '>');
  if (isBlockTag(node.tag)) out.push('\n');
}

function writeNode(node: Node, out: string[]) {
  if (typeof node === 'string') out.push(escapeText(node));
  else if (node.type === 'element') writeElement(node, out);
  else if (node.type === 'raw') out.push(node.raw);
  else out.push(escapeText(node.source));
}

/** The HTML of a list of nodes. */
export function write(nodes: readonly Node[]): string {
  const out: string[] = [];
  for (const node of nodes) writeNode(node, out);
  return out.join('');
}
