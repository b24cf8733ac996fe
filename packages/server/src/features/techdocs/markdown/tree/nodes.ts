/** Text of the page that is not yet looked at for inline syntax. */
export type Source = { type: 'source'; source: string };
/** HTML that is written as it stands; `block` when it cannot stand inside a paragraph. */
export type Raw = { type: 'raw'; raw: string; block: boolean };
export type Element = {
  type: 'element';
  tag: string;
  attributes: Record<string, string>;
  children: Node[];
  /** Not for typography, attribute lists or further parsing. */
  atomic?: boolean;
};
/** A string is finished text; it is escaped when it is written. */
export type Node = string | Source | Raw | Element;

export const element = (tag: string, attributes: Record<string, string> = {}, children: Node[] = []): Element => ({
  type: 'element',
  tag,
  attributes,
  children,
});

export const source = (text: string): Source => ({ type: 'source', source: text });
export const raw = (html: string, block = false): Raw => ({ type: 'raw', raw: html, block });

export const isElement = (node: Node | undefined): node is Element =>
  typeof node === 'object' && node.type === 'element';
export const isSource = (node: Node | undefined): node is Source => typeof node === 'object' && node.type === 'source';

/** Appends a new element and returns it. */
export function append(parent: Element, tag: string, attributes: Record<string, string> = {}): Element {
  const child = element(tag, attributes);
  parent.children.push(child);
  return child;
}

/** The last child that is an element or finished HTML; text does not count. */
export function lastElement(parent: Element): Element | undefined {
  for (let index = parent.children.length - 1; index >= 0; index--) {
    const child = parent.children[index];
    if (isElement(child)) return child;
    if (typeof child === 'object' && child.type === 'raw') return undefined;
  }
  return undefined;
}

/** Sets the text inside an element, replacing what is there. */
export const setSource = (target: Element, text: string) => {
  target.children = text ? [source(text)] : [];
};

const blockTags = new Set(
  (
    'address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section ' +
    'table ul canvas colgroup dd body dt group iframe li legend math map noscript output object option progress script style summary tbody td textarea tfoot th thead tr video'
  ).split(' '),
);
/** Whether Python-Markdown takes an element for a block. */
export const isBlockTag = (tag: string) => blockTags.has(tag);

/** The text of a tree without markup. */
export function textOf(nodes: readonly Node[]): string {
  let text = '';
  for (const node of nodes) {
    if (typeof node === 'string') text += node;
    else if (node.type === 'source') text += node.source;
    else if (node.type === 'raw') text += node.raw.replaceAll(/<[^>]*>/g, '');
    else text += textOf(node.children);
  }
  return text;
}

/** Every element below a root, parents first. */
export function elementsOf(root: Element, found: Element[] = []): Element[] {
  for (const child of root.children) {
    if (!isElement(child)) continue;
    found.push(child);
    if (child.children.length > 0) elementsOf(child, found);
  }
  return found;
}

export const isHeadingTag = (tag: string) => tag.length === 2 && /^[hH][1-6]$/.test(tag);

/** Appends nodes one by one: a page may have more of them than a call can have arguments. */
export function pushAll(target: Node[], nodes: readonly Node[]) {
  for (const node of nodes) target.push(node);
}
