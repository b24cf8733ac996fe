import type { Search } from '../../core/router/index.ts';

/** Everything that decides what the list shows. All of it lives in the URL. */
export type CatalogFilters = {
  /** Empty for all kinds; undefined where the address says nothing: the page then has its own. */
  kind: string | undefined;
  show: Show;
  chosen: Record<FacetId, string[]>;
  text: string;
  /** What is sorted by, first to last; never empty. */
  sort: Sort[];
  group: Grouping;
  /** Chosen columns, in order; empty for those of the kind. */
  columns: string[];
};

export type Sort = { column: string; descending: boolean };
export type Show = 'all' | 'owned' | 'starred';
export type Grouping = '' | 'owner' | 'system' | 'domain';

export type FacetId = 'type' | 'owner' | 'lifecycle' | 'tag' | 'namespace';

/** The facets beside the list: their word in the URL, Backstage's words for them, and where the API finds the values. */
export const facets: { id: FacetId; label: string; path: string; aliases: string[] }[] = [
  { id: 'type', label: 'Type', path: 'spec.type', aliases: ['types'] },
  { id: 'owner', label: 'Owner', path: 'relations.ownedBy.within', aliases: ['owners'] },
  { id: 'lifecycle', label: 'Lifecycle', path: 'spec.lifecycle', aliases: ['lifecycles'] },
  { id: 'tag', label: 'Tag', path: 'metadata.tags', aliases: ['tags'] },
  { id: 'namespace', label: 'Namespace', path: 'metadata.namespace', aliases: ['namespaces'] },
];

export const defaultSort: Sort = { column: 'name', descending: false };
export const shows: Show[] = ['owned', 'starred', 'all'];
export const groupings: Grouping[] = ['', 'owner', 'system', 'domain'];
/** More would not be read by anybody. */
const mostSorts = 5;
const mostColumns = 20;

const valuesOf = (search: Search, names: string[]): string[] => {
  const found: string[] = [];
  for (const [name, value] of Object.entries(search)) {
    // Backstage writes filters[tags][0]=a, filters[tags][]=a or filters[tags]=a.
    const backstage = /^filters\[([^\]]+)\](?:\[\d*\])?$/.exec(name)?.[1];
    if (!names.includes(backstage ?? name)) continue;
    found.push(...(Array.isArray(value) ? value : [value]));
  }
  return [...new Set(found.map((value) => value.trim()).filter((value) => value !== ''))];
};

const readSort = (texts: string[]): Sort[] => {
  const sorts = texts
    .map((text) => ({ column: text.replace(/^-/, ''), descending: text.startsWith('-') }))
    .filter(({ column }, index, all) => column !== '' && all.findIndex((other) => other.column === column) === index)
    .slice(0, mostSorts);
  return sorts.length === 0 ? [defaultSort] : sorts;
};

const oneOf = <T extends string>(known: T[], value: string | undefined, otherwise: T): T =>
  known.find((each) => each === value) ?? otherwise;

/** The canonical owner: Backstage accepts `payments` and `group:payments` in its URLs. */
const canonicalOwner = (value: string): string => {
  const [kind, rest] = value.includes(':') ? (value.split(/:(.*)/s) as [string, string]) : ['group', value];
  return `${kind}:${rest.includes('/') ? rest : `default/${rest}`}`.toLowerCase();
};

/** Reads the filters of a URL, in our form or Backstage's; what makes no sense is left out. */
export function readFilters(search: Search): CatalogFilters {
  const chosen = {} as CatalogFilters['chosen'];
  for (const { id, aliases } of facets) {
    const values = valuesOf(search, [id, ...aliases]);
    chosen[id] = id === 'owner' ? [...new Set(values.map(canonicalOwner))] : values;
  }
  const kind = valuesOf(search, ['kind'])[0]?.toLowerCase();
  const filters: CatalogFilters = {
    kind: kind === 'all' ? '' : kind,
    show: oneOf(shows, valuesOf(search, ['show', 'user'])[0], 'all'),
    chosen,
    text: valuesOf(search, ['q', 'text'])[0] ?? '',
    sort: readSort(valuesOf(search, ['sort'])),
    group: oneOf(groupings, valuesOf(search, ['group'])[0], ''),
    columns: [...new Set(valuesOf(search, ['columns']).flatMap((text) => text.split(',')))]
      .map((column) => column.trim())
      .filter(Boolean)
      .slice(0, mostColumns),
  };
  // A question without a kind is asked of all kinds; only an address that asks nothing leaves the kind to the page.
  return { ...filters, kind: filters.kind ?? (isNarrowed(filters) ? '' : undefined) };
}

const single = (values: string[]): string | string[] | undefined => (values.length > 1 ? values : values[0]);

/** The clean form: `kind=component&type=service&owner=group:default/payments&q=text&sort=-name`; defaults are not written. */
export function writeFilters(filters: CatalogFilters): Record<string, string | string[] | undefined> {
  const isDefault = filters.sort.length === 1 && isSame(filters.sort[0]!, defaultSort);
  return {
    kind: filters.kind === '' && !isNarrowed(filters) ? 'all' : filters.kind || undefined,
    show: filters.show === 'all' ? undefined : filters.show,
    ...Object.fromEntries(facets.map(({ id }) => [id, single(filters.chosen[id])])),
    q: filters.text || undefined,
    sort: isDefault
      ? undefined
      : single(filters.sort.map(({ column, descending }) => (descending ? '-' : '') + column)),
    group: filters.group || undefined,
    columns: filters.columns.length === 0 ? undefined : filters.columns.join(','),
  };
}

const isSame = (a: Sort, b: Sort) => a.column === b.column && a.descending === b.descending;

/** A click on the head of a column: sorts by it alone, or turns it round; `also` keeps what is sorted by before. */
export function toggleSort(before: Sort[], column: string, also: boolean): Sort[] {
  const old = before.find((sort) => sort.column === column);
  const next = { column, descending: old !== undefined && !old.descending };
  if (!also) return [next];
  return old ? before.map((sort) => (sort === old ? next : sort)) : [...before, next].slice(-mostSorts);
}

/** Removes the keys without a value, so that equal filters are equal objects. */
export const cleanSearch = (search: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));

/** Everything of all kinds. */
export const noFilters = (): CatalogFilters => ({ ...readFilters({}), kind: '' });

/** The same list without what narrows it; how it is shown stays. */
export const withoutFilters = (filters: CatalogFilters): CatalogFilters => {
  const { chosen, text, show } = noFilters();
  return { ...filters, chosen, text, show };
};

/** Whether anything but the kind narrows the list. */
export function isNarrowed(filters: CatalogFilters): boolean {
  return filters.text !== '' || filters.show !== 'all' || facets.some(({ id }) => filters.chosen[id].length > 0);
}

/** A click on a facet's value: chosen values of one facet are alternatives. */
export function toggleFacet(filters: CatalogFilters, id: FacetId, value: string): CatalogFilters {
  const before = filters.chosen[id];
  const same = (other: string) => other.toLowerCase() === value.toLowerCase();
  const after = before.some(same) ? before.filter((other) => !same(other)) : [...before, value];
  return { ...filters, chosen: { ...filters.chosen, [id]: after } };
}

/** Another kind has other types: they are dropped, the rest of the question stays. */
export const chooseKind = (filters: CatalogFilters, kind: string): CatalogFilters => ({
  ...filters,
  kind,
  chosen: { ...filters.chosen, type: [] },
});
