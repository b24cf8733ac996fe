import { facets, type CatalogFilters, type FacetId } from './filters.ts';

type Predicate = Record<string, unknown>;

export const pageSize = 100;

/** Where the API finds the value of a column; a column that is not here is itself a path in the entity. */
const sortPaths: Record<string, string> = {
  name: 'metadata.name',
  kind: 'kind',
  type: 'spec.type',
  owner: 'spec.owner',
  system: 'spec.system',
  lifecycle: 'spec.lifecycle',
  description: 'metadata.description',
};

/** The word in the URL for the column that shows a path. */
export const columnOfPath = (path: string): string =>
  Object.keys(sortPaths).find((id) => sortPaths[id] === path) ?? path;

const textFields = [
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'spec.profile.displayName',
];

/** What a row needs; relations are left out, a group may have thousands. */
const rowFields = [
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'spec.system',
  'spec.domain',
  'spec.profile.displayName',
  'status',
];

const facetCondition = (id: FacetId, values: string[]): Predicate => {
  if (id === 'owner') return { relations: { $contains: { type: 'ownedBy', targetRef: { $in: values } } } };
  return { [facets.find((facet) => facet.id === id)!.path]: { $in: values } };
};

/** The question as the API's predicate; nothing when everything is asked for. */
export function toPredicate(filters: CatalogFilters, without: (FacetId | 'kind')[] = []): Predicate | undefined {
  const conditions: Predicate[] = [];
  if (filters.kind !== '' && !without.includes('kind')) conditions.push({ kind: filters.kind });
  for (const { id } of facets) {
    const values = filters.chosen[id];
    if (values.length > 0 && !without.includes(id)) conditions.push(facetCondition(id, values));
  }
  if (conditions.length === 0) return undefined;
  return conditions.length === 1 ? conditions[0] : { $all: conditions };
}

const textFilter = (text: string) => (text === '' ? undefined : { term: text, fields: textFields });

/** The body of `POST /entities/by-query` for one page of the list. */
export function listBody(filters: CatalogFilters, page: number, extraFields: string[] = []) {
  const field = sortPaths[filters.sort.column] ?? filters.sort.column;
  const order = filters.sort.descending ? ('desc' as const) : ('asc' as const);
  return {
    limit: pageSize,
    offset: page * pageSize,
    orderBy: [
      { field, order },
      ...(field === 'metadata.name' ? [] : [{ field: 'metadata.name', order: 'asc' as const }]),
    ],
    fullTextFilter: textFilter(filters.text),
    fields: [...new Set([...rowFields, ...extraFields])],
    query: toPredicate(filters),
  };
}

/**
 * The bodies of `POST /entity-facets`. A facet is counted without its own choice, so that its figures say what a click would
 * give; facets without a choice share one call.
 */
export function facetBodies(
  filters: CatalogFilters,
): { ids: (FacetId | 'kind')[]; body: { facets: string[]; query?: Predicate } }[] {
  const idle = facets.filter(({ id }) => filters.chosen[id].length === 0);
  const busy = facets.filter(({ id }) => filters.chosen[id].length > 0);
  const body = (paths: string[], without: (FacetId | 'kind')[]) => ({
    facets: paths,
    query: toPredicate(filters, without),
  });
  return [
    { ids: ['kind' as const], body: body(['kind'], ['kind', 'type']) },
    ...(idle.length > 0
      ? [
          {
            ids: idle.map(({ id }) => id),
            body: body(
              idle.map(({ path }) => path),
              [],
            ),
          },
        ]
      : []),
    ...busy.map(({ id, path }) => ({ ids: [id], body: body([path], [id]) })),
  ];
}
