import { close, open, spend, type Page } from '../page.ts';
import { isBlockTag, isElement, textOf, type Element, type Node } from '../tree/nodes.ts';
import { patternsOf } from './patterns.ts';

export type Context = { page: Page; text: string; index: number; inLink: boolean; partner: Int32Array | undefined };
/** What a pattern made of a stretch of text; without a node the stretch is only skipped. */
export type Found = { node?: Node; start: number; end: number };
export type Pattern = {
  name: string;
  /** One of these is in every text that the pattern can match. */
  needs: readonly string[];
  /** Where to look closer; global. */
  regex: RegExp;
  /** Not inside a link. */
  outsideLinks?: boolean;
  handle(match: RegExpExecArray, context: Context): Found | undefined;
};

const placeholder = new RegExp(`${open}([hie])(\\d+)${close}`, 'g');

/** Puts a finished inline part aside and returns what stands for it. */
function keep(page: Page, node: Node) {
  page.inline.push(node);
  return `${open}i${page.inline.length - 1}${close}`;
}

/** What stands for an escaped character. */
export const escaped = (character: string) => `${open}e${character.charCodeAt(0)}${close}`;

/** The text with everything that was put aside in it, for attributes. */
export function plainText(page: Page, text: string): string {
  if (!text.includes(open)) return text;
  return text.replaceAll(placeholder, (_all, kind: string, number: string) => {
    if (kind === 'e') return String.fromCharCode(Number(number));
    const node = kind === 'i' ? page.inline[Number(number)] : page.stash[Number(number)];
    if (node === undefined) return '';
    if (typeof node === 'object' && node.type === 'raw') return plainText(page, node.raw);
    return plainText(page, textOf([node]));
  });
}

const special = /[`\\[\]<>&*_!:=~^+@$\u0002\n]|https?:|ftps?:|www\.|\(/i;

/** Parses inline syntax, from a pattern on. */
export function parseInline(page: Page, text: string, from = 0, inLink = false): Node[] {
  if (page.abbreviations.size === 0 && !special.test(text)) return [text];
  const patterns = patternsOf(page);
  let current = text;
  for (let index = from; index < patterns.length; index++) {
    const pattern = patterns[index];
    if (!pattern || (inLink && pattern.outsideLinks)) continue;
    if (pattern.needs.some((needed) => current.includes(needed)))
      current = apply(page, pattern, index, current, inLink);
  }
  return resolve(page, current);
}

function apply(page: Page, pattern: Pattern, index: number, text: string, inLink: boolean): string {
  const { regex } = pattern;
  const context: Context = { page, text, index, inLink, partner: undefined };
  let out = '';
  let done = 0;
  let from = 0;
  for (;;) {
    regex.lastIndex = from;
    const match = regex.exec(text);
    if (!match) break;
    if (!spend(page, 8)) break;
    const found = pattern.handle(match, context);
    if (!found) {
      from = Math.max(match.index + match[0].length, from + 1);
      continue;
    }
    const { node, start, end } = found;
    from = Math.max(end, from + 1);
    if (node === undefined) continue;
    finish(page, node, index, inLink);
    out += text.slice(done, start);
    out += typeof node === 'string' && pattern.name === 'escape' ? node : keep(page, node);
    done = end;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** Parses the text inside a new element with the patterns that come after its own. */
function finish(page: Page, node: Node, index: number, inLink: boolean) {
  if (!isElement(node)) return;
  const inside = inLink || node.tag === 'a';
  const children: Node[] = [];
  for (const child of node.children) {
    if (typeof child === 'object' && child.type === 'source')
      children.push(...parseInline(page, child.source, index + 1, inside));
    else {
      finish(page, child, index, inside);
      children.push(child);
    }
  }
  node.children = children;
}

/** Replaces what stands for finished parts by the parts. */
function resolve(page: Page, text: string): Node[] {
  if (!text.includes(open)) return text ? [text] : [];
  const nodes: Node[] = [];
  let position = 0;
  const add = (part: Node) => {
    const last = nodes.length - 1;
    const before = nodes[last];
    if (part === '') return;
    if (typeof part === 'string' && typeof before === 'string') nodes[last] = before + part;
    else nodes.push(part);
  };
  for (const match of text.matchAll(placeholder)) {
    add(text.slice(position, match.index));
    position = match.index + match[0].length;
    const number = Number(match[2]);
    if (match[1] === 'e') add(String.fromCharCode(number));
    else if (match[1] === 'h') add(page.stash[number] ?? '');
    else {
      const part = page.inline[number] ?? '';
      if (typeof part === 'string') for (const one of resolve(page, part)) add(one);
      else add(part);
    }
  }
  add(text.slice(position));
  return nodes;
}

/** Parses all text of a tree that waits for it. */
export function parseTree(page: Page, root: Element) {
  const children: Node[] = [];
  let changed = false;
  for (const child of root.children) {
    if (typeof child === 'object' && child.type === 'source') {
      changed = true;
      children.push(...parseInline(page, child.source));
      continue;
    }
    if (isElement(child)) {
      parseTree(page, child);
      if (child.tag === 'p' && child.children.some(isBlock)) {
        changed = true;
        children.push(...unwrap(child));
        continue;
      }
    }
    children.push(child);
  }
  if (changed) root.children = children;
}

const isBlock = (node: Node) =>
  typeof node === 'object' && (node.type === 'raw' ? node.block : isElement(node) && isBlockTag(node.tag));

/** A paragraph cut at the blocks in it, which cannot stand there. */
function unwrap(paragraph: Element): Node[] {
  const parts: Node[] = [];
  let current: Element | undefined;
  for (const child of paragraph.children) {
    if (isBlock(child)) {
      current = undefined;
      parts.push(child);
    } else if (current) current.children.push(child);
    else if (typeof child !== 'string' || child.trim()) {
      current = { ...paragraph, attributes: { ...paragraph.attributes }, children: [child] };
      parts.push(current);
    }
  }
  return parts;
}
