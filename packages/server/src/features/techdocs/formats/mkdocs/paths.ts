import { posix } from 'node:path';

/** Whether a file is a page. */
export const isPage = (file: string): boolean => /\.(?:md|markdown|mdown|mkdn|mkd)$/i.test(file);

const extension = /\.(?:md|markdown|mdown|mkdn|mkd)$/i;

/** Whether a page stands for its folder. */
export const isIndex = (file: string): boolean => /(?:^|\/)(?:index|readme)\.[a-z]+$/i.test(file);

/** The path of a page in addresses: without slashes at its ends, empty for the first page. */
export function pagePath(file: string): string {
  const bare = file.replace(extension, '');
  return isIndex(file) ? posix.dirname(file).replace(/^\.$/, '') : bare;
}

/** What somebody may have written for a page, as its path: `/guides/start/index.html` is `guides/start`. */
export const normalPath = (path: string): string =>
  path
    .replace(/[?#].*$/s, '')
    .replace(/^\/+/, '')
    .replace(/(?:^|\/)index\.html?$/i, '')
    .replace(/\.html?$/i, '')
    .replace(/\/+$/, '');

/** Turns patterns as in .gitignore into a test; later ones win, `!` takes back. */
export function ignoring(patterns: readonly string[]): (path: string) => boolean {
  const rules = patterns.flatMap((line) => {
    const pattern = line.trim();
    if (pattern === '' || pattern.startsWith('#') || pattern.length > 300) return [];
    const isBack = pattern.startsWith('!');
    const body = (isBack ? pattern.slice(1) : pattern).replace(/^\\/, '');
    const isRooted = body.replace(/\/$/, '').includes('/');
    const source = body
      .replace(/^\//, '')
      .replace(/\/$/, '')
      .split(/(\*\*\/?|\*|\?)/)
      .map((part) =>
        part === '**/'
          ? '(?:[^/]+/)*'
          : part === '**'
            ? '.*'
            : part === '*'
              ? '[^/]*'
              : part === '?'
                ? '[^/]'
                : part.replace(/[.+^${}()|[\]\\]/g, '\\$&'),
      )
      .join('');
    return [
      { isBack, test: new RegExp(`${isRooted ? '^' : '(?:^|/)'}${source}${body.endsWith('/') ? '/' : '(?:/|$)'}`) },
    ];
  });
  return (path) => rules.reduce((isIgnored, rule) => (rule.test.test(path) ? !rule.isBack : isIgnored), false);
}
