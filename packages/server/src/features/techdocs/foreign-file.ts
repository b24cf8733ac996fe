import { posix } from 'node:path';
import { pathInTree } from '../../core/files/index.ts';
import type { Documents } from './documents.ts';
import type { Located } from './entities.ts';
import type { OpenSite } from './page-reader.ts';
import type { Published } from './published.ts';
import { builtFor } from './site/rooted.ts';

/** A file that somebody else has built. `path` says which of those that stand for what was asked it is. */
export type ForeignFile = { body: Uint8Array; path: string; /** where the site expects to stand */ builtFor?: string };

export const mostBytes = 64 * 1024 * 1024;

/** What stands for a path: a folder has a start page, and a page may leave its ending out. */
export const candidates = (path: string): string[] => {
  if (path === '' || path.endsWith('/')) return [`${path}index.html`];
  return /\.[a-z0-9]{1,8}$/i.test(posix.basename(path)) ? [path] : [path, `${path}/index.html`, `${path}.html`];
};

const roots = new WeakMap<OpenSite, Promise<string | undefined>>();

/** Where a site that lies built in a folder expects to stand. */
function rootOf(open: OpenSite, folder: string): Promise<string | undefined> {
  const read = (path: string) => open.tree.read(posix.join(folder, path), { mostBytes });
  let known = roots.get(open);
  if (!known) {
    known = read('index.html').then((start) =>
      builtFor(new TextDecoder().decode(start ?? new Uint8Array()), async (path) => (await read(path)) !== undefined),
    );
    roots.set(open, known);
  }
  return known;
}

/** Finds a file of a site that another pipeline has published, or that lies built beside the descriptor. */
export async function foreignFile(
  tools: { documents: Pick<Documents, 'open'>; published: Published | undefined },
  located: Located,
  path: string,
  version: string | undefined,
): Promise<ForeignFile | undefined> {
  const { documents, published } = tools;
  if (pathInTree(path) === undefined) return undefined;
  if (published && version === undefined)
    for (const candidate of candidates(path)) {
      const body = await published.read(located.ref, candidate);
      if (body) return { body, path: candidate };
    }
  const open = await documents.open(located, version);
  const folder = open.site.staticFolder;
  if (folder === undefined) return undefined;
  for (const candidate of candidates(path)) {
    const body = await open.tree.read(posix.join(folder, candidate), { mostBytes });
    if (!body) continue;
    const root = /\.(?:html?|css)$/i.test(candidate) ? await rootOf(open, folder) : undefined;
    return { body, path: candidate, ...(root !== undefined && { builtFor: root }) };
  }
  return undefined;
}
