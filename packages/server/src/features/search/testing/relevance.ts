import { readFile } from 'node:fs/promises';

/** What somebody types and means. */
export type RelevanceCase = { kind: string; query: string; right: string[]; aside: boolean };

/** `component:x` stands for `component:default/x`. */
const fullKey = (text: string): string => {
  const [ref, operation] = text.split(/#(.*)/s);
  const full = ref!.includes('/') ? ref! : ref!.replace(':', ':default/');
  return operation ? `${full}#${operation}` : full;
};

/** Reads `bench/search-queries.txt`. Every third query of a kind is kept aside while ranking is tuned. */
export async function relevanceCases(): Promise<RelevanceCase[]> {
  const text = await readFile(new URL('../../../../../../bench/search-queries.txt', import.meta.url), 'utf8');
  const seen = new Map<string, number>();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [kind, query, right] = line.split(' | ') as [string, string, string];
      const place = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, place);
      return { kind, query, right: right.split(', ').map(fullKey), aside: place % 3 === 0 };
    });
}

export type RelevanceFigures = { queries: number; first: number; topThree: number; reciprocalRank: number };

/** Shares of right first answers, of right ones among three, and the mean reciprocal rank. */
export function figuresOf(places: readonly number[]): RelevanceFigures {
  const share = (test: (place: number) => boolean) => places.filter(test).length / places.length;
  return {
    queries: places.length,
    first: share((place) => place === 1),
    topThree: share((place) => place >= 1 && place <= 3),
    reciprocalRank: places.reduce((sum, place) => sum + (place > 0 ? 1 / place : 0), 0) / places.length,
  };
}
