import { beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import type { TestPortal } from '../../testing/portal.ts';
import { keysOf, searchPortal } from './testing/portal.ts';
import { figuresOf, type RelevanceCase, relevanceCases } from './testing/relevance.ts';

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  const answers: (RelevanceCase & { place: number; first: string | undefined })[] = [];

  beforeAll(async () => {
    portal = await searchPortal({ place: await place() });
    for (const each of await relevanceCases()) {
      const keys = await keysOf(portal, each.query);
      answers.push({ ...each, place: keys.findIndex((key) => each.right.includes(key)) + 1, first: keys[0] });
    }
    return () => portal.stop();
  });

  const figures = (which: (answer: RelevanceCase) => boolean) =>
    figuresOf(answers.filter(which).map((each) => each.place));

  test('of more than 200 queries nearly all have the right answer first, and all of them among the first three', () => {
    const wrong = answers.filter((each) => each.place === 0 || each.place > 3);
    expect(wrong.map(({ query, first, place: found }) => ({ query, first, found }))).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(200);
    expect(figures(() => true).first).toBeGreaterThanOrEqual(0.95);
    expect(figures(() => true).reciprocalRank).toBeGreaterThanOrEqual(0.95);
  });

  test('queries that were kept aside do as well as those that were looked at', () => {
    expect(figures((each) => each.aside).reciprocalRank).toBeGreaterThanOrEqual(0.95);
    expect(figures((each) => !each.aside).reciprocalRank).toBeGreaterThanOrEqual(0.95);
  });

  test('no kind of query is neglected', () => {
    for (const kind of new Set(answers.map((each) => each.kind)))
      expect([kind, figures((each) => each.kind === kind).reciprocalRank >= 0.9]).toEqual([kind, true]);
  });
});
