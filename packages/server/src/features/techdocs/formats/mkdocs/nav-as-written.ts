import type { JsonValue } from '@callboard/model';
import type { NavNode } from './nav-node.ts';

const deepest = 20;

function leaf(target: string, title?: string): NavNode {
  const name = title === undefined ? {} : { title };
  const include = /^[!*]include\s+(.+)$/.exec(target);
  if (include) return { ...name, include: target };
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) return { title: title ?? target, url: target };
  return { ...name, file: target.replace(/^\.\//, '') };
}

/** The `nav` of a configuration: pages, addresses and sections, nested. What is none of these is left out. */
export function navAsWritten(nav: JsonValue, depth = 0): NavNode[] {
  if (depth > deepest) return [];
  if (typeof nav === 'string') return [leaf(nav)];
  if (Array.isArray(nav)) return nav.flatMap((entry) => navAsWritten(entry, depth + 1));
  if (typeof nav !== 'object' || nav === null) return [];
  return Object.entries(nav).map(([title, value]) =>
    typeof value === 'string' ? leaf(value, title) : { title, children: navAsWritten(value, depth + 1) },
  );
}
