/** Results that hold until the catalog changes. */
export type VersionCache = {
  /**
   * The result of `work` for a key, worked out at most once per version of the catalog.
   *
   * @param keep - whether a result is small enough to be kept
   */
  get<T>(key: string, version: number, work: () => Promise<T>, keep?: (result: T) => boolean): Promise<T>;
};

const longestKey = 20_000;

/**
 * Opens a cache. The version is the newest event: whoever changes entities writes one, in the same transaction.
 *
 * @param options.entries - how many results are kept, the latest used ones
 * @param options.maxAgeMs - bounds the harm of a change that no event tells of
 */
export function createVersionCache(options: { entries: number; maxAgeMs: number; now?: () => number }): VersionCache {
  const { now = Date.now } = options;
  const entries = new Map<string, { version: number; until: number; result: Promise<unknown> }>();
  return {
    get<T>(
      key: string,
      version: number,
      work: () => Promise<T>,
      keep: (result: T) => boolean = () => true,
    ): Promise<T> {
      if (key.length > longestKey) return work();
      const found = entries.get(key);
      if (found) {
        entries.delete(key);
        if (found.version === version && found.until > now()) {
          entries.set(key, found);
          return found.result as Promise<T>;
        }
      }
      const entry = { version, until: now() + options.maxAgeMs, result: work() };
      entries.set(key, entry);
      if (entries.size > options.entries) entries.delete(entries.keys().next().value!);
      const drop = () => {
        if (entries.get(key) === entry) entries.delete(key);
      };
      entry.result.then((result) => keep(result) || drop(), drop);
      return entry.result;
    },
  };
}
