import { Parser } from 'htmlparser2';
import type { ForeignSection } from './foreign-sections.ts';

const silent = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'svg',
  'nav',
  'header',
  'footer',
  'aside',
  'button',
]);
const silentClass = /(?:^|\s)(?:headerlink|hash-link|anchor-link|sr-only|visually-hidden)(?:\s|$)/;
const silentRole = /^(?:navigation|search|banner|contentinfo)$/;
const heading = /^h[1-3]$/;
const apart = /^(?:p|div|li|ul|ol|dl|dt|dd|pre|table|tr|td|th|section|article|br|h[1-6]|blockquote)$/;
const voidTag = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;
const main = /<main\b|<article\b|\brole=["']?main\b/i;
const mostSections = 300;
const mostCharacters = 20_000;

/**
 * Takes a page apart that somebody else has built, so that search finds its sections: what stands in its main part, under headings with an id.
 *
 * @param path - of the page in addresses
 */
export function sectionsOfBuilt(html: string, path: string): ForeignSection[] {
  const sections: { id?: string; title: string; text: string }[] = [{ title: '', text: '' }];
  const hasMain = main.test(html);
  let title = '';
  let inTitle = false;
  let inHeading = false;
  /** how deep the parser is in what is left out, and in the main part */
  let left = 0;
  let inside = hasMain ? 0 : 1;
  let enclosing: string | undefined;
  const opens: { name: string; isLeft: boolean; isMain: boolean }[] = [];
  const add = (text: string) => {
    const current = sections.at(-1)!;
    if (inHeading) current.title += text;
    else if (current.text.length < mostCharacters) current.text += text;
  };
  const parser = new Parser({
    onopentag(name, { id, class: classes = '', role = '' }) {
      if (name === 'title' && opens.length < 4) inTitle = true;
      const isLeft = silent.has(name) || silentClass.test(classes) || silentRole.test(role);
      const isMain = hasMain && (name === 'main' || name === 'article' || role === 'main');
      if (!voidTag.test(name)) {
        opens.push({ name, isLeft, isMain });
        left += Number(isLeft);
        inside += Number(isMain);
      }
      if (left > 0 || inside === 0) return;
      if (apart.test(name)) add(' ');
      if (id !== undefined && (name === 'section' || /(?:^|\s)section(?:\s|$)/.test(classes))) enclosing = id;
      if (heading.test(name) && sections.length < mostSections) {
        const own = id ?? enclosing;
        sections.push({ ...(own !== undefined && { id: own }), title: '', text: '' });
        enclosing = undefined;
        inHeading = true;
      }
    },
    ontext(text) {
      if (inTitle) title += text;
      else if (left === 0 && inside > 0) add(text);
    },
    onclosetag(name) {
      if (name === 'title') inTitle = false;
      if (heading.test(name)) inHeading = false;
      if (voidTag.test(name)) return;
      const open = opens.pop();
      if (!open) return;
      if (left === 0 && inside > 0 && apart.test(open.name)) add(' ');
      left -= Number(open.isLeft);
      inside -= Number(open.isMain);
    },
  });
  parser.write(html);
  parser.end();
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const found = sections.map((section) => ({ ...section, title: plain(section.title), text: plain(section.text) }));
  const first = found.find((section) => section.title !== '');
  const name = first?.title ?? (plain(title) || path);
  // What stands above the first heading belongs to the page as a whole, as does what stands under its title.
  const page = {
    path,
    title: name,
    text: plain(`${found[0]!.text} ${first?.text ?? ''}`).slice(0, mostCharacters),
  };
  const rest = found
    .slice(1)
    .filter((section) => section !== first && section.title !== '')
    .map((section) => ({ ...section, path }));
  return page.text === '' && rest.length === 0 ? [] : [page, ...rest];
}
