import { stringifySearch } from './search.ts';

/** Where a link goes: a page by its path and the words in it, its query, its place on the page. `.` is the page one is on. */
export type Target = {
  to: string;
  params?: Record<string, string | undefined> | undefined;
  search?: Record<string, unknown> | undefined;
  hash?: string | undefined;
};

const filled = (path: string, params: Target['params'] = {}): string =>
  path
    .split('/')
    .flatMap((part) => {
      if (!part.startsWith('$')) return [part];
      const value = params[part.slice(1) || '_splat'] ?? '';
      // The rest of a path has slashes of its own.
      return part === '$' ? value.split('/').map(encodeURIComponent) : [encodeURIComponent(value)];
    })
    .join('/');

/** The address of a target, as the browser shows it. */
export function addressOf({ to, params, search = {}, hash }: Target): string {
  const [path = '', ownQuery] = to.split('?');
  const query = ownQuery === undefined ? stringifySearch(search) : `?${ownQuery}`;
  const place = hash === undefined ? '' : `#${hash.replaceAll('%', '%25')}`;
  // Relative to the address that the browser has: a lone question mark takes the query away.
  if (path === '.') return `${query || '?'}${place}`;
  return `${filled(path, params)}${query}${place}`;
}
