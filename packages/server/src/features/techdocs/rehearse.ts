import { setImmediate } from 'node:timers/promises';
import type { FileTree } from '../../core/files/index.ts';
import type { TechdocsConfig } from './config.ts';
import type { Located } from './entities.ts';
import { openSite } from './page-reader.ts';
import { presentPage } from './present.ts';
import { plainPage } from './render/renderer.ts';
import { readSite } from './site/read-site.ts';
import { createTitles } from './site/titles.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const configuration = `site_name: Sample
repo_url: https://example.com/sample
plugins:
  - search
markdown_extensions:
  - admonition
  - toc:
      permalink: true
`;
const files = ['index.md', ...Array.from({ length: 40 }, (_, index) => `part-${index % 4}/page-${index}.md`)];

/** A few documents that are nowhere. */
const sample: FileTree = {
  name: 'sample',
  async list() {
    await setImmediate();
    return {
      files: files.map((path) => ({ path: `docs/${path}`, size: 10, version: '1' })),
      refused: [],
      isComplete: true,
    };
  },
  async read(path) {
    if (path.endsWith('.md')) return encode('# Sample\n\nText.\n');
    await setImmediate();
    return path === 'mkdocs.yml' ? encode(configuration) : undefined;
  },
  versions: async () => [],
  changes: async () => new Map(),
  changedBeside: async () => undefined,
  pages: () => ({}),
  close: async () => undefined,
};
const located: Located = {
  ref: 'component:default/sample',
  entity: { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'sample' } },
  title: 'Sample',
  target: 'dir:.',
  startPath: '',
};

/**
 * Goes through what leads to a page, apart from rendering it: code that runs for the first time takes several times as long, and that time is
 * over when somebody asks.
 */
export async function rehearse(config: TechdocsConfig): Promise<void> {
  const titles = createTitles();
  for (let round = 0; round < 3; round += 1) {
    const open = openSite(sample, await readSite(sample, { fallbackTitle: '' }), config);
    const note = { code: 'SAMPLE', message: '', fix: '' };
    await presentPage(located, open, open.site.pages[1]!, plainPage('', note), { titles, now: 0, staleAfterMonths: 1 });
  }
}
