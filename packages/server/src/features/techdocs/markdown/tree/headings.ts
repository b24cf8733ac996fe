import type { Page } from '../page.ts';
import type { JsonValue } from '../types.ts';
import { append, element, elementsOf, isElement, isHeadingTag, textOf, type Element, type Node } from './nodes.ts';
import { sluggerOf } from './slugs.ts';
import { write } from './write.ts';

export type FoundHeading = { level: number; id: string; text: string; html: string; node: Element };

/** An address of mail as it stands while ids are made: hidden from those who collect them, letter by letter. */
const hidden = (address: string) => address.replaceAll(/./gsu, (letter) => `amp${letter.codePointAt(0)}`);

/** The text of a heading as ids are made of it: HTML that the author wrote leaves its text only, entities leave nothing. */
function nameOf(nodes: readonly Node[], forId: boolean, icons = false): string {
  let text = '';
  for (const node of nodes) {
    if (typeof node === 'string') text += node;
    else if (node.type === 'raw') {
      const plain = node.raw.replaceAll(/<[^>]*>/g, '');
      text += forId ? plain.replaceAll(/&[#a-z\d]+;/gi, '') : plain;
    } else if (node.type === 'element') {
      const { class: name, title = '' } = node.attributes;
      if (forId && node.tag === 'a' && node.atomic && node.attributes.href?.startsWith('mailto:'))
        text += hidden(textOf(node.children));
      else if (forId && name === 'twemoji') text += icons ? title : '';
      else if (!(forId && name === 'emoji')) text += nameOf(node.children, forId, icons);
    }
  }
  return text;
}

const wordOf = (option: JsonValue | undefined, otherwise: string) =>
  typeof option === 'string' || typeof option === 'number' ? String(option) : otherwise;

function unique(wanted: string, used: Map<string, number>): string {
  if (wanted && !used.has(wanted)) {
    used.set(wanted, 0);
    return wanted;
  }
  const match = /^(.+)_(\d{1,9})$/.exec(wanted);
  const base = match?.[1] ?? wanted;
  let count = Math.max(match ? Number(match[2]) : 0, used.get(`${base}\n`) ?? 0);
  let id: string;
  do id = `${base}_${++count}`;
  while (used.has(id));
  used.set(id, 0);
  if (!match) used.set(`${base}\n`, count);
  return id;
}

const isHeading = (node: Element) => isHeadingTag(node.tag);

/** Gives headings their ids and permanent links, and returns them in order. */
export function identifyHeadings(page: Page, root: Element): FoundHeading[] {
  const option = (key: string) => page.features.option('toc', key);
  const used = new Map<string, number>();
  const all = elementsOf(root);
  for (const node of all) if (node.attributes.id) used.set(node.attributes.id, 0);
  const slug = sluggerOf(option);
  const shift = Math.max(0, Math.min(5, Number(option('baselevel') ?? 1) - 1));
  const permalink = option('permalink');
  // Where the site names no index, icons were text when ids were made of them; links to these ids go on working.
  const icons = page.features.option('pymdownx.emoji', 'emoji_index') === undefined;
  const found: FoundHeading[] = [];
  for (const node of all) {
    if (!isHeading(node)) continue;
    if (shift > 0) node.tag = `h${Math.min(6, Number(node.tag[1]) + shift)}`;
    node.attributes.id ??= unique(slug(nameOf(node.children, true, icons).trim()), used);
    const { id } = node.attributes;
    const level = Number(node.tag[1]);
    found.push({ level, id, text: nameOf(node.children, false).trim(), html: write(node.children), node });
    if (!(permalink || option('anchorlink')) || node.attributes['data-toc-label'] === '') continue;
    if (option('anchorlink')) {
      const name = wordOf(option('anchorlink_class'), 'toclink');
      node.children = [element('a', { class: name, href: `#${id}` }, node.children)];
      continue;
    }
    const sign = typeof permalink === 'string' ? permalink : '¶';
    const link = element(
      'a',
      { class: 'headerlink', href: `#${id}`, title: wordOf(option('permalink_title'), 'Permanent link') },
      [sign],
    );
    link.atomic = true;
    node.children.push(link);
  }
  placeToc(page, root, found);
  return found;
}

function depthOf(option: JsonValue | undefined): [number, number] {
  const match = /^(\d)-(\d)$/.exec(wordOf(option, ''));
  if (match) return [Number(match[1]), Number(match[2])];
  return [1, /^\d$/.test(wordOf(option, '')) ? Number(option) : 6];
}

/** Replaces `[TOC]` by the table of contents. */
function placeToc(page: Page, root: Element, headings: readonly FoundHeading[]) {
  const marker = page.features.option('toc', 'marker');
  const wanted = typeof marker === 'string' ? marker : '[TOC]';
  if (!wanted) return;
  const [lowest, highest] = depthOf(page.features.option('toc', 'toc_depth'));
  const shown = headings.filter(({ level }) => level >= lowest && level <= highest);
  const title = wordOf(page.features.option('toc', 'title'), '');
  let made = 0;
  const visit = (parent: Element) => {
    parent.children.forEach((child, index) => {
      if (!isElement(child)) return;
      const [only] = child.children;
      if (child.tag === 'p' && child.children.length === 1 && typeof only === 'string' && only.trim() === wanted) {
        if (made++ < 5) parent.children[index] = tocOf(shown, title);
      } else if (!isHeading(child)) visit(child);
    });
  };
  visit(root);
}

function tocOf(headings: readonly FoundHeading[], title: string): Element {
  const box = element('div', { class: 'toc' }, title === '' ? [] : [element('span', { class: 'toctitle' }, [title])]);
  const stack: { level: number; list: Element }[] = [{ level: 0, list: append(box, 'ul') }];
  for (const { level, id, text } of headings) {
    let top = stack.at(-1);
    while (stack.length > 1 && top && level < top.level) {
      stack.pop();
      top = stack.at(-1);
    }
    if (!top) break;
    const items = top.list.children.filter(isElement);
    const last = items.at(-1);
    if (top.level === 0) top.level = level;
    else if (level > top.level && last) {
      top = { level, list: append(last, 'ul') };
      stack.push(top);
    }
    append(append(top.list, 'li'), 'a', { href: `#${id}` }).children.push(text);
  }
  return box;
}
