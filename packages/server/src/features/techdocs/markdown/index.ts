/**
 * Markdown as MkDocs renders it: Python-Markdown's rules with the extensions of pymdownx and Material. One pure function; it reads no
 * file and calls no host. The HTML it returns holds what the author wrote and must be sanitised before anyone sees it.
 */
export { renderMarkdown } from './render.ts';
export type * from './types.ts';
