import { createHash } from 'node:crypto';
import type { Host } from '@callboard/plugin-api';
import type { RepositorySource } from './settings.ts';

type JsonValue = Parameters<Host['store']['set']>[1];

/** What is kept of a project between readings. */
export type Listed = {
  id: number;
  project: string;
  branch?: string;
  /** When something happened in it, to the hour: GitLab notes this at most once an hour */
  activeAt: number;
  topics: string[];
  archived?: boolean;
  fork?: boolean;
  /** When it was looked for descriptors, and which there were */
  checkedAt?: number;
  descriptors?: string[];
};

/** All that is known of the repositories of a source. */
export type List = { projects: Map<number, Listed>; seenAt: number; wholeAt: number; etag?: string };

/** For so long after an activity there may be others that GitLab has not noted. */
export const unnotedMs = 65 * 60_000;
/** Knowledge that is older says nothing. */
const trustMs = 20 * 60_000;
const perKey = 300;
const inMemoryMs = 30_000;

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);
const keyOf = (source: RepositorySource) => `list/${digest(JSON.stringify(source))}`;
const touchedKey = (host: string, project: string) => `touched/${digest(`${host}/${project}`)}`;

/** Keeps what was seen of repositories, for all replicas. */
export function createKnown(host: Host, now: () => number = Date.now) {
  const { store } = host;
  let loaded: { at: number; projects: Map<string, { activeAt: number; seenAt: number; branch?: string }> } | undefined;
  const written = new Map<string, string>();

  async function load() {
    if (loaded && now() - loaded.at < inMemoryMs) return loaded.projects;
    const projects = new Map<string, { activeAt: number; seenAt: number; branch?: string }>();
    let seenAt = 0;
    let of = '';
    for (let after = ''; ;) {
      const page = await store.entries('list/', after);
      for (const { value } of page) {
        const entry = value as any;
        if (Array.isArray(entry)) {
          for (const each of entry as Listed[])
            projects.set(`${of}/${each.project}`, { activeAt: each.activeAt, seenAt, branch: each.branch });
        } else [seenAt, of] = [entry.seenAt, entry.host];
      }
      if (page.length < 500) break;
      after = page.at(-1)!.key;
    }
    loaded = { at: now(), projects };
    return projects;
  }

  return {
    async read(source: RepositorySource): Promise<List> {
      const key = keyOf(source);
      const head = (await store.get(key)) as any;
      const projects = new Map<number, Listed>();
      if (!head) return { projects, seenAt: 0, wholeAt: 0 };
      for (const { key: part, value } of await store.entries(`${key}/`)) {
        written.set(part, JSON.stringify(value));
        for (const each of value as unknown as Listed[]) projects.set(each.id, each);
      }
      for (const { value } of await store.entries('touched/')) {
        const { project, at } = value as { project: string; at: number };
        for (const each of projects.values())
          if (`${source.host}/${each.project}` === project) each.activeAt = Math.max(each.activeAt, at);
      }
      return { projects, seenAt: head.seenAt, wholeAt: head.wholeAt, etag: head.etag };
    },
    async write(source: RepositorySource, list: List): Promise<void> {
      const key = keyOf(source);
      const all = [...list.projects.values()].toSorted((a, b) => a.id - b.id);
      const parts = Math.ceil(all.length / perKey);
      for (let part = 0; part < parts; part += 1) {
        const name = `${key}/${String(part).padStart(4, '0')}`;
        const value = all.slice(part * perKey, (part + 1) * perKey) as unknown as JsonValue;
        const text = JSON.stringify(value);
        // What is as it was is not written again.
        if (written.get(name) !== text) await store.set(name, JSON.parse(text));
        written.set(name, text);
      }
      for (const name of await store.list(`${key}/`)) if (Number(name.slice(-4)) >= parts) await store.delete(name);
      const { seenAt, wholeAt, etag } = list;
      await store.set(key, { host: source.host, seenAt, wholeAt, ...(etag !== undefined && { etag }) });
      loaded = undefined;
    },
    /** Something was pushed: what is known of the project counts no more. */
    async touch(of: string, project: string): Promise<void> {
      await store.set(touchedKey(of, project), { project: `${of}/${project}`, at: now() });
      loaded = undefined;
    },
    /** Whether a file that was read at that time must be as it was, for sure. */
    async isQuietSince(of: string, project: string, ref: string, readAt: number): Promise<boolean> {
      const found = (await load()).get(`${of}/${project}`);
      if (!found || now() - found.seenAt > trustMs) return false;
      if (ref !== 'HEAD' && ref !== found.branch) return false;
      // Asked each time, as another replica may have heard of a push just now.
      const touched = (await store.get(touchedKey(of, project))) as { at: number } | null;
      return Math.max(found.activeAt, touched?.at ?? 0) + unnotedMs < readAt;
    },
    now,
  };
}

export type Known = ReturnType<typeof createKnown>;
