import type { CatalogReading } from '../../catalog/index.ts';

const remembered = 1_000;

/**
 * The groups of people as they were at an event, or later. Nothing in the catalog changes without one, so that those of who searches
 * again need not be asked for again.
 */
export function rememberGroups(catalog: Pick<CatalogReading, 'groupsOf'>) {
  const known = new Map<string, { at: number; groups: Promise<string[]> }>();
  return (ref: string, at: number): Promise<string[]> => {
    const before = known.get(ref);
    if (before && before.at >= at) return before.groups;
    const groups = catalog.groupsOf(ref);
    if (known.size >= remembered) known.clear();
    known.set(ref, { at, groups });
    groups.catch(() => known.delete(ref));
    return groups;
  };
}
