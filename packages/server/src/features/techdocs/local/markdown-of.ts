import { renderMarkdown } from '../markdown/index.ts';
import { type OpenSite, snippetText } from '../page-reader.ts';
import { resolveTarget, showAt } from '../render/addresses.ts';
import { markdownOptions } from '../render/render-page.ts';
import type { SitePage } from '../site/types.ts';

const mostRounds = 8;

/** What the Markdown of a page becomes in its site, before it is sanitised and coloured; addresses start at the site's root. */
export async function markdownOf(open: OpenSite, page: SitePage): Promise<string> {
  const text = new TextDecoder().decode(await open.tree.read(page.source));
  const snippets: Record<string, string | null> = {};
  const resolve = (target: string) => {
    const found = resolveTarget(target, page.file, open.prepared.places);
    return found && 'url' in found ? found.url : undefined;
  };
  for (let round = 0; ; round += 1) {
    const wanted = new Set<string>();
    const task = { file: page.file, snippets };
    const { html } = renderMarkdown(text, markdownOptions(open.prepared, task, { resolve, wanted }));
    if (wanted.size === 0 || round >= mostRounds)
      return showAt(html, { page: (path) => (path === '' ? '/' : `/${path}/`), file: (path) => `/${path}` });
    for (const path of wanted) snippets[path] = await snippetText(open, page, path);
  }
}
