import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';

/** What the API answers, as far as the tests look at it. */
export type ApiEntity = {
  kind: string;
  metadata: { name: string; annotations: Record<string, string>; [key: string]: unknown };
  spec: Record<string, unknown>;
  relations: { type: string; targetRef: string }[];
};
export type ApiProblem = {
  code: string;
  severity: string;
  message: string;
  fix: string;
  location?: string;
  line?: number;
  entityRef?: string;
};
export type ApiSource = {
  id: number;
  target: string;
  state: string;
  lastAttemptAt?: string;
  entities: number;
  error?: ApiProblem;
};
export type ApiEvent = { id: number; type: string; subject: string };

/** Asks for JSON and fails unless the answer is 200. */
export async function getJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  const text = await response.text();
  expect(response.status, `${url}: ${text.slice(0, 1000)}`).toBe(200);
  return JSON.parse(text) as Body;
}

/** Asks again until the answer is right; fails with the last answer. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  right: (value: Value) => boolean,
  limitMs = 60_000,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    let value: Value | undefined;
    let failure: unknown;
    try {
      value = await ask();
      if (right(value)) return value;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline)
      throw new Error(
        `It did not happen within ${limitMs / 1000} s; last: ${JSON.stringify(value) ?? String(failure)}`,
      );
    await pause(25);
  }
}

export const getSources = async (url: string): Promise<ApiSource[]> =>
  (await getJson<{ items: ApiSource[] }>(`${url}/api/catalog/sources`)).items;

/** Waits until every source has been read, well or badly, since `since`. */
export const untilRead = (url: string, since: number, limitMs?: number): Promise<ApiSource[]> =>
  eventually(
    () => getSources(url),
    (sources) =>
      sources.length > 0 && sources.every(({ lastAttemptAt }) => lastAttemptAt && Date.parse(lastAttemptAt) >= since),
    limitMs,
  );

/** Every entity that matches, 5,000 a page. */
export async function getEntities(url: string, filter = ''): Promise<ApiEntity[]> {
  const found: ApiEntity[] = [];
  let query = `limit=5000${filter && `&filter=${encodeURIComponent(filter)}`}`;
  for (;;) {
    const page = await getJson<{ items: ApiEntity[]; pageInfo: { nextCursor?: string } }>(
      `${url}/api/catalog/entities/by-query?${query}`,
    );
    found.push(...page.items);
    if (!page.pageInfo.nextCursor) return found;
    query = `limit=5000&cursor=${encodeURIComponent(page.pageInfo.nextCursor)}`;
  }
}

export const countEntities = async (url: string, filter = ''): Promise<number> =>
  (
    await getJson<{ totalItems: number }>(
      `${url}/api/catalog/entities/by-query?limit=0${filter && `&filter=${encodeURIComponent(filter)}`}`,
    )
  ).totalItems;

/** Every problem, 1,000 a page. */
export async function getProblems(url: string): Promise<ApiProblem[]> {
  const found: ApiProblem[] = [];
  let query = 'limit=1000';
  for (;;) {
    const page = await getJson<{ items: ApiProblem[]; pageInfo: { nextCursor?: string } }>(
      `${url}/api/catalog/problems?${query}`,
    );
    found.push(...page.items);
    if (!page.pageInfo.nextCursor) return found;
    query = `limit=1000&cursor=${encodeURIComponent(page.pageInfo.nextCursor)}`;
  }
}

/** Every event after one, oldest first, as far as there are any now. */
export async function getEvents(url: string, after: number): Promise<ApiEvent[]> {
  const found: ApiEvent[] = [];
  let cursor = after;
  for (;;) {
    const page = await getJson<{ events: ApiEvent[]; cursor: number }>(`${url}/api/events?after=${cursor}&limit=1000`);
    found.push(...page.events);
    if (page.events.length === 0 || page.cursor === cursor) return found;
    cursor = page.cursor;
  }
}

/** Counts of the values of one facet. */
export async function getFacet(url: string, facet: string): Promise<Map<string, number>> {
  const { facets } = await getJson<{ facets: Record<string, { value: string; count: number }[]> }>(
    `${url}/api/catalog/entity-facets?facet=${encodeURIComponent(facet)}`,
  );
  return new Map(facets[facet]?.map(({ value, count }) => [value, count]));
}
