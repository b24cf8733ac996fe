/**
 * Whether every escape in the query of a call to the API stands for text. The query parser passes others on as they are, and a filter that
 * is not what was meant would find nothing without a word. Pages of the web app take what people type.
 */
export function isReadableQuery(url: string): boolean {
  const start = url.indexOf('?');
  if (start === -1 || !url.startsWith('/api/') || !url.includes('%', start)) return true;
  try {
    decodeURIComponent(url.slice(start));
    return true;
  } catch {
    return false;
  }
}
