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

function writeElement(node: Element): string {
  const { tag, attributes, children } = node;
  let out = `<${tag}`;
  for (const name in attributes) out += ` ${name}="${escapeAttribute(attributes[name] ?? '')}"`;
  out += '>';
  if (empty.has(tag)) return tag === 'br' || tag === 'hr' ? `${out}\n` : out;
  const code = tag === 'code' || tag === 'pre';
  for (const child of children) out += code && typeof child === 'string' ? escapeCode(child) : writeNode(child);
  return isBlockTag(tag) ? `${out}</${tag}>\n` : `${out}</${tag}>`;
}

function writeNode(node: Node): string {
  if (typeof node === 'string') return escapeText(node);
  if (node.type === 'element') return writeElement(node);
  return node.type === 'raw' ? node.raw : escapeText(node.source);
}

/** The HTML of a list of nodes. */
export function write(nodes: readonly Node[]): string {
  let out = '';
  for (const node of nodes) out += writeNode(node);
  return out;
}
