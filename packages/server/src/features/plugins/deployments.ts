import type { Deployments, RunningVersion } from '@callboard/plugin-api';
import type { Runtime } from './runtime.ts';

type Page = Awaited<ReturnType<Deployments>>;
/** What one contribution knows to run, and why it cannot tell, or not everything. */
export type Collected = { plugin: string; title: string; items: RunningVersion[]; problem?: string };
const mostPages = 100;

/** What enabled plugins know to run now, other than the one that asks. One that cannot tell says why, and holds up no other. */
export function collectDeployments(runtime: Runtime, asker: string, signal: AbortSignal): Promise<Collected[]> {
  async function all(plugin: string, id: string): Promise<Pick<Collected, 'items' | 'problem'>> {
    const items: RunningVersion[] = [];
    let missing: string | undefined;
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const given = cursor === undefined ? {} : { cursor };
      const found = (await runtime.call(plugin, `deployments/${id}`, given, { signal })) as Page;
      items.push(...found.items);
      cursor = found.cursor;
      missing ??= found.missing;
      if (cursor === undefined) return { items, ...(missing !== undefined && { problem: missing }) };
    }
    throw new Error(`It has more than ${mostPages} pages.`);
  }
  return Promise.all(
    runtime
      .all()
      .filter(({ id, state }) => id !== asker && state === 'enabled')
      .flatMap((plugin) => (plugin.manifest.contributes?.deployments ?? []).map((each) => ({ plugin, each })))
      .map(async ({ plugin, each }): Promise<Collected> => {
        const about = { plugin: plugin.id, title: plugin.manifest.title };
        try {
          return { ...about, ...(await all(plugin.id, each.id)) };
        } catch (error) {
          return { ...about, items: [], problem: (error as Error).message };
        }
      }),
  );
}
