/** A page of this portal to go on to; the start for anything that leads elsewhere. */
export function safeReturn(wanted: string | null, origin: string): string {
  if (wanted === null || !wanted.startsWith('/') || !URL.canParse(wanted, origin)) return '/';
  const url = new URL(wanted, origin);
  const isPage = url.origin === origin && url.pathname !== '/sign-in' && !url.pathname.startsWith('/sign-in/');
  return isPage && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : '/';
}

/** The sign-in page that leads back to an address. */
export const signInAddress = (from: string): string =>
  from === '/' || from.startsWith('/sign-in') ? '/sign-in' : `/sign-in?returnTo=${encodeURIComponent(from)}`;
