/** A section of a site that was built elsewhere, as the search index of MkDocs has it. */
export type ForeignSection = { path: string; id?: string; title: string; text: string };

const mostSections = 50_000;
const words = (html: string) =>
  html
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();

/** Where it is below the site. */
export const indexFile = 'search/search_index.json';

/** What a site that was built elsewhere is to be found by; nothing when its index cannot be read. */
export function foreignSections(bytes: Uint8Array): ForeignSection[] {
  let docs: unknown;
  try {
    docs = Object(JSON.parse(new TextDecoder().decode(bytes))).docs;
  } catch {
    return [];
  }
  if (!Array.isArray(docs)) return [];
  return docs.slice(0, mostSections).flatMap((each: unknown) => {
    const { location, title, text } = Object(each) as Record<string, unknown>;
    if (typeof location !== 'string' || typeof title !== 'string') return [];
    const [address, id] = location.split('#', 2) as [string, string?];
    const path = address.replace(/(?:^|\/)index\.html$/, '').replace(/\/+$/, '');
    const section = { path, title: words(title), text: typeof text === 'string' ? words(text) : '' };
    return [id ? { ...section, id } : section];
  });
}
