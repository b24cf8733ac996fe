/** A file of a tree. `version` is equal as long as its content is. */
export type TreeFile = { path: string; size: number; version: string };

/** Who changed a file last. `at` is in epoch milliseconds. */
export type LastChange = { at: number; author: string; commit: string };

/** Who is patient waits for what another machine has to send first. */
export type Patience = { isPatient?: boolean };

/** A branch or tag that a tree can also be read at. `at` is in epoch milliseconds. */
export type TreeVersion = { name: string; kind: 'branch' | 'tag'; at?: number; isCurrent: boolean };

/**
 * The files below a folder of a source. Paths have forward slashes and start at that folder; none leads out of it, links included.
 */
export type FileTree = {
  /** what people call the place, for messages: a path or address */
  readonly name: string;
  /** the branch or tag, and its commit, where the files come from Git */
  readonly version?: string;
  readonly commit?: string;
  /** Files below a folder of the tree, in a stable order, and links that lead out of the tree; empty when there is no such folder. */
  list(folder: string): Promise<{ files: TreeFile[]; refused: string[]; isComplete: boolean }>;
  /**
   * Reads a file; undefined when there is none, or when it leads out.
   *
   * @param options.mostBytes - longer files are not read: an AppError says so
   * @param options.wide - the path may lead out of the folder, but not out of the source
   */
  read(path: string, options?: { mostBytes?: number; wide?: boolean }): Promise<Uint8Array | undefined>;
  versions(): Promise<TreeVersion[]>;
  /** The last change of each file that Git knows of; empty without Git, and as long as the past of a remote repository is being fetched. */
  changes(how?: Patience): Promise<Map<string, LastChange>>;
  /** The last change beside the folders named, epoch milliseconds; undefined without Git, and as long as it is being fetched. */
  changedBeside(folders: readonly string[], how?: Patience): Promise<number | undefined>;
  /** Pages of a file, or of the folder itself, on the code host. */
  pages(path: string): { view?: string; edit?: string };
  close(): Promise<void>;
};
