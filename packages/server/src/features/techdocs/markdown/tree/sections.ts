import { close, open } from '../page.ts';
import type { PageSection } from '../types.ts';
import { isBlockTag, isHeadingTag, type Element, type Node } from './nodes.ts';

const placeholder = new RegExp(`${open}[hie]\\d+${close}`, 'g');
const withoutPlaceholders = (text: string) => (text.includes(open) ? text.replaceAll(placeholder, '') : text);
/** White space that is not one blank already. */
const moreThanBlank = /\s{2,}|[^\S ]/g;
const skipped = new Set(['script', 'style', 'svg']);

/** The plain text under each heading. */
export function sectionsOf(root: Element): PageSection[] {
  const sections: { id?: string; title: string; parts: string[] }[] = [{ title: '', parts: [] }];
  const visit = (node: Node, heading: boolean) => {
    const current = sections.at(-1);
    if (typeof node === 'string') {
      if (heading && current) current.title += node;
      else current?.parts.push(node);
    } else if (node.type === 'raw') {
      const text = node.raw.replaceAll(/<(script|style|svg)\b[^]*?<\/\1>|<!--[^]*?-->|<[^>]*>/gi, ' ');
      if (!text.trim()) return;
      if (heading && current) current.title += text;
      else current?.parts.push(text);
    } else if (node.type === 'element') {
      if (skipped.has(node.tag) || node.attributes.class === 'headerlink') return;
      const isHeading = isHeadingTag(node.tag);
      if (isHeading) sections.push({ id: node.attributes.id, title: '', parts: [] });
      const isApart = isBlockTag(node.tag) && !heading;
      if (isApart) sections.at(-1)?.parts.push(' ');
      for (const child of node.children) visit(child, heading || isHeading);
      if (isApart) sections.at(-1)?.parts.push(' ');
    }
  };
  for (const child of root.children) visit(child, false);
  return sections
    .map(({ id, title, parts }) => ({
      ...(id !== undefined && { id }),
      title: title.trim(),
      text: withoutPlaceholders(parts.join('')).replaceAll(moreThanBlank, ' ').trim(),
    }))
    .filter(({ title, text }) => title || text);
}
