import { constants, existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { scaffolderErrors } from '../errors.ts';
import type { RunReader } from '../store/read.ts';
import { pack, unpack } from './archive.ts';

/** Files up to this size are kept in the database for other replicas. */
const mostShared = 50 * 1024 * 1024;

/**
 * The folders of runs. A step that writes may be interrupted in its middle, so the files from before it are kept: beside the workspace,
 * and where several replicas run also in the database after each such step.
 */
export type Workspaces = {
  of(runId: string): string;
  /**
   * Brings the folder into the state from before a step.
   *
   * @param isCurrent - whether nothing has written since so many steps were done
   */
  restore(run: { id: string; snapshot: number | null }, isCurrent: (position: number) => boolean): Promise<void>;
  /** Keeps a copy beside it. */
  keep(runId: string, position: number): Promise<void>;
  /** The files for other replicas; undefined where there are none, or the files are too many. */
  packed(runId: string): Promise<string | undefined>;
  /** The folder of a run that has ended; brought here if another replica has it. Undefined when it is gone. */
  find(runId: string): Promise<string | undefined>;
  forgetCopies(runId: string): Promise<void>;
  remove(runId: string): Promise<void>;
  /** Ids of the runs whose folders are here. */
  present(): Promise<string[]>;
};

export function createWorkspaces(options: { directory: string; isShared: boolean; reader: RunReader }): Workspaces {
  const { directory, isShared, reader } = options;
  const of = (runId: string) => join(directory, runId);
  const copyOf = (runId: string) => `${of(runId)}.before`;
  const empty = async (folder: string) => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
  };
  const copy = (from: string, to: string) =>
    cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
    });

  return {
    of,
    async restore({ id, snapshot }, isCurrent) {
      const folder = of(id);
      const stored = isShared ? await reader.snapshot(id) : undefined;
      if (stored && isCurrent(Number(stored.position))) {
        await empty(folder);
        await unpack(Buffer.from(stored.body, 'base64'), folder);
        return;
      }
      const position = snapshot ?? 0;
      if (isCurrent(position)) {
        if (position > 0 && !existsSync(copyOf(id)))
          throw scaffolderErrors.workspaceLost({ run: id, limit: `${mostShared >> 20} MiB` });
        await empty(folder);
        if (position > 0) await copy(copyOf(id), folder);
        return;
      }
      if (!existsSync(folder)) throw scaffolderErrors.workspaceLost({ run: id, limit: `${mostShared >> 20} MiB` });
    },
    async keep(runId) {
      const fresh = `${copyOf(runId)}.new`;
      await rm(fresh, { recursive: true, force: true });
      try {
        await copy(of(runId), fresh);
      } catch (error) {
        // Half a copy is of no use, and may be what fills the disk.
        await rm(fresh, { recursive: true, force: true });
        throw error;
      }
      await rm(copyOf(runId), { recursive: true, force: true });
      await rename(fresh, copyOf(runId));
    },
    async packed(runId) {
      return isShared ? (await pack(of(runId), mostShared))?.toString('base64') : undefined;
    },
    async find(runId) {
      const folder = of(runId);
      if (existsSync(folder)) return folder;
      const stored = isShared ? await reader.snapshot(runId) : undefined;
      if (!stored) return undefined;
      const fresh = `${folder}.before.fetched`;
      await empty(fresh);
      await unpack(Buffer.from(stored.body, 'base64'), fresh);
      await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
      return folder;
    },
    async forgetCopies(runId) {
      for (const path of [copyOf(runId), `${copyOf(runId)}.new`]) await rm(path, { recursive: true, force: true });
    },
    async remove(runId) {
      for (const path of [of(runId), copyOf(runId), `${copyOf(runId)}.new`])
        await rm(path, { recursive: true, force: true });
    },
    async present() {
      const names = await readdir(directory).catch(() => []);
      return [...new Set(names.map((name) => name.replace(/\.before.*$/, '')))];
    },
  };
}
