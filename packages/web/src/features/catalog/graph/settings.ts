import type { Search } from '../../../core/router/index.ts';
import { readRef } from '../entity.ts';

/** Everything that decides what a graph shows. All of it lives in the URL, in Backstage's words where it has them. */
export type GraphSettings = {
  /** canonical refs */
  roots: string[];
  depth: number;
  /** which relations are followed from an entity: what it says of itself, what others say of it */
  follow: (typeof follows)[number];
  /** kinds shown, in lower case; all when empty */
  kinds: string[];
  /** relations followed, in either name; all when empty */
  relations: string[];
  /** only relations that lead away from the roots */
  outward: boolean;
  /** several relations between the same two entities are one line */
  merge: boolean;
  layout: (typeof layouts)[number];
};

export const layouts = ['LR', 'TB', 'RL', 'BT'] as const;
export const follows = ['both', 'outgoing', 'incoming'] as const;
export const deepest = 4;

const names = {
  roots: 'rootEntityRefs[]',
  depth: 'maxDepth',
  follow: 'follow',
  kinds: 'selectedKinds[]',
  relations: 'selectedRelations[]',
  outward: 'unidirectional',
  merge: 'mergeRelations',
  layout: 'direction',
} as const;

/** `name[]`, `name[0]` and `name` are the same parameter. */
const valuesOf = (search: Search, name: string): string[] => {
  const plain = name.replace('[]', '');
  const found = Object.entries(search).flatMap(([key, value]) =>
    key.replace(/\[\d*\]$/, '') === plain ? (Array.isArray(value) ? value : [value]) : [],
  );
  return [...new Set(found.map((value) => value.trim()).filter((value) => value !== ''))];
};

const depthOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const depth = text === '∞' || text.toLowerCase() === 'infinity' ? deepest : Math.round(Number(text));
  return Number.isFinite(depth) && depth >= 1 ? Math.min(depth, deepest) : undefined;
};

const oneOf = <T extends string>(list: readonly T[], text: string | undefined): T | undefined =>
  list.find((each) => each.toLowerCase() === text?.toLowerCase());

export const defaultDepth = 1;

/** Reads the settings of a URL; what makes no sense is left out. */
export function readGraphSearch(search: Search): GraphSettings {
  const first = (name: string) => valuesOf(search, name)[0];
  const roots = valuesOf(search, names.roots).flatMap((text) => {
    const ref = readRef(text, undefined, 'default');
    return ref ? [`${ref.kind}:${ref.namespace}/${ref.name}`] : [];
  });
  return {
    roots: [...new Set(roots)],
    depth: depthOf(first(names.depth)) ?? defaultDepth,
    follow: oneOf(follows, first(names.follow)) ?? 'both',
    kinds: valuesOf(search, names.kinds).map((kind) => kind.toLowerCase()),
    relations: valuesOf(search, names.relations),
    outward: first(names.outward) === 'true',
    merge: first(names.merge) !== 'false',
    layout: oneOf(layouts, first(names.layout)) ?? 'LR',
  };
}

/** Writes settings as the parameters of a URL; defaults are not written. */
export function writeGraphSearch(settings: GraphSettings): Record<string, string | string[] | undefined> {
  const list = (values: string[]) => (values.length > 0 ? values : undefined);
  const written = {
    [names.roots]: list(settings.roots),
    [names.depth]: settings.depth === defaultDepth ? undefined : String(settings.depth),
    [names.follow]: settings.follow === 'both' ? undefined : settings.follow,
    [names.kinds]: list(settings.kinds),
    [names.relations]: list(settings.relations),
    [names.outward]: settings.outward ? 'true' : undefined,
    [names.merge]: settings.merge ? undefined : 'false',
    [names.layout]: settings.layout === 'LR' ? undefined : settings.layout,
  };
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
}
