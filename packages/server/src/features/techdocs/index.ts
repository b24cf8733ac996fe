/**
 * Documents beside the code, shown as they are now: Markdown in the form of MkDocs, read from where the catalog reads descriptors, rendered
 * in a thread when somebody looks, kept by content. See README.md.
 */
import type { createTechdocs as create, Techdocs } from './feature.ts';

export { techdocsConfig, techdocsSection, type TechdocsConfig } from './config.ts';
export type { Techdocs } from './feature.ts';
export type { DocsCheck } from './local/local-site.ts';

// What is behind this door comes when it is asked for: the command line needs nothing of the portal, and the portal nothing of the command line.

/**
 * Puts the feature together and registers its routes.
 *
 * @param given - the rooms of core, the features that it stands on, and its configuration
 */
export const createTechdocs = async (...given: Parameters<typeof create>): Promise<Techdocs> =>
  (await import('./feature.ts')).createTechdocs(...given);

/** Loads what works on the documents of a folder without a portal: build, check, preview. */
export const loadDocumentTools = async () => ({
  ...(await import('./local/build.ts')),
  checkDocs: (await import('./local/local-site.ts')).checkDocs,
});

/** Loads the preview of the documents of a folder, which has an HTTP server of its own. */
export const loadPreview = () => import('./local/preview.ts');

/** Loads the Markdown engine, which a portal needs in its threads only. */
export const loadMarkdown = () => import('./markdown/index.ts');

/** Loads what tools need to go through the documents of a folder page by page. */
export const loadLocal = async () => ({
  ...(await import('./local/local-site.ts')),
  ...(await import('./local/markdown-of.ts')),
});
