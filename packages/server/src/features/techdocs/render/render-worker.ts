import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { prepareSite, type PreparedSite } from './prepared-site.ts';
import { renderPage } from './render-page.ts';
import { highlight } from './highlight.ts';
import type { RenderTask, SiteSettings } from './types.ts';

const port = parentPort!;
const sites = new Map<string, PreparedSite>();
const most = 20;

/** A little of what pages are made of. */
const sample = `# One *two*

Three **four** [five](six.md), \`seven\` and https://example.com/eight.

- nine
- [ ] ten

\`\`\`text
eleven
\`\`\`

!!! note "Twelve"
    Thirteen.

| A | B |
| --- | --- |
| \`1\` | 2 |
`;

let isAsked = false;

/** Code that runs for the first time takes several times as long: that time is over when somebody asks. */
async function rehearse(): Promise<void> {
  if (isAsked) return;
  const site = prepareSite({
    key: '',
    pages: [],
    files: [],
    redirects: [],
    extensions: [],
    profile: 'techdocs',
    variables: {},
    frameHosts: [],
    imageHosts: [],
  });
  await renderPage(site, { site: '', file: 'sample.md', text: sample, snippets: {}, drawings: {}, isHurried: true });
}

port.on('message', async ({ id, site, task }: { id: number; site?: SiteSettings; task: RenderTask }) => {
  isAsked = true;
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

// What is waiting already comes first.
setTimeout(() => void rehearse(), 1);
