import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Host } from '@callboard/plugin-api';
import { type Feed, sleep } from './follow.ts';
import type { Item } from './model.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);
/** A value of the store has 256 KiB at most. */
const pieceLength = 200_000;

const keyOf = ({ cluster, resource, namespace = '' }: Feed) =>
  `${cluster.slice(0, 80)}/${resource.plural}.${resource.versions[0]!.group}/${namespace}`.slice(0, 180);

/** Gives feeds what was known before the portal was started, with its age. What has been read meanwhile is newer. */
export async function recall(host: Host, feeds: readonly Feed[]): Promise<void> {
  for (const feed of feeds) {
    const key = keyOf(feed);
    const head = (await host.store.get(key)) as { at: number; pieces: number } | null;
    if (!head) continue;
    const pieces: string[] = [];
    for (let index = 0; index < head.pieces; index += 1)
      pieces.push(((await host.store.get(`${key}/${index}`)) as string | null) ?? '');
    try {
      const text = await unpack(Buffer.from(pieces.join(''), 'base64'));
      const items = JSON.parse(text.toString('utf8')) as Item[];
      if (feed.state !== 'new') continue;
      feed.items = new Map(items.map((item) => [item.uid, item]));
      feed.state = 'broken';
      feed.asOf = head.at;
    } catch {
      // Two replicas have written at once: what the cluster says comes in a moment.
    }
  }
}

/** Puts away what is known, now and then, until the signal fires. What has not changed is not written again. */
export async function remember(
  host: Host,
  feeds: readonly Feed[],
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const written = new Map<Feed, string>();
  while (!signal.aborted) {
    await sleep(everyMs, signal);
    for (const feed of feeds) {
      if (signal.aborted || feed.state !== 'live') continue;
      const known = JSON.stringify([...feed.items.values()]);
      const mark = createHash('sha256').update(known).digest('base64');
      if (written.get(feed) === mark) continue;
      const text = (await pack(known)).toString('base64');
      const key = keyOf(feed);
      const pieces = Math.ceil(text.length / pieceLength);
      for (let index = 0; index < pieces; index += 1)
        await host.store.set(`${key}/${index}`, text.slice(index * pieceLength, (index + 1) * pieceLength));
      await host.store.set(key, { at: Date.now(), pieces });
      written.set(feed, mark);
    }
  }
}
