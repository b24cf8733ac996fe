import type { Search } from '../../core/router/index.ts';

/** Everything that decides what the list shows. All of it lives in the URL. */
export type CatalogFilters = {
  kind: string;
  chosen: Record<FacetId, string[]>;
  text: string;
  sort: { column: string; descending: boolean };
};

export type FacetId = 'type' | 'owner' | 'lifecycle' | 'tag' | 'namespace';

/** The facets beside the list: their word in the URL, Backstage's words for them, and where the API finds the values. */
export const facets: { id: FacetId; label: string; path: string; aliases: string[] }[] = [
  { id: 'type', label: 'Type', path: 'spec.type', aliases: ['types'] },
  { id: 'owner', label: 'Owner', path: 'relations.ownedBy', aliases: ['owners'] },
  { id: 'lifecycle', label: 'Lifecycle', path: 'spec.lifecycle', aliases: ['lifecycles'] },
  { id: 'tag', label: 'Tag', path: 'metadata.tags', aliases: ['tags'] },
  { id: 'namespace', label: 'Namespace', path: 'metadata.namespace', aliases: ['namespaces'] },
];

export const defaultSort = { column: 'name', descending: false };

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

const readSort = (text: string | undefined): CatalogFilters['sort'] => {
  const column = text?.replace(/^-/, '') ?? '';
  return column === '' ? defaultSort : { column, descending: text!.startsWith('-') };
};

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
  const kind = valuesOf(search, ['kind'])[0]?.toLowerCase() ?? '';
  return {
    kind: kind === 'all' ? '' : kind,
    chosen,
    text: valuesOf(search, ['q', 'text'])[0] ?? '',
    sort: readSort(valuesOf(search, ['sort'])[0]),
  };
}

const single = (values: string[]): string | string[] | undefined => (values.length > 1 ? values : values[0]);

/** The clean form: `kind=component&type=service&owner=group:default/payments&q=text&sort=-name`; defaults are not written. */
export function writeFilters(filters: CatalogFilters): Record<string, string | string[] | undefined> {
  const { column, descending } = filters.sort;
  const isDefault = column === defaultSort.column && descending === defaultSort.descending;
  return {
    kind: filters.kind || undefined,
    ...Object.fromEntries(facets.map(({ id }) => [id, single(filters.chosen[id])])),
    q: filters.text || undefined,
    sort: isDefault ? undefined : `${descending ? '-' : ''}${column}`,
  };
}

/** Removes the keys without a value, so that equal filters are equal objects. */
export const cleanSearch = (search: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));

export const noFilters = (): CatalogFilters => readFilters({});

/** Whether anything but the kind narrows the list. */
export const isNarrowed = (filters: CatalogFilters): boolean =>
  filters.text !== '' || facets.some(({ id }) => filters.chosen[id].length > 0);

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
