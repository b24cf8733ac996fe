import type { DocsHeading, DocsNote } from '@callboard/model/http';
import type { MarkdownExtension, MarkdownProfile, PageSection } from '../markdown/index.ts';
import type { JsonObject } from '@callboard/model';

/** What decides how the pages of a site are rendered, beside their text. Plain data, sent to the thread once per site. */
export type SiteSettings = {
  key: string;
  pages: string[];
  files: string[];
  /** the folder of the documents, and the files of the site that lie outside it: see Site */
  docsDir: string;
  beside: [path: string, source: string][];
  redirects: string[];
  extensions: MarkdownExtension[];
  profile: MarkdownProfile;
  variables: JsonObject;
  plantumlServer?: string;
  frameHosts: string[];
  imageHosts: string[];
};

/** What became of a diagram: a picture in base 64, or why there is none. */
export type Drawing = { svg: string } | { invalid: string } | { failed: string };

/**
 * A page to be rendered; `snippets` are the texts of files that it asked for, null where there is none, and `drawings` what became of
 * the diagrams in it, by their source.
 */
export type RenderTask = {
  site: string;
  file: string;
  text: string;
  snippets: Record<string, string | null>;
  drawings: Record<string, Drawing>;
  /** somebody waits: code in languages that are not ready stays without colours this time */
  isHurried?: boolean;
};

/** A page that was rendered. Its HTML is safe and has addresses as in addresses.ts. */
export type RenderedPage = {
  html: string;
  title?: string;
  headings: DocsHeading[];
  sections: PageSection[];
  /** `file` is filled in by whoever knows it */
  notes: DocsNote[];
  tags: string[];
  hide: string[];
  redirectTo?: string;
  description?: string;
  words: number;
  needs: ('mermaid' | 'math')[];
  /** targets in the site and what became of them: the page is rendered anew when that changes */
  targets: Record<string, string | null>;
  /** links to anchors of pages, to be checked when all pages are known */
  anchors: { url: string; line: number }[];
  snippets: Record<string, string | null>;
  /** code of it has no colours yet; it has when the page is asked for a moment later */
  isPlain?: boolean;
};

/** Snippets and diagrams that the page asks for and the task does not have. */
export type RenderAnswer = { page: RenderedPage; wanted: string[]; undrawn: string[] };
