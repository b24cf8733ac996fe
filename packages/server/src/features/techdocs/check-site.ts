import type { DocsNote } from '@callboard/model/http';
import { type OpenSite, readPage } from './page-reader.ts';
import { pageScheme } from './render/addresses.ts';
import type { RenderedPage } from './render/types.ts';
import type { Note, SitePage } from './site/types.ts';

/** A whole site, read: its pages and everything that is wrong with it. */
export type CheckedSite = { pages: Map<SitePage, RenderedPage>; problems: Note[]; words: number; rendered: number };

const month = 30.44 * 86_400_000;
const mostPages = 20_000;

/** When a page counts as stale: it was left alone for so long while what lies beside the documents was not. */
export function staleness(
  changedAt: number | undefined,
  codeChangedAt: number | undefined,
  now: number,
  months: number,
): { changedAt: number; codeChangedAt: number; months: number } | undefined {
  if (changedAt === undefined || codeChangedAt === undefined) return undefined;
  const age = (now - changedAt) / month;
  // Code that nobody touched either has not run away from its documents.
  if (age < months || codeChangedAt - changedAt < (months / 2) * month) return undefined;
  return { changedAt, codeChangedAt, months: Math.floor(age) };
}

/** The folders whose changes are no changes of the code. */
export const docsFolders = ({ site }: OpenSite): string[] => [
  site.docsDir || 'docs',
  ...(site.configFile ? [site.configFile] : []),
];

/**
 * Reads every page of a site and finds what is wrong: links, images, anchors, orphans, stale pages.
 *
 * @param options.turn - waits before each page for those who go first
 */
export async function checkSite(
  open: OpenSite,
  tools: Parameters<typeof readPage>[2],
  options: { now: number; staleAfterMonths: number; signal?: AbortSignal; turn?: () => Promise<void> },
): Promise<CheckedSite> {
  const { site, tree } = open;
  const pages = new Map<SitePage, RenderedPage>();
  const problems: Note[] = [...site.notes];
  let words = 0;
  let rendered = 0;
  for (const page of site.pages.slice(0, mostPages)) {
    options.signal?.throwIfAborted();
    await options.turn?.();
    const result = await readPage(open, page, tools);
    pages.set(page, result.page);
    words += result.page.words;
    rendered += Number(result.isNew);
    problems.push(...result.page.notes);
  }
  problems.push(...anchorProblems(pages));
  const patient = { isPatient: true };
  const [changes, codeChangedAt] = await Promise.all([
    tree.changes(patient),
    tree.changedBeside(docsFolders(open), patient),
  ]);
  for (const page of pages.keys()) {
    const stale = staleness(changes.get(page.source)?.at, codeChangedAt, options.now, options.staleAfterMonths);
    if (stale)
      problems.push({
        code: 'TECHDOCS_PAGE_STALE',
        severity: 'information',
        message: `${page.file} was not touched for ${stale.months} months, while the code beside it was`,
        fix: 'Read it again: correct what is no longer so, or remove it.',
        file: page.source,
      });
  }
  return { pages, problems, words, rendered };
}

/** Links to headings that are not there. */
function anchorProblems(pages: Map<SitePage, RenderedPage>): DocsNote[] {
  const found: DocsNote[] = [];
  const ids = new Map<string, Set<string>>();
  const idsOf = (path: string, page: RenderedPage) => {
    let known = ids.get(path);
    if (!known) ids.set(path, (known = new Set([...page.html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!))));
    return known;
  };
  const byPath = new Map([...pages].map(([page, rendered]) => [page.path, rendered]));
  for (const [page, rendered] of pages)
    for (const { url, line } of rendered.anchors) {
      const [address, anchor] = url.split('#', 2) as [string, string];
      const path =
        address === '' ? page.path : decodeURIComponent(address.slice(pageScheme.length).replace(/\?.*$/, ''));
      const target = byPath.get(path);
      const name = decode(anchor);
      if (!target || name === '' || name === '__top' || idsOf(path, target).has(name)) continue;
      found.push({
        code: 'TECHDOCS_ANCHOR_MISSING',
        severity: 'information',
        message: `The link to #${name.slice(0, 200)} leads to no heading of ${path === page.path ? 'this page' : path || 'the first page'}`,
        fix: 'Correct the part after #; headings are named after their text.',
        file: page.source,
        line,
      });
    }
  return found;
}

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
