export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** One of the site's Markdown extensions, by its full name (`pymdownx.superfences`, `toc`), with its options as configured. */
export type MarkdownExtension = { name: string; options: JsonObject };

/**
 * Which extensions are on: `techdocs`, those of mkdocs-techdocs-core always, plus the site's own; `mkdocs`, exactly the site's
 * `markdown_extensions`, and lists that nest by four spaces.
 */
export type MarkdownProfile = 'techdocs' | 'mkdocs';

/** What a page is rendered with; plain data plus two jailed lookups. Pure: the same input gives the same output. */
export type MarkdownOptions = {
  profile: MarkdownProfile;
  /** Of mkdocs.yml, normalised. */
  extensions: MarkdownExtension[];
  /** Of the page, relative to docs_dir, such as `guide/setup.md`. */
  path: string;
  /** Where a link or image target leads that names a source file, relative to the page; undefined leaves the target as it is. */
  resolve(target: string): { url: string } | undefined;
  /** The text of a file for snippets and includes; the caller keeps it inside the site. */
  readSnippet(path: string): string | undefined;
  /** For simple macros: `config.site_name`, `extra.*`, `page.*`. Absent: braces stay text. */
  variables?: JsonObject;
  /** Somebody draws PlantUML; otherwise its source is shown, with a note. */
  drawsPlantuml?: boolean;
};

/** A heading; `line` is its line in the source, from 1. */
export type Heading = { level: number; id: string; text: string; html: string; line: number };
/** A link or image as written; `line` is in the source, from 1. */
export type PageLink = { target: string; kind: 'link' | 'image'; line: number; text: string };
/** Something the author should know: unknown syntax, a missing snippet, a limit that was hit. */
export type PageNote = { code: string; message: string; fix: string; line: number; column?: number };
/** Plain text under one heading, for search; the first one has no id when text stands before the first heading. */
export type PageSection = { id?: string; title: string; text: string };

export type RenderedMarkdown = {
  /** Not sanitised. Code is `<pre><code class="language-x" data-…>`, not highlighted. */
  html: string;
  /** Front matter's title, or the first heading of level 1. */
  title?: string;
  frontMatter: JsonObject;
  headings: Heading[];
  links: PageLink[];
  sections: PageSection[];
  notes: PageNote[];
  tags?: string[];
};
