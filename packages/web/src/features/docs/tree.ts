import type { DocsNavigation } from '@callboard/model/http';

/** Entries of a navigation, each with a key that stays when others come or go. */
export type TreeEntry = {
  key: string;
  title: string;
  path?: string;
  url?: string;
  children: TreeEntry[];
};

/** A navigation as the reader draws it: a section whose first entry is its own page has that page. */
export function toTree(navigation: readonly DocsNavigation[], above = ''): TreeEntry[] {
  return navigation.map((entry, index) => {
    const key = `${above}/${entry.title}#${index}`;
    const children = toTree(entry.children ?? [], key);
    const [first] = children;
    const own =
      entry.path === undefined &&
      first?.path !== undefined &&
      first.title === entry.title &&
      first.children.length === 0;
    const path = own ? first.path : entry.path;
    return {
      key,
      title: entry.title,
      ...(path !== undefined && { path }),
      ...(entry.url !== undefined && { url: entry.url }),
      children: own ? children.slice(1) : children,
    };
  });
}

/** Keys of the sections that lead to a page. */
export function sectionsTo(tree: readonly TreeEntry[], path: string): string[] {
  for (const entry of tree) {
    const within = sectionsTo(entry.children, path);
    if (within.length > 0) return entry.children.length > 0 ? [entry.key, ...within] : within;
    if (entry.path === path) return [entry.key];
  }
  return [];
}

export const countEntries = (tree: readonly TreeEntry[]): number =>
  tree.reduce((sum, { children }) => sum + 1 + countEntries(children), 0);
