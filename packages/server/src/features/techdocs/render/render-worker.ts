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

Three **four** [five](six.md), \`seven\` and https://example.com/eight. ![Nine](nine.png) "Ten" -- <b>eleven</b>.

## Twelve

- thirteen
- [ ] fourteen [fifteen](#twelve)

1. sixteen

\`\`\`text
seventeen
\`\`\`

\`\`\`python
eighteen = 18
\`\`\`

!!! note "Nineteen"
    Twenty & more.

| A | B |
| --- | --- |
| \`1\` | 2 |
| 3 | 4 |
`;

/** So often the sample is gone through: after that a page takes half the time. */
const rehearsals = 10;

let isAsked = false;

/** Code that runs for the first time takes several times as long: that time is over when somebody asks, who need not wait for the rest. */
async function rehearse(): Promise<void> {
  if (isAsked) return;
  const site = prepareSite({
    key: '',
    pages: ['', 'six'],
    files: ['index.md', 'six.md', 'nine.png'],
    docsDir: 'docs',
    beside: [],
    redirects: [],
    extensions: [],
    profile: 'techdocs',
    variables: {},
    frameHosts: [],
    imageHosts: [],
  });
  for (let round = 0; round < rehearsals && !isAsked; round += 1) {
    await renderPage(site, { site: '', file: 'index.md', text: sample, snippets: {}, drawings: {}, isHurried: true });
    await setImmediate();
  }
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
await setImmediate();
await setImmediate();
void rehearse();
