import { readFile } from 'node:fs/promises';
import type { Events, NewEvent } from '../../../core/events/index.ts';
import { hashOf } from './file.ts';

const type = 'catalog.descriptor.saved';
const recentEvents = 5_000;

/** The event of a file that somebody saved through the portal. */
export const savedEvent = (saved: { location: string; actor: string; hash: string; before: string }): NewEvent => ({
  type,
  subject: saved.location,
  actor: saved.actor,
  data: { hash: saved.hash, before: saved.before },
});

/**
 * Finds who saved a file through the portal, so that history names the person and not the source. Asks the log once, and only a file that
 * is still as it was saved counts.
 *
 * @param here - what was saved in this process, by location
 */
export function createSavers(
  events: Events,
  here: ReadonlyMap<string, { actor: string; hash: string }>,
): (location: string) => Promise<string | undefined> {
  let savers: Promise<Map<string, { actor: string; hash: unknown }>> | undefined;
  const find = async () => {
    const after = Math.max(0, (await events.latest()) - recentEvents);
    const { events: found } = await events.read({ after, limit: recentEvents, types: [type] });
    return new Map(
      found.flatMap(({ subject, actor, data }) => (actor ? [[subject, { actor, hash: data?.hash }] as const] : [])),
    );
  };
  return async (location) => {
    savers ??= find();
    const known = [here.get(location), (await savers).get(location)].filter((each) => each !== undefined);
    if (known.length === 0) return undefined;
    const bytes = await readFile(location.replace(/^file:/, '')).catch(() => undefined);
    return bytes && known.find(({ hash }) => hash === hashOf(bytes))?.actor;
  };
}
