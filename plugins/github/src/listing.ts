import type { Client } from './client.ts';
import type { GithubHost, Organization } from './hosts.ts';
import { type Listed, repositoryPage } from './repositories.ts';

type Known = { wholeAt: number; byName: Map<string, Listed> };

/** What the first page cannot show, such as a topic of a repository that nobody pushes to, is seen this often. */
const wholeMs = 3_600_000;
/** So long a reading goes on before it says that it is not done: a page of a source has a minute. */
const readingMs = 25_000;
/** So long after that it is gone on with; what was read then is too old. */
const restingMs = 120_000;
type Reading = { byName: Map<string, Listed>; cursor?: string; until: number };

/**
 * The repositories of organisations. What is known is asked again by the first page only, which has what was pushed last: it is read on
 * until a page ends with what is known, and from the beginning when the count tells of something else.
 */
export function createListing(client: Client, now: () => number = Date.now) {
  const known = new Map<string, Known>();
  const begun = new Map<string, Reading>();
  const keyOf = ({ host, name, branch, path }: Organization) => [host, name, branch, path].join(' ').toLowerCase();
  const same = (one: Listed | undefined, other: Listed) => JSON.stringify(one) === JSON.stringify(other);

  /** @returns all that there are; undefined while there are more pages, which the next call goes on with */
  async function read(
    target: GithubHost,
    organization: Organization,
    signal?: AbortSignal,
  ): Promise<Listed[] | undefined> {
    const key = keyOf(organization);
    const before = known.get(key);
    const isFresh = before !== undefined && now() - before.wholeAt < wholeMs;
    const earlier = begun.get(key);
    const reading: Reading = earlier && earlier.until + restingMs > now() ? earlier : { byName: new Map(), until: 0 };
    begun.delete(key);
    reading.until = now() + readingMs;
    const { byName } = reading;
    do {
      if (now() > reading.until) {
        begun.set(key, reading);
        return undefined;
      }
      const { cursor } = reading;
      const page = await repositoryPage(client, target, organization, { cursor, signal, purpose: 'background' });
      const { total } = page;
      for (const each of page.repositories) byName.set(each.name, each);
      reading.cursor = page.cursor;
      const last = page.repositories.at(-1);
      if (isFresh && last && same(before.byName.get(last.name), last)) {
        const merged = new Map([...before.byName, ...byName]);
        if (merged.size === total) {
          known.set(key, { ...before, byName: merged });
          return [...merged.values()];
        }
      }
    } while (reading.cursor !== undefined);
    known.set(key, { wholeAt: now(), byName });
    return [...byName.values()];
  }

  return {
    read,
    /** Forgets what is known, so that everything is asked for. */
    forget() {
      known.clear();
      begun.clear();
    },
    /** What is known of an organisation without a call. */
    known: (organization: Organization): Listed[] | undefined => {
      const found = known.get(keyOf(organization));
      return found && [...found.byName.values()];
    },
  };
}
export type Listing = ReturnType<typeof createListing>;
