import type { JsonValue } from '@callboard/model';
import type { Host } from '../host.ts';
import type { Source } from '../roles.ts';

/** What is kept of a repository between readings. */
export type Listed = {
  id: number;
  /** With its owner: `acme/pay` */
  name: string;
  /** The one that is read; absent where there is no commit yet */
  branch?: string;
  /** When something was last changed in it, as the host says */
  activeAt: number;
  topics: string[];
  archived?: boolean;
  fork?: boolean;
  /** When it was looked for descriptors, and which there were */
  checkedAt?: number;
  descriptors?: string[];
};

/** Whose repositories are meant, and which of them. Everything that it says is part of its name in the store. */
export type RepositoryFilters = {
  host: string;
  topics: string[];
  withoutTopics: string[];
  /** Pattern of names, as for `globOf` */
  names?: string;
  archived: boolean;
  forks: boolean;
};

/** All that is known of the repositories of a source. `mark` is what the host gave for the next question, such as an ETag. */
export type RepositoryList = { repositories: Map<number, Listed>; seenAt: number; wholeAt: number; mark?: JsonValue };

/** How the host is asked. */
export type RepositoryHost<Of extends RepositoryFilters> = {
  /**
   * The pages of the list, those that were changed last first; an empty one where the host says that nothing is other than before. `total`
   * counts all. When `isWhole`, everything has to be told.
   */
  pages: (
    source: Of,
    list: RepositoryList,
    how: { isWhole: boolean; signal: AbortSignal },
  ) => AsyncIterable<{ repositories: Listed[]; total?: number }>;
  /** Paths of the descriptors of a repository. */
  look: (source: Of, repository: Listed, signal: AbortSignal) => Promise<string[]>;
  /** The address of a descriptor for people, and annotations that the location gets. */
  locationOf: (
    source: Of,
    repository: Listed,
    path: string,
  ) => { target: string; annotations?: Record<string, string> };
};

/** The repositories that a code host has, kept for all replicas. */
export type Repositories = {
  /** A source of entities of kind Location: one for each descriptor. A page of it is one of `sources`, or the next part of a long one. */
  source: <Of extends RepositoryFilters>(sources: readonly Of[], asked: RepositoryHost<Of>) => Source;
  /** Those that were seen. */
  names: (source: RepositoryFilters) => Promise<{ id: number; name: string }[]>;
  /** Something was pushed: what is known of a repository counts no more. */
  touch: (host: string, name: string) => Promise<void>;
  /** Whether a file of a branch that was read at that time must be as it was, for sure. */
  isQuietSince: (host: string, name: string, ref: string, readAt: number) => Promise<boolean>;
  now: () => number;
};

/**
 * Keeps the lists of repositories of hosts that name the last changed first: what is unchanged costs one call, and only repositories with news are
 * looked at again. Kept in the store under `list/` and `touched/`.
 *
 * @param options.unnotedMs - for so long after an activity there may be others that the host has not noted
 */
export declare function createRepositories(options: {
  host: Host;
  unnotedMs: number;
  now?: () => number;
}): Repositories;
