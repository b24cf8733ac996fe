import type { Page } from '../page.ts';
import { elementsOf, textOf, type Element } from './nodes.ts';

const hasScheme = /^[a-z][a-z\d+.-]*:/i;

/** Notes every link and image, and rewrites those that name a source file. */
export function resolveLinks(page: Page, root: Element, lineOf: (text: string) => number) {
  for (const node of elementsOf(root)) {
    const image = node.tag === 'img';
    if (!image && node.tag !== 'a') continue;
    const name = image ? 'src' : 'href';
    const target = node.attributes[name];
    if (target === undefined || /^(?:headerlink|footnote-)/.test(node.attributes.class ?? '')) continue;
    page.links.push({
      target,
      kind: image ? 'image' : 'link',
      line: lineOf(target),
      text: image ? (node.attributes.alt ?? '') : textOf(node.children),
    });
    if (!target || hasScheme.test(target) || /^[/\\#?]/.test(target)) continue;
    const found = page.options.resolve(target);
    if (found) node.attributes[name] = found.url;
  }
}
