import type { Problem } from '@callboard/model';
import type { SourceRow } from '../store/tables.ts';

/** What a source's row says beyond its target. */
export type SourceOptions = {
  /** git: the branch; the default branch when absent */
  branch?: string;
  /** folders and repositories: glob of the descriptor files */
  pattern?: string;
  /** kinds allowed from this source in addition to `catalog.rules` */
  rules?: { allow: (string | { kind: string; 'spec.type'?: string })[] }[];
  /** files: registered by somebody who may reach what lies below the configured folders, and nothing else */
  belowConfigured?: true;
  /** plugins: seconds between readings */
  everySeconds?: number;
  /** plugins: `catalog.rules` do not count; who granted the source has decided */
  anyKind?: boolean;
};

export type Source = Omit<SourceRow, 'options'> & { options: SourceOptions };

/**
 * A descriptor that a source has.
 *
 * - `file`: the worker that prepares it reads it itself, so that its bytes never cross the main thread
 * - otherwise `content` reads it
 */
export type FoundDocument = {
  /** `file:/path`, `url:https://…` or `git:<repository>/blob/<branch>/<path>` */
  location: string;
  file?: { path: string; root: string };
  /** what stands for the content without reading it: a blob id; equal means unchanged */
  version?: string;
};

export type DocumentContent = { bytes: Uint8Array; version?: string } | 'unchanged';

/** `unchanged` says that nothing at all differs from the last run, so that `documents` may be left empty. */
export type Listing = { documents: FoundDocument[]; version?: string; unchanged?: boolean };

/** Where on the disk of the portal's machine somebody may register folders and files. */
export type DiskReach = 'anywhere' | 'configured' | 'nowhere';

export type ReadOptions = { signal: AbortSignal };

/** How one type of source finds and reads its documents. One session serves one run. */
export type SourceSession = {
  /** Finds the documents that the source has of itself; throws an AppError when the source cannot be read. */
  list(): Promise<Listing>;
  /** Finds what a Location entity in `from` points at; throws an AppError when a required target is missing or refused. */
  resolve(target: string, from: string): Promise<FoundDocument[]>;
  /** Reads a document that is not a `file`; `version` is what the last reading said. */
  content(found: FoundDocument, version: string | null): Promise<DocumentContent>;
  /** Reads what a placeholder in `from` points at; throws an AppError when it is missing or refused. */
  dependency(target: string, from: string): Promise<Uint8Array>;
  /** Who made the change that this reading found, where the source knows. */
  author?(found: FoundDocument): Promise<string | undefined>;
  close?(): Promise<void>;
};

/** Everything below a folder of a repository; paths start at that folder. */
export type HostTree = {
  entries: { path: string; type: 'file' | 'folder'; version: string; size?: number }[];
  version: string;
};

/** Reads a code host through its API, where somebody serves it. `version` is what an earlier answer said. */
export type HostFiles = {
  /** undefined when there is no such file */
  read(
    url: string,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<{ bytes: Uint8Array; version: string } | 'unchanged' | undefined>;
  /** Throws an AppError when there is no such folder */
  tree(url: string, version: string | undefined, signal: AbortSignal): Promise<HostTree | 'unchanged'>;
  /** The branches of the repository of an address; empty when the host does not tell. */
  branches(url: string, signal: AbortSignal): Promise<string[]>;
  /** With what Git signs in to read an address; undefined when it needs nothing, or the host does not tell. */
  gitAccess(url: string, signal: AbortSignal): Promise<{ username: string; password: string } | undefined>;
};
/** The code host whose an address is; undefined for all others. */
export type FindHost = (url: string) => Promise<HostFiles | undefined>;

/** A problem in place of an exception: what an operator sees beside the source. */
export type SourceFault = Problem;

/** Entities that come from something else than descriptors: whole, in pages, each a document of its own. */
export type ProvidedSource = {
  /** names it among all, and stays the same: `acme/services` */
  target: string;
  everySeconds: number;
  /** differs when it may have other entities than before: its version, its configuration */
  mark: string;
  /** One page; throws an AppError when it cannot be read. */
  read(cursor: string | undefined, signal: AbortSignal): Promise<{ entities: unknown[]; cursor?: string }>;
};
