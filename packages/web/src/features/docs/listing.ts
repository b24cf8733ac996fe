import type { DocsSummary } from '@callboard/model/http';
import type { Listing } from './question.ts';

/** Refs that stand for "mine", "starred" and "recent". */
export type Personal = { owned: ReadonlySet<string>; starred: ReadonlySet<string>; recent: readonly string[] };

const fold = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** The sites that the listing asks for, in its order. */
export function chooseSites(sites: readonly DocsSummary[], listing: Listing, personal: Personal): DocsSummary[] {
  const words = fold(listing.text).split(/\s+/).filter(Boolean);
  const found = sites.filter((site) => {
    if (listing.owner !== '' && site.owner?.ref !== listing.owner) return false;
    if (listing.kind !== '' && site.kind.toLowerCase() !== listing.kind) return false;
    if (listing.type !== '' && site.type !== listing.type) return false;
    if (listing.show === 'owned' && !personal.owned.has(site.entityRef)) return false;
    if (listing.show === 'starred' && !personal.starred.has(site.entityRef)) return false;
    if (listing.show === 'recent' && !personal.recent.includes(site.entityRef)) return false;
    const text = fold(
      [site.title, site.entityRef, site.description ?? '', site.owner?.name ?? '', ...site.tags].join(' '),
    );
    return words.every((word) => text.includes(word));
  });
  if (listing.order === 'problems') return found.toSorted((a, b) => b.problems - a.problems);
  if (listing.order === 'changed')
    return found.toSorted((a, b) => Date.parse(b.changedAt ?? '1970') - Date.parse(a.changedAt ?? '1970'));
  if (listing.show === 'recent')
    return found.toSorted((a, b) => personal.recent.indexOf(a.entityRef) - personal.recent.indexOf(b.entityRef));
  return found;
}

/** Values to narrow by, with how many sites have them. */
export function valuesOf(
  sites: readonly DocsSummary[],
  of: (site: DocsSummary) => { value: string; label: string } | undefined,
): { value: string; label: string; count: number }[] {
  const found = new Map<string, { value: string; label: string; count: number }>();
  for (const site of sites) {
    const each = of(site);
    if (!each) continue;
    const known = found.get(each.value);
    if (known) known.count += 1;
    else found.set(each.value, { ...each, count: 1 });
  }
  return [...found.values()].toSorted((a, b) => a.label.localeCompare(b.label));
}
