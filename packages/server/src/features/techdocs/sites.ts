import type { EntityFiles } from '../catalog/index.ts';
import type { TechdocsConfig } from './config.ts';
import type { Located } from './entities.ts';
import { type OpenSite, openSite } from './page-reader.ts';
import { readSite } from './site/read-site.ts';

/** Sites that are open, kept for as long as they are asked for. */
export type Sites = {
  /**
   * Opens the documents of an entity as they are now.
   *
   * @throws AppError when they cannot be read, or there is no such version
   */
  open(documented: Located, version?: string): Promise<OpenSite>;
  /** Forgets what is known, so that the next reading asks again. */
  forget(ref: string): void;
  close(): Promise<void>;
};

/** What was read is taken for current so long; other versions hardly ever change. */
const freshMs = { current: 1_000, version: 60_000 };
const mostOpen = 40;

type Entry = { at: number; opening: Promise<OpenSite>; open?: OpenSite };

export function createSites(files: EntityFiles, config: TechdocsConfig, now: () => number = Date.now): Sites {
  const entries = new Map<string, Entry>();
  const stopping = new AbortController();

  const drop = (key: string) => {
    const entry = entries.get(key);
    entries.delete(key);
    // Readers may still be at work; the trees of Git end their processes a little later.
    if (entry)
      setTimeout(
        () =>
          void entry.opening.then(
            ({ tree }) => tree.close(),
            () => undefined,
          ),
        15_000,
      ).unref();
  };

  async function read(documented: Located, version: string | undefined, before?: OpenSite): Promise<OpenSite> {
    const tree = await files.open(documented.ref, {
      target: documented.target,
      ...(version !== undefined && { version }),
      signal: stopping.signal,
    });
    const site = await readSite(tree, { fallbackTitle: documented.title });
    if (before && before.site.fingerprint === site.fingerprint && before.tree.commit === tree.commit) {
      await tree.close();
      return before;
    }
    return openSite(tree, site, config);
  }

  return {
    async open(documented, version) {
      const key = `${documented.ref} ${documented.target} ${version ?? ''}`;
      const known = entries.get(key);
      const lasts = version === undefined ? freshMs.current : freshMs.version;
      if (known && now() - known.at < lasts) return known.opening;
      const opening = read(documented, version, known?.open);
      const entry: Entry = { at: now(), opening };
      entries.delete(key);
      entries.set(key, entry);
      try {
        const open = await opening;
        entry.open = open;
        entry.at = now();
        if (known?.open && known.open !== open) void known.open.tree.close();
        if (entries.size > mostOpen) drop(entries.keys().next().value!);
        return open;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      }
    },
    forget(ref) {
      for (const key of [...entries.keys()]) if (key.startsWith(`${ref} `)) drop(key);
    },
    async close() {
      stopping.abort();
      for (const { opening } of entries.values()) await opening.then(({ tree }) => tree.close()).catch(() => undefined);
      entries.clear();
    },
  };
}
