import type { DocsNavigation } from '@callboard/model/http';
import { navAddress, showAt } from '../render/addresses.ts';
import { escapeAttribute, escapeText } from '../render/escape.ts';
import type { RenderedPage } from '../render/types.ts';

/** How addresses are made: `folder` for a server, `file` for a disk, where a folder does not show its start page. */
export type AddressForm = 'folder' | 'file';

/** The way from a page to the root of its site. */
export const upFrom = (path: string) => (path === '' ? '' : '../'.repeat(path.split('/').length));

/** The address of a page, from another one of the same site. */
export function pageAddress(from: string, path: string, form: AddressForm): string {
  const [page, anchor] = path.split('#', 2) as [string, string?];
  const folder = `${upFrom(from)}${page === '' ? '' : `${page}/`}`;
  return `${form === 'file' ? `${folder}index.html` : folder || './'}${anchor === undefined ? '' : `#${anchor}`}`;
}

const written = (items: DocsNavigation[], from: string, form: AddressForm): string =>
  `<ul>${items
    .map((item) => {
      if (item.children)
        return `<li><strong>${escapeText(item.title)}</strong>${written(item.children, from, form)}</li>`;
      const address =
        item.url === undefined
          ? pageAddress(from, item.path ?? '', form)
          : navAddress(item.url, (file) => `${upFrom(from)}${file}`);
      return `<li><a href="${escapeAttribute(address)}">${escapeText(item.title)}</a></li>`;
    })
    .join('')}</ul>`;

/** Navigations as HTML, by how deep the page stands: that is all in which those of a site differ. */
const known = new WeakMap<DocsNavigation[], Map<string, string>>();

function navigation(items: DocsNavigation[], from: string, form: AddressForm): string {
  const own = known.get(items) ?? new Map<string, string>();
  known.set(items, own);
  const key = `${form} ${upFrom(from)}`;
  let html = own.get(key);
  if (html === undefined) own.set(key, (html = written(items, from, form)));
  const current = `<a href="${escapeAttribute(pageAddress(from, from, form))}"`;
  return html.replaceAll(`${current}>`, `${current} aria-current="page">`);
}

/** A whole page of a site that stands alone. Signs of its own are named: text that is all Latin takes half the memory, and a third of the time to write. */
export function pageDocument(options: {
  siteTitle: string;
  title: string;
  path: string;
  nav: DocsNavigation[];
  rendered: RenderedPage;
  form: AddressForm;
  previous?: { path: string; title: string };
  next?: { path: string; title: string };
  /** more elements for the head */
  head?: string;
  withNotes?: boolean;
}): string {
  const { siteTitle, title, path, nav, rendered, form, previous, next } = options;
  const html = showAt(rendered.html, {
    page: (target) => pageAddress(path, target, form),
    file: (target) => `${upFrom(path)}${target}`,
  });
  const link = (to: { path: string; title: string } | undefined, mark: string) =>
    to
      ? `<a href="${escapeAttribute(pageAddress(path, to.path, form))}">${mark} ${escapeText(to.title)}</a>`
      : '<span></span>';
  const toc = rendered.headings
    .filter(({ level }) => level === 2 || level === 3)
    .map(({ id, text }) => `<li><a href="#${escapeAttribute(id)}">${escapeText(text)}</a></li>`)
    .join('');
  const notes = options.withNotes
    ? rendered.notes
        .map(
          ({ message, fix, line }) =>
            `<p class="note-problem">${line === undefined ? '' : `Line ${line}: `}${escapeText(message)}. ${escapeText(fix)}</p>`,
        )
        .join('')
    : '';
  const math = rendered.needs.includes('math')
    ? `<link rel="stylesheet" href="${upFrom(path)}assets/katex/katex.min.css">`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeText(title === siteTitle ? title : `${title} - ${siteTitle}`)}</title><link rel="stylesheet" href="${upFrom(path)}assets/docs.css">${math}${options.head ?? ''}</head>
<body><div class="site"><nav aria-label="Pages"><a href="${pageAddress(path, '', form)}"><strong>${escapeText(siteTitle)}</strong></a>${navigation(nav, path, form)}</nav>
<main>${notes}${html}<div class="page-links">${link(previous, '&larr;')}${link(next, '&rarr;')}</div></main>
<nav aria-label="On this page"><ul>${toc}</ul></nav></div></body></html>
`;
}
