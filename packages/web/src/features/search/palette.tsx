import type { FacetsResponse, SearchResponse, SuggestResponse, Suggestion } from '@callboard/model/http';
import { IconHash, IconSearch } from '@tabler/icons-react';
import type { QueryClient } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';
import {
  icon,
  scoreOf,
  type PaletteAnswer,
  type PaletteContribution,
  type PaletteItem,
  type PalettePlace,
  type PaletteQuestion,
} from '../../core/palette/index.ts';
import { count } from '../../core/ui/index.ts';
import { describeKinds, KindIcon, kindsQuery } from '../catalog/index.ts';
import { reportOpened } from './api.ts';
import { pieces } from './parts/Marked.tsx';
import { typeIcons, typeLabels } from './types.ts';

/** One more than the palette shows of a group, so that it can say that there are more. */
const perGroup = 6;
const inOneGroup = 60;
const entities = 'software-catalog';
const otherTypes = Object.keys(typeLabels).filter((type) => type !== entities);

type Found = Suggestion & { group: string };

async function knownKinds(client: QueryClient) {
  const { items } = await client.ensureQueryData(kindsQuery);
  const kinds = describeKinds(items);
  const groupOf = (name: string) => (name === 'user' ? 'People' : (typeLabels[name] ?? kinds.pluralOf(name)));
  return { kinds, groupOf, names: [...items.map(({ kind }) => kind.toLowerCase()), ...otherTypes] };
}

/** How well the result fits beside pages and actions. Search has ranked the results already, so that none comes before an earlier one. */
function scored(found: Found[], text: string): (Found & { score: number })[] {
  let most = 1;
  return found.map((each) => {
    const name = each.key.slice(each.key.indexOf('/') + 1);
    const fits = each.key === text.toLowerCase() ? 1 : Math.max(scoreOf(each.title, text), scoreOf(name, text), 0.3);
    most = Math.min(fits, most - 0.0001);
    return { ...each, score: text === '' ? 0 : most };
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** All of one group, or of some kinds, as suggestions. */
async function within(kinds: string[], text: string, signal: AbortSignal): Promise<Found[]> {
  const other = kinds.find((name) => otherTypes.includes(name));
  const parameters = new URLSearchParams({ term: text, pageLimit: String(inOneGroup) });
  parameters.append('types[]', other ?? entities);
  if (other === undefined) for (const kind of kinds) parameters.append('filters[kind]', kind);
  const { results: list } = await request<SearchResponse>(`/api/search/query?${parameters.toString()}`, { signal });
  return list.map(({ type, key, document, highlight }): Found => {
    const kind = textOf(document['kind']);
    const detail = textOf(document['componentType']);
    return {
      type,
      key,
      title: document.title,
      location: document.location,
      group: type === entities ? (kind ?? '').toLowerCase() : type,
      ...(kind && { kind }),
      ...(detail && detail !== 'other' && { detail }),
      ...(textOf(document['owner']) && { owner: textOf(document['owner'])! }),
      text: document.text.slice(0, 160),
      ...(highlight && { highlight }),
    };
  });
}

async function suggested(text: string, signal: AbortSignal): Promise<{ found: Found[]; incomplete: boolean }> {
  const parameters = new URLSearchParams({ term: text, limit: String(perGroup) });
  const { groups, incomplete = false } = await request<SuggestResponse>(
    `/api/search/suggest?${parameters.toString()}`,
    {
      signal,
    },
  );
  return { found: groups.flatMap(({ group, items }) => items.map((item) => ({ ...item, group }))), incomplete };
}

/** Tags by name. Their numbers are the catalog's. */
async function tagItems(text: string, client: QueryClient): Promise<PaletteItem[]> {
  const path = 'metadata.tags';
  const { facets } = await client.fetchQuery({
    queryKey: ['catalog', 'tags'],
    queryFn: ({ signal }) =>
      request<FacetsResponse>('/api/catalog/entity-facets', { method: 'POST', body: { facets: [path] }, signal }),
    staleTime: 60_000,
  });
  return (facets[path] ?? [])
    .map((tag) => ({ ...tag, score: text === '' ? 0.5 : scoreOf(tag.value, text) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => (text === '' ? b.count - a.count : b.score - a.score || b.count - a.count))
    .slice(0, inOneGroup)
    .map(({ value, count: tagged, score }) => ({
      id: `tag ${value}`,
      label: value,
      group: 'Tags',
      icon: icon(IconHash),
      type: count(tagged, 'entity', 'entities'),
      to: `/catalog?tag=${encodeURIComponent(value)}`,
      score: text === '' ? 0 : score,
    }));
}

/** The way on to the page that searches, where filters help further. */
const allOf = (text: string): PaletteItem => ({
  id: 'search-page',
  label: `All results for “${text}”`,
  group: 'More',
  icon: icon(IconSearch),
  to: `/search?query=${encodeURIComponent(text)}`,
  score: 0.001,
});

async function results(
  { text, scope, group }: PaletteQuestion,
  { client }: PalettePlace,
  signal: AbortSignal,
): Promise<PaletteAnswer> {
  if (scope === 'tags' || group === 'Tags') return { items: await tagItems(text, client) };
  const { kinds, groupOf, names } = await knownKinds(client);
  const ofGroup = names.filter((name) => groupOf(name) === group);
  if (group !== undefined && ofGroup.length === 0) return { items: [] };
  const only = group === undefined ? (scope === 'people' ? ['user', 'group'] : undefined) : ofGroup;
  const { found, incomplete } = only
    ? { found: await within(only, text, signal), incomplete: false }
    : await suggested(text, signal);
  const items = scored(found, text).map((each): PaletteItem => {
    const { type, key, title, kind, detail, highlight } = each;
    const marked = highlight?.fields['title'];
    const ref = key.replace(':default/', ':');
    const called = type === entities && !ref.endsWith(`:${title.toLowerCase()}`) ? ref : undefined;
    return {
      id: type === entities ? key : `${type} ${key}`,
      label: title,
      ...(highlight && marked && { pieces: pieces(marked, highlight) }),
      group: groupOf(each.group),
      icon: typeIcons[type] ? icon(typeIcons[type]) : kind ? <KindIcon kind={kind} /> : icon(IconSearch),
      type: detail ?? (kind ? kinds.titleOf(kind) : undefined),
      owner: each.owner?.replace(/^group:(default\/)?/, ''),
      detail: [called, each.text].filter(Boolean).join(' · '),
      to: each.location,
      score: each.score,
      ...(text !== '' && { onOpen: () => reportOpened(text, { type, key }) }),
    };
  });
  const more = items.length > 0 && only === undefined ? [allOf(text)] : [];
  return { items: [...items, ...more], ...(incomplete && { incomplete }) };
}

/** What is typed into the palette is answered by search. */
export const searchPalette: PaletteContribution = { results };
