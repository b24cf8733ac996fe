/** Where a page of a plugin is: at the address that it declares, else at the plugin's own. */
export const pathOfPage = (plugin: string, page: { id: string; path?: string | undefined }): string =>
  page.path ?? `/plugins/${plugin}/${page.id}`;

/** The page that an address means, and what stands in the address behind the page's own path. */
export function pageAt<Page extends { id: string; path?: string | undefined }>(
  plugins: readonly { id: string; contributes: { pages?: Page[] | undefined } }[],
  pathname: string,
): { plugin: string; page: Page; rest: string } | undefined {
  const found = plugins
    .flatMap(({ id, contributes }) => (contributes.pages ?? []).map((page) => ({ plugin: id, page })))
    .map((entry) => ({ ...entry, path: pathOfPage(entry.plugin, entry.page) }))
    .filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`))
    // Of two that fit, the more exact one.
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  return found && { plugin: found.plugin, page: found.page, rest: pathname.slice(found.path.length + 1) };
}
