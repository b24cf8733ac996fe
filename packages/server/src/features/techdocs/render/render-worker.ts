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
    port.postMessage({ id, answer: await renderPage(prepared, task) });
  } catch (error) {
    port.postMessage({ id, failure: (error as Error).message });
  }
});

// The highlighter takes longest to load; it does so while the first page is on its way.
void highlight('x', 'bash');
