import { posix } from 'node:path';
import { isIndex, isPage, normalPath, pagePath } from '../formats/mkdocs/paths.ts';

/**
 * Addresses inside rendered pages. They are the same wherever the page is shown; `showAt` puts in where that is.
 * `callboard-docs:p/guides/start#a` is a page, `callboard-docs:f/img/plan.png` a file.
 */
export const pageScheme = 'callboard-docs:p/';
export const fileScheme = 'callboard-docs:f/';

/** What addresses are resolved against: the paths of pages and files, below the folder of the documents. */
export type Places = {
  pages: ReadonlySet<string>;
  files: ReadonlySet<string>;
  redirects: ReadonlySet<string>;
  /** below the tree */
  docsDir: string;
  /** files of the site that lie outside that folder, by their path in the site, and the other way round */
  sources: ReadonlyMap<string, string>;
  bySource: ReadonlyMap<string, string>;
};

const outside = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;
const encode = (path: string) => path.split('/').map(encodeURIComponent).join('/');

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function found(path: string, rest: string, places: Places): string | undefined {
  if (path.startsWith('../') || path === '..') return undefined;
  const own = path.replace(/^\.?\/?/, '').replace(/\/$/, '');
  if (isPage(own) && places.files.has(own)) return `${pageScheme}${encode(pagePath(own))}${rest}`;
  if (places.files.has(own)) return `${fileScheme}${encode(own)}${rest}`;
  const page = normalPath(own === '.' ? '' : own);
  const byAddress = isPage(own) ? pagePath(own) : page;
  if (places.pages.has(byAddress) || places.redirects.has(byAddress)) return `${pageScheme}${encode(byAddress)}${rest}`;
  return undefined;
}

/** What a target means where its page lies, when that or the target is outside the folder of the documents. */
function foundAside(path: string, rest: string, file: string, places: Places): string | undefined {
  if (places.sources.size === 0) return undefined;
  const { docsDir } = places;
  const source = places.sources.get(file);
  const folder = posix.dirname(source ?? posix.join(docsDir, file));
  const named = (path.startsWith('/') ? posix.join('.', path) : posix.join(folder, path)).replace(/\/$/, '');
  const known = places.bySource.get(named);
  if (known !== undefined) return found(known, rest, places);
  if (source === undefined) return undefined;
  if (named === docsDir) return found('.', rest, places);
  return docsDir !== '' && named.startsWith(`${docsDir}/`)
    ? found(named.slice(docsDir.length + 1), rest, places)
    : undefined;
}

/** What becomes of a target: `url` when it is in the site, `isBroken` when it should be and is not. */
export type Resolution = { url: string } | { isBroken: true } | undefined;

/**
 * Resolves the target of a link or image.
 *
 * @param target - as written
 * @param file - the page that has it, below the folder of the documents
 * @returns undefined for what is not in the site at all: other addresses, anchors of the page, addresses of the portal
 */
export function resolveTarget(target: string, file: string, places: Places): Resolution {
  const text = target.trim();
  if (text === '' || text.startsWith('#') || text.startsWith('?') || outside.test(text)) return undefined;
  const [, written, rest] = /^([^?#]*)(.*)$/s.exec(text)!;
  const path = decode(written!);
  if (path.includes('\0') || path.includes('\\')) return { isBroken: true };
  const aside = foundAside(path, rest!, file, places);
  if (aside !== undefined) return { url: aside };
  if (path.startsWith('/')) {
    const inSite = found(posix.normalize(path.slice(1) || '.'), rest!, places);
    return inSite === undefined || path === '/' ? undefined : { url: inSite };
  }
  const folder = posix.dirname(file);
  const beside = found(posix.join(folder, path), rest!, places);
  const isFile = isPage(path) || beside?.startsWith(fileScheme);
  if (beside !== undefined && isFile) return { url: beside };
  // As a browser would take it, which shows pages as folders; the file that stands for a folder is in a real one only.
  const isOwn = isPage(path) && isIndex(path);
  const shown = (isOwn ? undefined : found(posix.join(pagePath(file), path), rest!, places)) ?? beside;
  return shown === undefined ? { isBroken: true } : { url: shown };
}

const anywhere = /callboard-docs:([pf])\/([^"#?\s]*)/g;

/** The address of a file of the site, as it stands in a navigation. */
export const navFile = (path: string): string => `${fileScheme}${encode(path)}`;

/** The address of an entry of a navigation, with files where they are. */
export const navAddress = (url: string, file: (path: string) => string): string =>
  url.startsWith(fileScheme) ? file(url.slice(fileScheme.length)) : url;

/** Puts the addresses of a place into a rendered page. */
export const showAt = (html: string, place: { page(path: string): string; file(path: string): string }): string =>
  html.replace(anywhere, (_whole, kind: string, path: string) => (kind === 'p' ? place.page(path) : place.file(path)));
