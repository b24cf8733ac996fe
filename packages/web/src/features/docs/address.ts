/** An entity as it stands in the addresses of its documents. */
export type DocsKey = { namespace: string; kind: string; name: string };

export const refOf = ({ kind, namespace, name }: DocsKey): string => `${kind}:${namespace}/${name}`;

export function keyOf(entityRef: string): DocsKey {
  const [, kind = '', namespace = '', name = ''] = /^([^:]+):([^/]+)\/(.+)$/.exec(entityRef) ?? [];
  return { kind, namespace, name };
}

const encode = (path: string) => path.split('/').map(encodeURIComponent).join('/');
const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Where the documents of an entity are. */
export const docsBase = (key: DocsKey): string =>
  `/docs/${[key.namespace, key.kind, key.name].map(encodeURIComponent).join('/')}`;

/** Where the tab of the entity's page is that has the same documents. */
export const tabBase = (key: DocsKey): string =>
  `/catalog/${[key.namespace, key.kind, key.name].map(encodeURIComponent).join('/')}/docs`;

/** Paths have no slash at either end; the first page's is empty. */
export const trimPath = (path: string): string => path.replace(/^\/+|\/+$/g, '');

/** The address of a page below `base`. */
export function pageHref(base: string, path: string, version?: string, hash = ''): string {
  const below = trimPath(path) === '' ? '' : `/${encode(trimPath(path))}`;
  const query = version === undefined ? '' : `?version=${encodeURIComponent(version)}`;
  return `${base}${below}${query}${hash}`;
}

/** The page that an address of the portal leads to, if it is one of documents. */
export function pageAt(href: string): { key: DocsKey; path: string; version?: string; hash: string } | undefined {
  const [, place = '', query = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(href) ?? [];
  const found = /^\/docs\/([^/]+)\/([^/]+)\/([^/]+)(\/.*)?$/.exec(place);
  if (!found) return undefined;
  const [namespace = '', kind = '', name = ''] = found.slice(1, 4).map(decode);
  const version = new URLSearchParams(query).get('version');
  const path = trimPath(decode(found[4] ?? '')).replace(/(?:^|\/)index\.html$/, '');
  return {
    key: { namespace: namespace.toLowerCase(), kind: kind.toLowerCase(), name: name.toLowerCase() },
    path,
    ...(version !== null && { version }),
    hash,
  };
}

/** What a link leads to that names no page or file of its site, as a path below the folder of the documents. */
export function brokenPath(target: string, file: string): string {
  const written = decode(target.replace(/[?#].*$/s, ''));
  const parts: string[] = [];
  for (const part of [...file.split('/').slice(0, -1), ...written.split('/')])
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return parts.join('/').replace(/(?:(?:^|\/)(?:index|readme))?\.(?:md|html)$/i, '');
}

const grams = (text: string): Set<string> => {
  const plain = ` ${text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_, at) => plain.slice(at, at + 3)));
};

/** Pages that may have been meant, the likeliest first. */
export function similarPages<Page extends { path: string; title: string }>(wanted: string, pages: Page[]): Page[] {
  const asked = grams(wanted);
  const last = grams(wanted.split('/').at(-1) ?? '');
  const likeness = (one: Set<string>, other: Set<string>) =>
    (2 * [...one].filter((each) => other.has(each)).length) / Math.max(1, one.size + other.size);
  return pages
    .map((page) => {
      const own = page.path.split('/').at(-1) ?? '';
      const most = Math.max(
        likeness(asked, grams(page.path)),
        likeness(last, grams(own)),
        likeness(last, grams(page.title)),
      );
      return { page, most };
    })
    .filter(({ most }) => most > 0.25)
    .toSorted((one, other) => other.most - one.most)
    .slice(0, 5)
    .map(({ page }) => page);
}
