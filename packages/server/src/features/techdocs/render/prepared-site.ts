import type { Places } from './addresses.ts';
import type { SiteSettings } from './types.ts';

/** What a thread keeps of a site. */
export type PreparedSite = { settings: SiteSettings; places: Places; isColoured: boolean };

export const prepareSite = (settings: SiteSettings): PreparedSite => ({
  settings,
  // The usual way to say that code is to stay as it is.
  isColoured: !settings.extensions.some(
    ({ name, options }) => /^(?:pymdownx\.highlight|codehilite)$/.test(name) && options['use_pygments'] === false,
  ),
  places: {
    pages: new Set(settings.pages),
    files: new Set(settings.files),
    redirects: new Set(settings.redirects),
    docsDir: settings.docsDir,
    sources: new Map(settings.beside),
    bySource: new Map(settings.beside.map(([path, source]) => [source, path])),
  },
});
