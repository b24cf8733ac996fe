/** Documents without a portal: what `callboard docs` uses. */
export { buildDocs, checkDocs, previewDocs, type DocsCheck } from './features/techdocs/index.ts';
