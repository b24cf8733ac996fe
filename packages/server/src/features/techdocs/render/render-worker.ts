import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { prepareSite, type PreparedSite } from './prepared-site.ts';
import { renderPage } from './render-page.ts';
import { highlight } from './highlight.ts';
import type { RenderTask, SiteSettings } from './types.ts';

const port = parentPort!;
const sites = new Map<string, PreparedSite>();
const most = 20;

/** A little of each language that pages have most: the rules of a language are made ready when they are first met. */
const samples = {
  bash: 'export A="b" # c\nif [ -f "$A" ]; then echo $(ls) | grep -v x; fi',
  yaml: 'a: 1\nb:\n  - "c" # d\n  - true',
  json: '{ "a": [1, true, "b"] }',
  python: 'import a\n\n\ndef b(c: int = 1) -> str:\n    return f"{c}"  # e',
  typescript:
    "import { a } from 'b';\n\nexport const c = async (d: string): Promise<void> => {\n  await a(`${d}`, /x/); // e\n};",
};

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
void highlight('x', 'bash').then(async () => {
  if (!(workerData as { prepares: boolean }).prepares) return;
  for (const [language, code] of Object.entries(samples)) {
    await setImmediate();
    await highlight(code, language);
  }
});
