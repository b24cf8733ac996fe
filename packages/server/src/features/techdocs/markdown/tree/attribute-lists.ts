import { isBlockTag, isElement, type Element, type Node } from './nodes.ts';

const token = /([^ =]+)="([^"]*)"|([^ =]+)='([^']*)'|([^ =]+)=([^ =]+)|([^ =]+)|( )/gy;

/** Names and values of an attribute list; `.` for a class. What follows a mistake is ignored. */
export function readAttributes(text: string): [string, string][] {
  const found: [string, string][] = [];
  for (const match of text.matchAll(token)) {
    const [, doubled, doubledValue, single, singleValue, bare, bareValue, word] = match;
    if (doubled !== undefined) found.push([doubled, doubledValue ?? '']);
    else if (single !== undefined) found.push([single, singleValue ?? '']);
    else if (bare !== undefined) found.push([bare, bareValue ?? '']);
    else if (word !== undefined) {
      if (word.startsWith('.')) found.push(['.', word.slice(1)]);
      else if (word.startsWith('#')) found.push(['id', word.slice(1)]);
      else found.push([word, word]);
    }
  }
  return found;
}

export function assign(target: Element, list: string) {
  for (const [name, value] of readAttributes(list)) {
    if (name === '.') target.attributes.class = target.attributes.class ? `${target.attributes.class} ${value}` : value;
    else {
      const clean = name.replaceAll(/[^\w:.\-\u00B7-\uFFFD]+/g, '_');
      if (/^[a-z_]/i.test(clean)) target.attributes[clean] = value;
    }
  }
}

const list = String.raw`\{:?[ ]*([^}\n ][^}\n]*)[ ]*\}`;
const atStart = new RegExp(`^${list}`);
const atEnd = new RegExp(`[ ]${list}[ ]*$`);
const onlyLine = new RegExp(`^[ ]*${list}[ ]*$`);
const lastLine = new RegExp(String.raw`\n[ ]*${list}[ ]*$`);

const isHeading = (node: Element) => /^h[1-6]$/.test(node.tag);
const lists = new Set(['ul', 'ol']);

/** Takes an attribute list off the end of a text and gives it to its element. */
function takeFrom(owner: Element, index: number) {
  const text = owner.children[index];
  if (typeof text !== 'string' || !text.includes('}')) return;
  const brace = text.lastIndexOf('{');
  if (brace < 0) return;
  const early = isHeading(owner) || ['dt', 'td', 'th'].includes(owner.tag);
  const before = owner.children[index - 1];
  // A line ends at a break too.
  const own = !early && isElement(before) && before.tag === 'br' && !text.includes('\n') ? onlyLine : lastLine;
  const from = Math.max(0, text.lastIndexOf('\n', brace));
  const match = (early ? atEnd : own).exec(text.slice(early ? Math.max(0, brace - 1) : from));
  if (!match) return;
  assign(owner, match[1] ?? '');
  const kept = text.slice(0, (early ? Math.max(0, brace - 1) : from) + match.index);
  owner.children[index] = early ? kept.trimEnd() : kept;
  if (isHeading(owner)) owner.children[index] = kept.trimEnd().replace(/#+$/, '').trimEnd();
}

/** Whether anything stands behind an element, up to a place; line ends behind blocks and breaks count. */
const isFollowed = (node: Element, at: number, end: number) => {
  const child = node.children[at];
  return end > at || (isElement(child) && (isBlockTag(child.tag) || child.tag === 'br'));
};

/** The list of a block stands behind its last element or, when nothing follows that one, before the first. */
function blockList(node: Element) {
  const { children } = node;
  const first = children.findIndex(isElement);
  const inner = node.tag === 'li' ? children.findIndex((child) => isElement(child) && lists.has(child.tag)) : -1;
  const end = (inner < 0 ? children.length : inner) - 1;
  const last = children.findLastIndex((child, index) => index <= end && isElement(child));
  if (last < 0 || isFollowed(node, last, end)) takeFrom(node, end);
  else takeFrom(node, first - 1);
}

/** Gives the attributes in braces to the elements they stand behind. */
export function applyAttributeLists(root: Element) {
  root.children.forEach((child, index) => {
    if (!isElement(child)) return;
    const next: Node | undefined = root.children[index + 1];
    if (isBlockTag(child.tag)) {
      if (!child.atomic) blockList(child);
    } else if (child.tag !== 'br' && typeof next === 'string' && next.startsWith('{')) {
      const match = atStart.exec(next);
      if (match) {
        assign(child, match[1] ?? '');
        root.children[index + 1] = next.slice(match[0].length);
      }
    }
    applyAttributeLists(child);
  });
}
