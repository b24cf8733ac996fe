/**
 * Folders to be read, on this machine or in a repository: the same questions to all of them, and nothing outside of them.
 */
export { openDiskTree, pathInTree } from './disk.ts';
export { fileErrors } from './errors.ts';
export { type BlobReader, blobReader } from './git-blobs.ts';
export { git, gitEnvironment, gitSettings } from './git-command.ts';
export { openGitTree } from './git-tree.ts';
export type { FileTree, LastChange, TreeFile, TreeVersion } from './types.ts';
