import { type Api, type ApiFault, fault } from './api.ts';
import type { Fault, Item, Raw } from './model.ts';
import { itemOf, pathOf, type Resource } from './resources.ts';

/** The objects of one kind in one place, and how far they can be trusted. */
export type Feed = {
  cluster: string;
  resource: Resource;
  namespace?: string;
  items: Map<string, Item>;
  /** `absent`: the cluster has no such kind */
  state: 'new' | 'live' | 'broken' | 'absent';
  /** When it was last known to be true; while it is live that is now */
  asOf?: number;
  fault?: Fault;
};

export type Timing = { firstMs: number; longestMs: number; absentMs: number; watchSeconds: number };
export const usualTiming: Timing = { firstMs: 1_000, longestMs: 60_000, absentMs: 600_000, watchSeconds: 290 };

const lineLimit = 8 * 1024 * 1024;
const pageBytes = 16 * 1024 * 1024;
const pageItems = 500;

export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Lets so many works run at once; the others wait. */
export function turns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncIterable<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    if (rest.length > lineLimit)
      throw fault('a change has more than 8 MiB', { code: 'KUBERNETES_NONSENSE', fix: 'Look at what answers there.' });
    for (const line of lines) if (line !== '') yield line;
  }
  if (rest !== '') yield rest;
}

const noCluster = () =>
  fault('what answers there is no Kubernetes API: it has no pods and services (404)', {
    code: 'KUBERNETES_NONSENSE',
    fix: 'Check the address, and the path in it where a proxy serves several clusters.',
  });

const metadataOf = (raw: Raw): Raw => (raw.metadata ?? {}) as Raw;

/**
 * Keeps a feed true until the signal fires: reads everything once, then follows the changes. What was read stays while the far side fails.
 *
 * @param parts.changed - called when items or the state of the feed have become others
 */
export async function follow(parts: {
  api: Api;
  feed: Feed;
  signal: AbortSignal;
  timing: Timing;
  /** Has something done when it is its turn: a cluster is not asked for everything at once */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  changed: () => void;
}): Promise<void> {
  const { api, feed, signal, timing, inTurn, changed } = parts;
  const { resource, namespace } = feed;
  let path: string | undefined;
  let version: string | undefined;
  /** Since when this try is followed */
  let liveAt: number | undefined;

  const query = (words: Record<string, string>) =>
    `?${new URLSearchParams(words).toString()}${resource.query === undefined ? '' : `&${resource.query}`}`;

  /** Objects are known by their uid, so that one that is deleted and made again is another. */
  const put = (items: Map<string, Item>, raw: Raw) =>
    items.set(String(metadataOf(raw).uid), itemOf(feed.cluster, resource, raw));

  function come(): void {
    const was = feed.state;
    feed.state = 'live';
    feed.asOf = Date.now();
    liveAt ??= feed.asOf;
    if (was !== 'live' || feed.fault) changed();
    feed.fault = undefined;
  }

  /** Pages become smaller where objects are large. */
  async function readPages(at: string): Promise<{ items: Map<string, Item>; version: string }> {
    const items = new Map<string, Item>();
    let limit = pageItems;
    let next: string | undefined;
    for (;;) {
      try {
        const address = `${at}${query({ limit: String(limit), ...(next && { continue: next }) })}`;
        const page = await inTurn(() => api.get(address, { signal, maxBytes: pageBytes }));
        if (!Array.isArray(page.items) || typeof page.metadata?.resourceVersion !== 'string')
          throw fault('the API server answers with something that is no list', {
            code: 'KUBERNETES_NONSENSE',
            fix: 'Check the address; a proxy may answer in place of the API server.',
          });
        for (const raw of page.items as Raw[]) put(items, raw);
        next = page.metadata.continue || undefined;
        if (next === undefined) return { items, version: page.metadata.resourceVersion };
      } catch (error) {
        if (!String((error as ApiFault).code).includes('TOO_LARGE') || limit <= 10) throw error;
        limit = Math.ceil(limit / 5);
      }
    }
  }

  /** Every cluster has pods. Where even they are missing, it is not the kind that has gone. */
  async function assertCluster(): Promise<void> {
    try {
      await inTurn(() => api.get(`${pathOf({ group: '', version: 'v1' }, 'pods', namespace)}?limit=1`, { signal }));
    } catch (error) {
      const { status } = error as ApiFault;
      if (status === 404) throw noCluster();
      if (status !== 403) throw error;
    }
  }

  /** Reads everything, in the newest version that the cluster has. A kind is missing when a cluster that is there says so twice. */
  async function readAll(isAgain = false): Promise<void> {
    for (const each of resource.versions) {
      const at = pathOf(each, resource.plural, namespace);
      try {
        const read = await readPages(at);
        path = at;
        version = read.version;
        feed.items = read.items;
        changed();
        return come();
      } catch (error) {
        const isMissing = (error as ApiFault).status === 404;
        if (isMissing && each.group === '') throw noCluster();
        if (isMissing && each !== resource.versions.at(-1)) continue;
        if (!isMissing || isAgain) throw error;
        await assertCluster();
        // What stands before the cluster may have found its way to it only now.
        return readAll(true);
      }
    }
  }

  function take(line: string): void {
    let change: Raw;
    try {
      change = JSON.parse(line) as Raw;
    } catch {
      throw fault('a change is no JSON', { code: 'KUBERNETES_NONSENSE', fix: 'Look at what stands between.' });
    }
    const object = (change.object ?? {}) as Raw;
    if (change.type === 'ERROR') {
      const status = Number(object.code);
      if (status !== 410) version = undefined;
      throw fault(String(object.message ?? 'the watch failed'), {
        code: 'KUBERNETES_EXPIRED',
        fix: 'It is read anew.',
        status,
      });
    }
    const { uid, resourceVersion } = metadataOf(object);
    if (typeof resourceVersion === 'string') version = resourceVersion;
    if (change.type === 'BOOKMARK') return;
    if (change.type === 'DELETED') feed.items.delete(String(uid));
    else if (change.type === 'ADDED' || change.type === 'MODIFIED') put(feed.items, object);
    changed();
  }

  /** Follows changes until the server ends that, as it does every few minutes. */
  async function watch(): Promise<void> {
    const silence = new AbortController();
    // A connection that died without a word is noticed when the server should have ended it.
    const timer = setTimeout(() => silence.abort(new Error('silence')), (timing.watchSeconds + 30) * 1000);
    const words = {
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: version!,
      timeoutSeconds: String(timing.watchSeconds),
    };
    let lastAt = Date.now();
    try {
      const either = AbortSignal.any([signal, silence.signal]);
      const pieces = await inTurn(() => api.stream(`${path}${query(words)}`, either));
      come();
      for await (const line of linesOf(pieces)) {
        take(line);
        lastAt = Date.now();
      }
      feed.asOf = Date.now();
    } catch (error) {
      if (feed.state === 'live') feed.asOf = silence.signal.aborted ? lastAt : Date.now();
      throw silence.signal.aborted
        ? fault('the connection was silent', { code: 'OUTBOUND_UNREACHABLE', fix: 'It is made anew.' })
        : error;
    } finally {
      clearTimeout(timer);
    }
  }

  let wait = timing.firstMs;
  /** Since when something is wrong, though an answer may begin well now and then */
  let since: number | undefined;
  while (!signal.aborted) {
    const began = Date.now();
    liveAt = undefined;
    try {
      if (version === undefined) await readAll();
      if (version !== undefined) await watch();
      if (signal.aborted) return;
      since = undefined;
      // One that the server ends at once would be asked for without a pause.
      wait = Date.now() - began > timing.firstMs ? timing.firstMs : Math.min(wait * 2, timing.longestMs);
      await sleep(Date.now() - began > timing.firstMs ? 0 : wait, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = error as ApiFault;
      // What went well for a while failed by another cause than the last time.
      if (liveAt !== undefined && Date.now() - liveAt > timing.firstMs) {
        wait = timing.firstMs;
        since = undefined;
      }
      // A kind that is missing when it is to be followed may have another version now.
      const isGone = failure.status === 410 || (failure.status === 404 && version !== undefined);
      if (isGone || /too large resource version/i.test(failure.message)) {
        // Usual after a while without a connection: everything is read anew, and nothing is wrong.
        version = undefined;
        await sleep(Math.min(wait, timing.firstMs), signal);
        continue;
      }
      if (failure.status !== undefined && failure.status < 429) version = undefined;
      if (failure.status === 404) {
        feed.items = new Map();
        feed.state = 'absent';
        feed.fault = undefined;
        feed.asOf = Date.now();
        changed();
        await sleep(timing.absentMs, signal);
        continue;
      }
      if (feed.state !== 'new') feed.state = 'broken';
      feed.fault = {
        code: failure.code ?? 'KUBERNETES_FAILS',
        message: failure.message,
        fix: failure.fix ?? 'The portal asks again by itself.',
        since: feed.fault?.since ?? since ?? Date.now(),
      };
      since = feed.fault.since;
      changed();
      await sleep(failure.retryAfterMs ?? wait * (0.75 + Math.random() / 2), signal);
      wait = Math.min(wait * 2, timing.longestMs);
    }
  }
}
