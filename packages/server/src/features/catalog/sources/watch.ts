import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileScope } from './file.ts';
import { walk } from './walk.ts';

/** Editors write in several steps; what they do within this time is one change. */
const settleMs = 40;

/** Whoever removes or moves much needs longer; half of it must not be taken for all. */
const settleRemovalMs = 250;

const mostFolders = 20_000;

/**
 * Watches the folders of a file source. A folder costs one handle of the system, whatever is in it.
 *
 * @param changed - told the files that changed, or nothing when folders came or went and only a full reading can tell
 * @returns how to stop, and whether every folder is watched (systems limit the number of handles)
 */
export async function watchScope(
  scope: FileScope,
  changed: (paths: string[] | undefined) => void,
): Promise<{ close(): void; complete: boolean }> {
  const watchers = new Map<string, FSWatcher>();
  let pending = new Set<string>();
  let everything = false;
  let timer: NodeJS.Timeout | undefined;
  let complete = true;
  let closed = false;

  const settle = () => {
    timer = undefined;
    const paths = everything ? undefined : [...pending];
    pending = new Set();
    everything = false;
    changed(paths);
  };
  const note = (path: string | undefined) => {
    if (path !== undefined) {
      pending.add(path);
      timer ??= setTimeout(settle, settleMs).unref();
      return;
    }
    everything = true;
    clearTimeout(timer);
    timer = setTimeout(settle, settleRemovalMs).unref();
  };

  async function addTree(root: string): Promise<void> {
    const { folders } = await walk(root, () => false).catch(() => ({ folders: [] as string[] }));
    for (const folder of folders) addFolder(folder);
  }
  const removeFolder = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  function addFolder(folder: string): void {
    if (closed || watchers.has(folder)) return;
    if (watchers.size >= mostFolders) {
      complete = false;
      return;
    }
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => void seen(folder, name));
      watcher.on('error', () => removeFolder(folder));
      watchers.set(folder, watcher);
    } catch {
      complete = false;
    }
  }
  async function seen(folder: string, name: string | null): Promise<void> {
    if (name === null) return note(undefined);
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (closed) return;
    if (found?.isDirectory()) {
      if (!watchers.has(path)) {
        await addTree(path);
        note(undefined);
      }
    } else if (!found) {
      removeFolder(path);
      note(undefined);
    } else note(path);
  }

  if (scope.file !== undefined) addFolder(dirname(scope.file));
  // A single descriptor may lead to others below its folder.
  await addTree(scope.root);
  return {
    get complete() {
      return complete;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) removeFolder(folder);
    },
  };
}
