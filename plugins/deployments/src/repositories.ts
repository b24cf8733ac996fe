/** Keeps what hosts of code know of repositories: deployments, and how far what runs is from the default branch. */
import type { Host } from '@callboard/plugin-api';
import { createGithub } from './github.ts';
import { createGitlab } from './gitlab.ts';
import {
  type CodeHost,
  type Problem,
  type Reader,
  type Repository,
  type RepositoryRecord,
  storeKey,
  type Vendor,
} from './hosts.ts';
import { commitOf, type Difference, merge, type Records } from './record.ts';

/** So many commits of a repository are compared. */
const mostCompared = 20;

export function createRepositories(host: Host, records: Records) {
  const readers: Record<Vendor, Reader> = { github: createGithub(host), gitlab: createGitlab(host) };
  /** What each service was given last */
  const settled = new Map<string, string>();
  const recordOf = async (repository: Repository) =>
    (await host.store.get(storeKey(repository))) as RepositoryRecord | null;
  const problemOf = (error: unknown, before: Problem | undefined): Problem => ({
    message: (error as Error).message.slice(0, 300),
    since: before?.since ?? new Date().toISOString(),
  });

  async function deployments(repository: Repository, before: RepositoryRecord | null, signal: AbortSignal) {
    const { problem, ...known } = before ?? { project: repository.project, deployments: [] };
    try {
      const found = await readers[repository.at.vendor].deployments(
        repository,
        problem ? undefined : before?.etag,
        signal,
      );
      return { ...known, ...found };
    } catch (error) {
      if (signal.aborted) throw error;
      return { ...known, problem: problemOf(error, problem) };
    }
  }

  /** Compares the commits that run somewhere. While the default branch stays, nothing that was compared is asked for again. */
  async function differences(
    repository: Repository,
    before: RepositoryRecord,
    commits: readonly string[],
    signal: AbortSignal,
  ): Promise<RepositoryRecord> {
    const { uncompared, ...known } = before;
    if (before.problem) return before;
    if (commits.length === 0) return known;
    const reader = readers[repository.at.vendor];
    try {
      const head = await reader.head(repository, known.head, signal);
      const same = head.commit === known.head?.commit ? (known.differences ?? {}) : {};
      const found: Record<string, Difference | null> = {};
      for (const commit of commits.slice(0, mostCompared))
        found[commit] = Object.hasOwn(same, commit)
          ? same[commit]!
          : ((await reader.compare(repository, commit, head.commit, signal)) ?? null);
      return { ...known, head, differences: found };
    } catch (error) {
      if (signal.aborted) throw error;
      return { ...known, uncompared: problemOf(error, uncompared) };
    }
  }

  return {
    recordOf,
    /** Every repository that was read, by its key. */
    async all(): Promise<Map<string, RepositoryRecord>> {
      const found = new Map<string, RepositoryRecord>();
      for (let after = ''; ;) {
        const entries = await host.store.entries('repository/', after);
        for (const { key, value } of entries) found.set(key, value as unknown as RepositoryRecord);
        if (entries.length < 500) return found;
        after = entries.at(-1)!.key;
      }
    },
    /** Reads a repository, and gives its deployments to services. Says whether anything has changed. */
    async read(repository: Repository, services: string[], signal: AbortSignal): Promise<boolean> {
      const key = storeKey(repository);
      const before = await recordOf(repository);
      const read = await deployments(repository, before, signal);
      // What a service was given once need not be compared with it every five minutes.
      const isOther = JSON.stringify(read.deployments) !== JSON.stringify(before?.deployments);
      const mark = read.etag === undefined ? undefined : `${key} ${read.etag}`;
      const due = services.filter((service) => isOther || mark === undefined || settled.get(service) !== mark);
      const changes = await Promise.all(
        due.map((service) => records.change(service, (record) => read.deployments.reduce(merge, record))),
      );
      if (mark !== undefined) for (const service of due) settled.set(service, mark);
      const running = await Promise.all(services.map((service) => records.read(service)));
      const commits = running.flatMap(({ current }) => Object.values(current).flatMap((each) => commitOf(each) ?? []));
      const after = await differences(repository, read, [...new Set(commits)].toSorted(), signal);
      const isNew = JSON.stringify(after) !== JSON.stringify(before);
      if (isNew) await host.store.set(key, after);
      return isNew || changes.includes(true);
    },
    test: (at: CodeHost, example: Repository | undefined, signal: AbortSignal) =>
      readers[at.vendor].test(at, example, signal),
  };
}
