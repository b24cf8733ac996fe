import { parseText, type BlockParser } from '../blocks/parser.ts';
import type { Page } from '../page.ts';
import { append, element, elementsOf, isElement, isSource, lastElement, textOf, type Element } from './nodes.ts';

/** Appends the footnotes, or puts them where their marker is. */
export function addFootnotes(parser: BlockParser, root: Element) {
  const { footnotes, features } = parser.page;
  if (footnotes.size === 0) return;
  const box = element('div', { class: 'footnote' });
  append(box, 'hr');
  const list = append(box, 'ol');
  let number = 0;
  for (const [id, text] of footnotes) {
    number++;
    const item = append(list, 'li', { id: `fn:${id}` });
    const holder = element('div');
    parseText(parser, holder, text);
    item.children = holder.children;
    const last = lastElement(item);
    const target = last?.tag === 'p' && item.children.at(-1) === last ? last : append(item, 'p');
    if (target === last) target.children.push('\u00A0');
    target.children.push(backLink(id, 1, number));
  }
  const marker = features.option('footnotes', 'PLACE_MARKER');
  const wanted = typeof marker === 'string' ? marker : '///Footnotes Go Here///';
  const place = root.children.findIndex(
    (child) =>
      isElement(child) &&
      child.tag === 'p' &&
      child.children.some((one) => isSource(one) && one.source.includes(wanted)),
  );
  if (place >= 0) root.children[place] = box;
  else root.children.push(box);
}

function backLink(id: string, use: number, number: number): Element {
  const link = element(
    'a',
    {
      class: 'footnote-backref',
      href: `#fnref${use > 1 ? use : ''}:${id}`,
      title: `Jump back to footnote ${number} in the text`,
    },
    ['↩'],
  );
  link.atomic = true;
  return link;
}

/** One more way back for each further reference to a footnote. */
export function addBackLinks(page: Page, root: Element) {
  if (![...page.footnoteUses.values()].some((uses) => uses > 1)) return;
  let number = 0;
  const byId = new Map([...page.footnotes.keys()].map((id) => [`fn:${id}`, id]));
  for (const item of elementsOf(root)) {
    const id = item.tag === 'li' ? byId.get(item.attributes.id ?? '') : undefined;
    if (id === undefined) continue;
    number++;
    const uses = Math.min(page.footnoteUses.get(id) ?? 0, 1000);
    const last = lastElement(item);
    if (last && textOf([last]).includes('↩'))
      for (let use = 2; use <= uses; use++) last.children.push(backLink(id, use, number));
  }
}
