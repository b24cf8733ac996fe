import { posix } from 'node:path';
import { escapeAttribute, escapeText } from '../../render/escape.ts';
import { navAddress, showAt } from '../../render/addresses.ts';
import type { RenderedPage } from '../../render/types.ts';
import type { DocsNavigation } from '@callboard/model/http';

const up = (path: string) => (path === '' ? '' : '../'.repeat(path.split('/').length));

/** A relative address from a page, shown as a folder, to something of its site. */
export const relativeTo = (path: string, target: string): string => `${up(path)}${target}` || './';

const navigation = (items: DocsNavigation[], from: string): string =>
  `<ul class="md-nav__list">${items
    .map((item) =>
      item.children
        ? `<li class="md-nav__item md-nav__item--nested"><label class="md-nav__link">${escapeText(item.title)}</label><nav class="md-nav">${navigation(item.children, from)}</nav></li>`
        : `<li class="md-nav__item"><a class="md-nav__link" href="${escapeAttribute(item.url === undefined ? relativeTo(from, item.path ? item.path.replace(/(#|$)/, '/$1') : '') : navAddress(item.url, (file) => relativeTo(from, file)))}">${escapeText(item.title)}</a></li>`,
    )
    .join('')}</ul>`;

/** A page as a file of its own, in the outline that readers of Backstage expect. */
export function pageHtml(options: {
  siteTitle: string;
  title: string;
  path: string;
  nav: DocsNavigation[];
  rendered: RenderedPage;
  editUrl?: string;
}): string {
  const { siteTitle, title, path, nav, rendered, editUrl } = options;
  const html = showAt(rendered.html, {
    page: (target) => relativeTo(path, target === '' ? '' : `${target}/`),
    file: (target) => relativeTo(path, posix.normalize(target)),
  });
  const toc = rendered.headings
    .filter(({ level }) => level > 1)
    .map(
      ({ id, text }) =>
        `<li class="md-nav__item"><a class="md-nav__link" href="#${escapeAttribute(id)}">${escapeText(text)}</a></li>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en" class="no-js"><head><meta charset="utf-8"><title>${escapeText(title)} - ${escapeText(siteTitle)}</title></head>
<body><div class="md-container"><main class="md-main"><div class="md-main__inner md-grid">
<div class="md-sidebar md-sidebar--primary"><nav class="md-nav md-nav--primary"><label class="md-nav__title">${escapeText(siteTitle)}</label>${navigation(nav, path)}</nav></div>
<div class="md-sidebar md-sidebar--secondary"><nav class="md-nav md-nav--secondary"><ul class="md-nav__list">${toc}</ul></nav></div>
<div class="md-content"><article class="md-content__inner md-typeset">${editUrl === undefined ? '' : `<a href="${escapeAttribute(editUrl)}" title="Edit this page" class="md-content__button md-icon">Edit this page</a>`}
${html}
</article></div></div></main></div></body></html>
`;
}
