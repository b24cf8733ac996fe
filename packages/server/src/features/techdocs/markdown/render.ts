import type { MarkdownOptions, RenderedMarkdown } from './types.ts';

/** Renders one page. */
export function renderMarkdown(source: string, options: MarkdownOptions): RenderedMarkdown {
  return { html: '', frontMatter: {}, headings: [], links: [], sections: [], notes: [] , ...(source && options && {}) };
}
