import type { Host } from '@callboard/plugin-api';
import { slugOf } from './address.ts';
import { numberOf } from './json.ts';

/** Where a branch ended when somebody looked, and the versions of files that were seen with it. */
export type Head = { commit: string; at: number; files: Map<string, string> };

/** So long a look counts; a source looks again sooner. */
const freshMs = 600_000;
const mostKept = 20_000;

/**
 * What is known of the ends of branches, so that files of an unchanged repository are answered without a call. A push that a hook tells of
 * is written down for all replicas.
 */
export function createHeads(store: Host['store'], now: () => number = Date.now) {
  const heads = new Map<string, Head>();
  const keyOf = (host: string, slug: string, branch: string) => `${host}/${slug} ${branch}`;
  const pushKey = (host: string, slug: string) => `pushed/${host}/${slug}`;

  return {
    learn(host: string, repository: { owner: string; repository: string }, branch: string, commit: string) {
      const key = keyOf(host, slugOf(repository), branch);
      const before = heads.get(key);
      const head: Head = { commit, at: now(), files: before?.commit === commit ? before.files : new Map() };
      heads.delete(key);
      heads.set(key, head);
      if (heads.size > mostKept) heads.delete(heads.keys().next().value!);
      return head;
    },
    /** What counts now; undefined where nobody looked lately, or something was pushed since. */
    async get(
      host: string,
      repository: { owner: string; repository: string },
      branch: string,
    ): Promise<Head | undefined> {
      const slug = slugOf(repository);
      const head = heads.get(keyOf(host, slug, branch));
      if (!head || now() - head.at > freshMs) return undefined;
      const pushed = numberOf(await store.get(pushKey(host, slug)));
      return pushed === undefined || pushed < head.at ? head : undefined;
    },
    async pushed(host: string, repository: { owner: string; repository: string }): Promise<void> {
      await store.set(pushKey(host, slugOf(repository)), now());
    },
    freshMs,
  };
}
export type Heads = ReturnType<typeof createHeads>;
