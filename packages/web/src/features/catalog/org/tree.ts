import type { OrganizationGroup } from '../graph/api.ts';

export type TreeNode = { group: OrganizationGroup; children: TreeNode[]; missingParent: string | undefined };

/** Groups below groups, each once: under its first parent that exists; of those that stand in a circle one becomes a root. */
export function treeOf(groups: readonly OrganizationGroup[]): TreeNode[] {
  const known = new Map(groups.map((group) => [group.entityRef, group]));
  const parentOf = ({ parents }: OrganizationGroup) => parents.find((parent) => known.has(parent));
  const childrenOf = Map.groupBy(groups, parentOf);
  const placed = new Set<string>();
  const place = (group: OrganizationGroup): TreeNode => {
    placed.add(group.entityRef);
    const below = (childrenOf.get(group.entityRef) ?? []).filter(({ entityRef }) => !placed.has(entityRef));
    return {
      group,
      children: below.map(place),
      missingParent: group.parents.find((parent) => !known.has(parent)),
    };
  };
  const roots = groups.filter((group) => parentOf(group) === undefined).map(place);
  for (const group of groups) if (!placed.has(group.entityRef)) roots.push(place(group));
  // The whole of a company first, then what stands beside it.
  return roots.toSorted((a, b) => b.children.length - a.children.length);
}

export type TreeRow = { node: TreeNode; level: number; parent: string | undefined };

/** The rows that are seen when only some groups are open. */
export function rowsOf(
  nodes: readonly TreeNode[],
  isOpen: (ref: string) => boolean,
  level = 1,
  parent?: string,
): TreeRow[] {
  return nodes.flatMap((node) => {
    const ref = node.group.entityRef;
    return [{ node, level, parent }, ...(isOpen(ref) ? rowsOf(node.children, isOpen, level + 1, ref) : [])];
  });
}

/** From the top to a group, both ends included. */
export function lineTo(groups: readonly OrganizationGroup[], ref: string): string[] {
  const known = new Map(groups.map((group) => [group.entityRef, group]));
  const line = [ref];
  for (;;) {
    const next = known.get(line[0]!)?.parents.find((parent) => known.has(parent) && !line.includes(parent));
    if (next === undefined) return line;
    line.unshift(next);
  }
}
