/** Builders such as Docusaurus name every file from the root of the host that a site is made for, which it does not stand at here. */
const address = /\s(?:href|src)=["']?(\/(?!\/)[^"'\s>?#]+\.[a-z0-9]+)/gi;
const deepest = 3;
const mostAddresses = 10;

/**
 * Finds the path that a site was built for, by the files that its start page names: `/` or `/project/`; undefined when it names them from
 * where it stands itself.
 */
export async function builtFor(start: string, has: (path: string) => Promise<boolean>): Promise<string | undefined> {
  for (const [, named] of [...start.matchAll(address)].slice(0, mostAddresses)) {
    const parts = named!.slice(1).split('/');
    for (let depth = 0; depth <= Math.min(deepest, parts.length - 1); depth += 1)
      if (await has(parts.slice(depth).join('/')))
        return `/${parts
          .slice(0, depth)
          .map((part) => `${part}/`)
          .join('')}`;
  }
  return undefined;
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Has a page name its files and pages from where the site stands now. */
export const movedPage = (html: string, from: string, to: string): string =>
  html.replace(
    new RegExp(`(\\s(?:href|src|poster)=["']?)${quoted(from)}(?!/)`, 'gi'),
    (_all, before: string) => before + to,
  );

/** Has a style sheet name its files from where the site stands now. */
export const movedStyle = (css: string, from: string, to: string): string =>
  css.replace(new RegExp(`(url\\(["']?)${quoted(from)}(?!/)`, 'gi'), (_all, before: string) => before + to);
