import { randomUUID } from 'node:crypto';
import type { SearchResponse, SearchResult, SuggestResponse, Suggestion } from '@callboard/model/http';
import { highlight, type Marks, matcherOf, snippet } from '../query/highlight.ts';
import type { Counts, SearchOutcome } from '../query/search.ts';
import type { Scored } from '../query/score.ts';
import { pageCursor } from './cursors.ts';

/** Tags that no text can hold by itself, so that clients can make marks of them safely. */
const tag = randomUUID();
const marks: Marks = { preTag: `<${tag}>`, postTag: `</${tag}>` };

type Body = { title: string; text: string; location: string; [field: string]: unknown };

/** The last place that is shown: who has not found it among so many will not find it further on. */
export const lastResult = 1_000;

const highlighted = (fields: Record<string, string | undefined>) => {
  const present = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return present.length > 0 ? { highlight: { ...marks, fields: Object.fromEntries(present) } } : {};
};

async function bodiesOf(outcome: SearchOutcome, shown: readonly Scored[]): Promise<Map<number, Body>> {
  const texts = await outcome.bodies(shown.map((each) => each.id));
  return new Map([...texts].map(([id, text]) => [id, JSON.parse(text) as Body]));
}

const mostValues = 50;

function facetsOf({ types, values }: Counts): NonNullable<SearchResponse['facets']> {
  const facets: NonNullable<SearchResponse['facets']> = {
    types: [...types].map(([value, count]) => ({ value, count })),
  };
  for (const { name, value, count } of values) (facets[name] ??= []).push({ value, count });
  for (const [name, list] of Object.entries(facets))
    facets[name] = list.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, mostValues);
  return facets;
}

/** One page of results in Backstage's form, with what we add to it. */
export async function searchResponse(
  outcome: SearchOutcome,
  options: { page: number; limit: number; facets: boolean; explain: boolean },
): Promise<SearchResponse> {
  const { page, limit } = options;
  const { ranked } = outcome;
  const start = page * limit;
  const shown = ranked.slice(start, start + limit);
  const matches = matcherOf(outcome.query, outcome.expansions);
  const [bodies, counts] = await Promise.all([bodiesOf(outcome, shown), outcome.counts]);
  const results = shown.flatMap((each, index): SearchResult[] => {
    const body = bodies.get(each.id);
    // Deleted between the two statements.
    if (!body) return [];
    return [
      {
        type: each.type,
        key: each.key,
        document: body as SearchResult['document'],
        rank: start + index + 1,
        ...highlighted({
          title: highlight(body.title, matches, marks),
          text: snippet(body.text, matches, marks),
        }),
        ...(options.explain && { explanation: { score: each.score, reasons: outcome.reasons(each) } }),
      },
    ];
  });
  const more = start + limit < Math.min(ranked.length, lastResult);
  return {
    results,
    ...(more && { nextPageCursor: pageCursor(page + 1) }),
    ...(page > 0 && { previousPageCursor: pageCursor(page - 1) }),
    numberOfResults: counts?.total.count ?? ranked.length,
    ...(counts?.total.atLeast && { numberIsAtLeast: true }),
    ...(outcome.didYouMean && { didYouMean: outcome.didYouMean }),
    ...(outcome.partial && ranked.length > 0 && { isPartial: true }),
    ...(options.facets && counts && { facets: facetsOf(counts) }),
  };
}

const mostGroups = 6;

const detailOf = (body: Body): string | undefined => {
  const parts = [
    body['entityTitle'],
    body['componentType'],
    body['namespace'] === 'default' ? undefined : body['namespace'],
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '' && part !== 'other').join(' · ') || undefined;
};

const shownBeginning = 160;
const beginning = (text: string) =>
  text.length > shownBeginning ? `${text.slice(0, shownBeginning).toWellFormed()}…` : text;

/** The best results by kind, for who is still typing. */
export async function suggestResponse(outcome: SearchOutcome, limit: number): Promise<SuggestResponse> {
  const groups = new Map<string, Scored[]>();
  for (const each of outcome.ranked) {
    const name = each.type === 'software-catalog' ? (each.kind ?? each.type) : each.type;
    const list = groups.get(name) ?? [];
    if (list.length === 0 && groups.size >= mostGroups) continue;
    if (list.length < limit) groups.set(name, [...list, each]);
  }
  const matches = matcherOf(outcome.query, outcome.expansions);
  const bodies = await bodiesOf(outcome, [...groups.values()].flat());
  const suggestion = ({ id, type, key }: Scored): Suggestion[] => {
    const body = bodies.get(id);
    if (!body) return [];
    const detail = detailOf(body);
    return [
      {
        type,
        key,
        title: body.title,
        location: body.location,
        ...(typeof body['kind'] === 'string' && { kind: body['kind'] }),
        ...(detail && { detail }),
        ...(body.text !== '' && { text: beginning(body.text) }),
        ...(typeof body['owner'] === 'string' && body['owner'] !== '' && { owner: body['owner'] }),
        ...highlighted({ title: highlight(body.title, matches, marks) }),
      },
    ];
  };
  return {
    groups: [...groups].map(([group, list]) => ({ group, items: list.flatMap(suggestion) })),
    ...(outcome.didYouMean && { didYouMean: outcome.didYouMean }),
    ...(!outcome.isCurrent && { incomplete: true }),
  };
}
