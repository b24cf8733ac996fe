import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { prepareSite, type PreparedSite } from './prepared-site.ts';
import { renderPage } from './render-page.ts';
import { highlight } from './highlight.ts';
import type { RenderTask, SiteSettings } from './types.ts';

const port = parentPort!;
const sites = new Map<string, PreparedSite>();
const most = 20;

port.on('message', async ({ id, site, task }: { id: number; site?: SiteSettings; task: RenderTask }) => {
  if (site) {
    if (sites.size >= most) sites.delete(sites.keys().next().value!);
    sites.set(site.key, prepareSite(site));
  }
  const prepared = sites.get(task.site);
  if (!prepared) return port.postMessage({ id, unknown: true });
  try {
    const { answer, uncoloured } = await renderPage(prepared, task);
    port.postMessage({ id, answer });
    // Nobody waits for this; what comes meanwhile goes between.
    for (const { code, language } of uncoloured) {
      await setImmediate();
      await highlight(code, language);
    }
  } catch (error) {
    port.postMessage({ id, failure: (error as Error).message });
  }
});
