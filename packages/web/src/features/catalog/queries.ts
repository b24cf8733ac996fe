import { facets, type CatalogFilters, type FacetId } from './filters.ts';

export type Predicate = Record<string, unknown>;

/** What a list asks for: the filters of its address, and what they mean for whoever is here. */
export type Question = CatalogFilters & { restriction?: Predicate | undefined };

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
  tags: 'metadata.tags',
  namespace: 'metadata.namespace',
  domain: 'spec.domain',
  health: 'status',
};

/** The word in the URL for the column that shows a path. */
export const columnOfPath = (path: string): string =>
  Object.keys(sortPaths).find((id) => sortPaths[id] === path) ?? path;

/** The path that a word in the URL means. */
export const pathOfColumn = (column: string): string => sortPaths[column] ?? column;

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

/** A group stands for itself and all groups below it, a person for what names that person. */
const ownerCondition = (owners: string[]): Predicate => {
  const people = owners.filter((owner) => owner.startsWith('user:'));
  const groups = owners.filter((owner) => !owner.startsWith('user:'));
  const named = { relations: { $contains: { type: 'ownedBy', targetRef: { $in: people } } } };
  const within = { 'relations.ownedBy.within': { $in: groups } };
  if (people.length === 0) return within;
  return groups.length === 0 ? named : { $any: [within, named] };
};

const facetCondition = (id: FacetId, values: string[]): Predicate => {
  if (id === 'owner') return ownerCondition(values);
  return { [facets.find((facet) => facet.id === id)!.path]: { $in: values } };
};

/** The question as the API's predicate; nothing when everything is asked for. */
export function toPredicate(filters: Question, without: (FacetId | 'kind')[] = []): Predicate | undefined {
  const conditions: Predicate[] = [];
  if (filters.restriction) conditions.push(filters.restriction);
  if (filters.kind && !without.includes('kind')) conditions.push({ kind: filters.kind });
  for (const { id } of facets) {
    const values = filters.chosen[id];
    if (values.length > 0 && !without.includes(id)) conditions.push(facetCondition(id, values));
  }
  if (conditions.length === 0) return undefined;
  return conditions.length === 1 ? conditions[0] : { $all: conditions };
}

const textFilter = (text: string) => (text === '' ? undefined : { term: text, fields: textFields });

const orderOf = ({ sort }: Question) => {
  const order = sort.map(({ column, descending }) => ({
    field: pathOfColumn(column),
    order: descending ? ('desc' as const) : ('asc' as const),
  }));
  const named = order.some(({ field }) => field === 'metadata.name');
  return named ? order : [...order, { field: 'metadata.name', order: 'asc' as const }];
};

/** What makes the list, without saying which part of it. */
export const questionBody = (question: Question) => ({
  orderBy: orderOf(question),
  fullTextFilter: textFilter(question.text),
  query: toPredicate(question),
});

/** The body of `POST /entities/by-query` for one page of the list. */
export function listBody(question: Question, page: number, extraFields: string[] = []) {
  return {
    limit: pageSize,
    offset: page * pageSize,
    fields: [...new Set([...rowFields, ...extraFields])],
    ...questionBody(question),
  };
}

/** The body of `POST /entity-facets` for what a list asks. */
export const facetBody = (question: Question, paths: string[], without: (FacetId | 'kind')[] = []) => ({
  facets: paths,
  fullTextFilter: textFilter(question.text),
  query: toPredicate(question, without),
});

/**
 * The bodies of `POST /entity-facets`. A facet is counted without its own choice, so that its figures say what a click would
 * give; facets without a choice share one call.
 */
export function facetBodies(filters: Question): { ids: (FacetId | 'kind')[]; body: ReturnType<typeof facetBody> }[] {
  const idle = facets.filter(({ id }) => filters.chosen[id].length === 0);
  const busy = facets.filter(({ id }) => filters.chosen[id].length > 0);
  const body = (paths: string[], without: (FacetId | 'kind')[]) => facetBody(filters, paths, without);
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
