import type { DocsNavigation, DocsNote } from '@callboard/model/http';
import type { JsonObject } from '@callboard/model';
import type { MarkdownExtension, MarkdownProfile } from '../markdown/index.ts';

/** Something for the owner of a site; `file` is a path below the tree. */
export type Note = DocsNote;

/** A page of a site. */
export type SitePage = {
  /** in addresses: `guides/start`; empty for the first page */
  path: string;
  /** below the folder of the documents: `guides/start.md` */
  file: string;
  /** below the tree */
  source: string;
  /** tells contents apart */
  version: string;
  size: number;
  /** what the navigation calls it */
  navTitle?: string;
  /** titles of the sections around it, outermost first */
  breadcrumb: string[];
  isInNav: boolean;
};

/** A file of a site that is no page. */
export type SiteFile = { source: string; version: string; size: number };

/** Documents of one place as they are now: what there is and in which order. Contents are read later. */
export type Site = {
  title: string;
  description?: string;
  /** folder of the documents below the tree; '' when it is the tree itself */
  docsDir: string;
  configFile?: string;
  /** built elsewhere: the folder of its files; there are no pages then */
  staticFolder?: string;
  nav: DocsNavigation[];
  /** in reading order, those outside the navigation last */
  pages: SitePage[];
  byPath: Map<string, SitePage>;
  byFile: Map<string, SitePage>;
  files: Map<string, SiteFile>;
  /** files that lie outside the folder of the documents, from their path in the site to that in the tree */
  beside: Map<string, string>;
  /** from the path of a page that was to the path, with anchor, or address that replaces it */
  redirects: Map<string, string>;
  extensions: MarkdownExtension[];
  profile: MarkdownProfile;
  variables: JsonObject;
  features: string[];
  /** built as a site of its own, it has no search */
  isWithoutSearch?: boolean;
  copyright?: string;
  repoUrl?: string;
  editUri?: string;
  notes: Note[];
  /** changes with every file of the site */
  fingerprint: string;
};
