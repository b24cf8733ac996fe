/** Documents without a portal: what `callboard docs` uses. */
export { type DocsCheck, loadDocumentTools, loadPreview } from './features/techdocs/index.ts';
