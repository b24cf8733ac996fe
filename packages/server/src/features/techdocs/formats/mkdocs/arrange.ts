import type { JsonObject, JsonValue } from '@callboard/model';
import picomatch from 'picomatch';
import type { NavNode } from './nav-node.ts';

/** An entry of a list in `.pages` or `.nav.yml`: a file or folder, an address, or all that is left, perhaps only what a pattern fits. */
type Entry =
  | { kind: 'one'; name: string; title?: string }
  | { kind: 'url'; title: string; url: string }
  | { kind: 'section'; title: string; entries: JsonValue[] }
  | { kind: 'rest'; fits?: (name: string) => boolean };

const longest = 200;

function fitting(pattern: string): ((name: string) => boolean) | undefined {
  const text = pattern.trim().replace(/^glob\s*=\s*/, '');
  // Expressions of somebody else may take for ever: these are left out.
  if (text === '' || text.length > longest || /^regex\s*=/.test(pattern.trim())) return undefined;
  return picomatch(text);
}

function entryOf(entry: JsonValue): Entry | undefined {
  if (typeof entry === 'string') {
    if (entry.startsWith('...')) {
      const pattern = entry
        .split('|')
        .slice(1)
        .map((part) => part.trim())
        .filter((part) => part !== 'flat')
        .join('');
      const fits = fitting(pattern);
      return { kind: 'rest', ...(fits && { fits }) };
    }
    // The form of .nav.yml.
    if (/[*?[{]/.test(entry)) return { kind: 'rest', fits: fitting(entry) ?? (() => false) };
    return /^https?:\/\//.test(entry) ? { kind: 'url', title: entry, url: entry } : { kind: 'one', name: entry };
  }
  const [pair] = Object.entries((entry ?? {}) as JsonObject);
  if (!pair) return undefined;
  const [title, value] = pair;
  if (Array.isArray(value)) return { kind: 'section', title, entries: value };
  if (typeof value !== 'string') return undefined;
  return /^https?:\/\//.test(value) ? { kind: 'url', title, url: value } : { kind: 'one', title, name: value };
}

const bare = (name: string) => name.replace(/^\.\//, '').replace(/\/$/, '');

/**
 * Puts the entries of a folder into the order that is asked for. What is named stands where it is named, also when `...` comes first; what no
 * entry takes is left out.
 */
export function arrange(wanted: JsonValue[], nodes: ReadonlyMap<string, NavNode>): NavNode[] {
  const left = new Map(nodes);
  type Placed = NavNode[] | { rest: Entry & { kind: 'rest' } } | { title: string; inner: Placed[] };
  const place = (entry: JsonValue): Placed => {
    const found = entryOf(entry);
    if (!found) return [];
    if (found.kind === 'rest') return { rest: found };
    if (found.kind === 'url') return [{ title: found.title, url: found.url }];
    if (found.kind === 'section') return { title: found.title, inner: found.entries.map(place) };
    const name = bare(found.name);
    const node = left.get(name);
    if (!node) return [];
    left.delete(name);
    return [{ ...node, ...(found.title !== undefined && { title: found.title }) }];
  };
  const placed = wanted.map(place);
  const fill = (each: Placed): NavNode[] => {
    if (Array.isArray(each)) return each;
    if ('inner' in each) return [{ title: each.title, children: each.inner.flatMap(fill) }];
    const taken = [...left].filter(([name]) => each.rest.fits?.(name) ?? true);
    for (const [name] of taken) left.delete(name);
    return taken.map(([, node]) => node);
  };
  // Those with a pattern take theirs before those that take all.
  const isOpen = (each: Placed) => !Array.isArray(each) && 'rest' in each && !each.rest.fits;
  const done = new Map<Placed, NavNode[]>();
  for (const each of placed) if (!isOpen(each)) done.set(each, fill(each));
  for (const each of placed) if (isOpen(each)) done.set(each, fill(each));
  return placed.flatMap((each) => done.get(each)!);
}
