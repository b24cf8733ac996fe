import { hasShorthand } from '../formats/repository-links.ts';
import { close, open, spend, type Page } from '../page.ts';
import { isBlockTag, isElement, raw, type Element, type Node, pushAll } from '../tree/nodes.ts';
import type { Context, Pattern } from './pattern.ts';
import { patternsOf } from './patterns.ts';

const placeholder = new RegExp(`${open}([hie])(\\d+)${close}`, 'g');

/** Puts a finished inline part aside and returns what stands for it. */
function keep(page: Page, node: Node) {
  page.inline.push(node);
  return `${open}i${page.inline.length - 1}${close}`;
}

const special = new RegExp(String.raw`[${open}\x60\\[\]<>&*_!:=~^+@$\n(]`);
const isSpecial = (text: string) => special.test(text) || /www\./i.test(text);

/** Parses inline syntax, from a pattern on. */
export function parseInline(page: Page, text: string, from = 0, inLink = false): Node[] {
  if (page.abbreviations.size === 0 && !isSpecial(text) && !hasShorthand(page.features)) return [text];
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

const mostStarts = 100;

function apply(page: Page, pattern: Pattern, index: number, original: string, inLink: boolean): string {
  const { regex } = pattern;
  let text = original;
  let context: Context = { page, text, index, inLink, partner: undefined };
  let out = '';
  let done = 0;
  let from = 0;
  let failed = false;
  let starts = 0;
  for (;;) {
    regex.lastIndex = from;
    const match = regex.exec(text);
    if (!match) break;
    if (!spend(page, 8)) break;
    const found = pattern.handle(match, context);
    if (!found) {
      failed = true;
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
    if (failed && pattern.startsAgain && starts++ < mostStarts && spend(page, text.length)) {
      text = out + text.slice(done);
      context = { page, text, index, inLink, partner: undefined };
      [out, done, from, failed] = ['', 0, 0, false];
    }
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
      pushAll(children, parseInline(page, child.source, index + 1, inside));
    else {
      finish(page, child, index, inside);
      children.push(child);
    }
  }
  node.children = children;
}

/** Where typography changes characters, an escaped one is none of the text that it looks at. */
function escapedCharacter({ features }: Page, code: number): Node {
  const character = String.fromCharCode(code);
  const isText = /[<>&]/.test(character) || !(features.has('smarty') || features.has('pymdownx.smartsymbols'));
  return isText ? character : raw(character);
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
    if (match[1] === 'e') add(escapedCharacter(page, number));
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
      pushAll(children, parseInline(page, child.source));
      continue;
    }
    if (isElement(child)) {
      parseTree(page, child);
      if (child.tag === 'p' && child.children.some(isBlock)) {
        changed = true;
        pushAll(children, unwrap(child));
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
