import type { Search } from '../../core/router/index.ts';

/** Values by which results can be narrowed, in the order in which they are shown. */
export const facetLabels = {
  kind: 'Kind',
  type: 'Type',
  owner: 'Owner',
  lifecycle: 'Lifecycle',
  tag: 'Tag',
  system: 'System',
} as const;

export type FacetName = keyof typeof facetLabels;

export const facetNames = Object.keys(facetLabels) as FacetName[];

/** What is searched; all of it lives in the address. Words and types have the names that Backstage gives them. */
export type Question = { term: string; types: string[]; chosen: Record<FacetName, string[]> };

const list = (value: string | string[] | undefined): string[] => [
  ...new Set((value === undefined ? [] : [value].flat()).map((text) => text.trim()).filter(Boolean)),
];

export function readQuestion(search: Search): Question {
  const chosen = Object.fromEntries(facetNames.map((name) => [name, list(search[`filters[${name}]`])]));
  return {
    term: list(search['query']).at(0) ?? '',
    types: [...list(search['types']), ...list(search['types[]'])],
    chosen: chosen as Question['chosen'],
  };
}

export function writeQuestion({ term, types, chosen }: Question): Record<string, string | string[]> {
  const entries = [
    ['query', term],
    ['types[]', types],
    ...facetNames.map((name) => [`filters[${name}]`, chosen[name]]),
  ] as [string, string | string[]][];
  return Object.fromEntries(entries.filter(([, value]) => value.length > 0));
}

const toggled = (values: string[], value: string) =>
  values.includes(value) ? values.filter((other) => other !== value) : [...values, value];

export const toggleType = (question: Question, type: string): Question => ({
  ...question,
  types: toggled(question.types, type),
});

export const toggleFacet = (question: Question, name: FacetName, value: string): Question => ({
  ...question,
  chosen: { ...question.chosen, [name]: toggled(question.chosen[name], value) },
});

/** Whether anything but words narrows the results. */
export const isNarrowed = ({ types, chosen }: Question): boolean =>
  types.length > 0 || facetNames.some((name) => chosen[name].length > 0);

/** The address of the API that answers a question. */
export function questionUrl({ term, types, chosen }: Question, cursor: string | undefined): string {
  const parameters = new URLSearchParams({ term, facets: 'true' });
  for (const type of types) parameters.append('types[]', type);
  for (const name of facetNames) for (const value of chosen[name]) parameters.append(`filters[${name}]`, value);
  if (cursor !== undefined) parameters.set('pageCursor', cursor);
  return `/api/search/query?${parameters.toString()}`;
}
