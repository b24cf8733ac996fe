const base = 'http://portal.invalid';

/** A page of this portal to go back to; `/` for anything that leads elsewhere. */
export function safeReturn(wanted: string | undefined): string {
  if (wanted === undefined || wanted.length > 2000 || !wanted.startsWith('/')) return '/';
  // Browsers take a backslash for a slash and drop tabs and line ends.
  if (/[\p{Cc}\\]/u.test(wanted) || wanted.startsWith('//')) return '/';
  if (!URL.canParse(wanted, base)) return '/';
  const url = new URL(wanted, base);
  if (
    url.origin !== base ||
    url.pathname.startsWith('//') ||
    url.pathname.startsWith('/api/') ||
    url.pathname === '/sign-in'
  )
    return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
