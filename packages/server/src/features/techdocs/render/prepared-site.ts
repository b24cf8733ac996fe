import type { Places } from './addresses.ts';
import type { SiteSettings } from './types.ts';

/** What a thread keeps of a site. */
export type PreparedSite = { settings: SiteSettings; places: Places };

export const prepareSite = (settings: SiteSettings): PreparedSite => ({
  settings,
  places: { pages: new Set(settings.pages), files: new Set(settings.files), redirects: new Set(settings.redirects) },
});
