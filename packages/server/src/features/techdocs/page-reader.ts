import { hash } from 'node:crypto';
import { posix } from 'node:path';
import type { FileTree } from '../../core/files/index.ts';
import { pathInTree } from '../../core/files/index.ts';
import { list, object, text as asText } from './formats/mkdocs/words.ts';
import type { Draw } from './plantuml.ts';
import { resolveTarget } from './render/addresses.ts';
import { type PreparedSite, prepareSite } from './render/prepared-site.ts';
import { plainPage, type Renderer } from './render/renderer.ts';
import type { Drawing, RenderedPage, SiteSettings } from './render/types.ts';
import type { Site, SitePage } from './site/types.ts';

/** Raise when the same text gives another page than before. */
const edition = 7;

export const limits = {
  pageBytes: 2 * 1024 * 1024,
  snippetBytes: 512 * 1024,
  snippetRounds: 8,
  snippets: 200,
  drawings: 50,
};

/** A site that is open for reading. */
export type OpenSite = { tree: FileTree; site: Site; prepared: PreparedSite };

/** Where rendered pages are kept. */
export type PageStore = {
  get(key: string): Promise<RenderedPage | undefined>;
  put(key: string, page: RenderedPage): Promise<void>;
};

/** Makes of a site what decides how its pages look. */
export function openSite(
  tree: FileTree,
  site: Site,
  config: { frameHosts: string[]; imageHosts: string[]; plantumlServer?: string },
): OpenSite {
  const plantumlServer = config.plantumlServer;
  const own = {
    pages: [...site.byPath.keys()],
    files: [...site.files.keys()],
    docsDir: site.docsDir,
    beside: [...site.beside],
    redirects: [...site.redirects.keys()],
    extensions: site.extensions,
    profile: site.profile,
    variables: site.variables,
    ...(plantumlServer !== undefined && { plantumlServer }),
    frameHosts: config.frameHosts,
    imageHosts: config.imageHosts,
  };
  const settings: SiteSettings = { key: hash('sha1', JSON.stringify(own)), ...own };
  return { tree, site, prepared: prepareSite(settings) };
}

/** What a page is made of, beside the files that its links name. */
function keyOf({ prepared: { settings } }: OpenSite, page: SitePage, bytes: Uint8Array): string {
  const { extensions, profile, variables, plantumlServer, frameHosts, imageHosts } = settings;
  const said = JSON.stringify([
    edition,
    page.file,
    extensions,
    profile,
    variables,
    plantumlServer ?? '',
    frameHosts,
    imageHosts,
  ]);
  return `${hash('sha256', said).slice(0, 24)}${hash('sha256', bytes)}`;
}

/** Pages that may look better the next time. */
const notKept = new Set(['TECHDOCS_PAGE_GIVEN_UP', 'TECHDOCS_PLANTUML_UNAVAILABLE']);

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The text that a snippet names: below the folders of `base_path`, the configuration, the documents or the page; never outside. */
export async function snippetText({ tree, site }: OpenSite, page: SitePage, path: string): Promise<string | null> {
  const options = object(site.extensions.find(({ name }) => name === 'pymdownx.snippets')?.options);
  const said = options['base_path'];
  const bases = [
    ...(typeof said === 'string' ? [said] : list(said).flatMap((each) => asText(each) ?? [])),
    '',
    site.docsDir,
    posix.dirname(page.source),
  ];
  for (const base of bases) {
    const own = path.startsWith('/') ? undefined : pathInTree(posix.join(base, path));
    if (own === undefined || /(?:^|\/)\.(?:git|env)/.test(own)) continue;
    const bytes = await tree.read(own, { mostBytes: limits.snippetBytes }).catch(() => undefined);
    if (bytes) return decode(bytes);
  }
  return null;
}

/** Whether what the page was made with is still so. */
async function isFresh(open: OpenSite, page: SitePage, rendered: RenderedPage): Promise<boolean> {
  for (const [target, before] of Object.entries(rendered.targets)) {
    const now = resolveTarget(target, page.file, open.prepared.places);
    if ((now && 'url' in now ? now.url : null) !== before) return false;
  }
  for (const [path, before] of Object.entries(rendered.snippets))
    if ((await snippetText(open, page, path)) !== before) return false;
  return true;
}

/**
 * Reads a page, rendered: from the store when nothing of it has changed.
 *
 * @param tools.isHurried - code in languages that are not ready stays without colours, and nobody waits until the page is stored
 */
export async function readPage(
  open: OpenSite,
  page: SitePage,
  tools: { renderer: Renderer; store: PageStore; draw?: Draw | undefined; isHurried?: boolean },
): Promise<{ page: RenderedPage; isNew: boolean }> {
  const tooLong = (size: number) =>
    plainPage('', {
      code: 'TECHDOCS_PAGE_TOO_LONG',
      message: `${page.file} has ${size} bytes; pages of at most ${limits.pageBytes} are shown`,
      fix: 'Split it into several pages, or offer it as a file to download.',
    });
  if (page.size > limits.pageBytes) return { page: located(tooLong(page.size), page), isNew: false };
  const bytes = await open.tree.read(page.source, { mostBytes: limits.pageBytes });
  if (!bytes) return { page: located(plainPage('', gone(page)), page), isNew: false };
  const key = keyOf(open, page, bytes);
  const known = await tools.store.get(key);
  if (known && (await isFresh(open, page, known))) return { page: located(known, page), isNew: false };
  const text = decode(bytes);
  const snippets: Record<string, string | null> = {};
  const drawings: Record<string, Drawing> = {};
  for (let round = 0; ; round += 1) {
    const answer = await tools.renderer.render(open.prepared.settings, {
      file: page.file,
      text,
      snippets,
      drawings,
      ...(tools.isHurried === true && { isHurried: true }),
    });
    const wanted = answer.wanted.slice(0, limits.snippets - Object.keys(snippets).length);
    const undrawn = tools.draw ? answer.undrawn.slice(0, limits.drawings - Object.keys(drawings).length) : [];
    if (wanted.length + undrawn.length === 0 || round >= limits.snippetRounds) {
      const isKept = answer.page.isPlain !== true && !answer.page.notes.some(({ code }) => notKept.has(code));
      if (isKept) {
        const stored = tools.store.put(key, answer.page);
        // Whoever reads does not wait for the database: what cannot be stored is rendered again some day.
        if (tools.isHurried === true) stored.catch(() => undefined);
        else await stored;
      }
      return { page: located(answer.page, page), isNew: true };
    }
    for (const path of wanted) snippets[path] = await snippetText(open, page, path);
    await Promise.all(undrawn.map(async (source) => (drawings[source] = await tools.draw!(source))));
  }
}

const gone = (page: SitePage) => ({
  code: 'TECHDOCS_PAGE_GONE',
  message: `${page.file} was removed while it was being read`,
  fix: 'Load the page again.',
});

/** Notes say where their page is. */
const located = (rendered: RenderedPage, page: SitePage): RenderedPage => ({
  ...rendered,
  notes: rendered.notes.map((note) => ({ ...note, file: page.source })),
});
