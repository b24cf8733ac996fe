import type { Problem } from '@callboard/model';
import type { CatalogContext } from './context.ts';
import { placeOfProblems, reconcileProblems, reportedProblems } from './store/problems.ts';
import type { CatalogTables } from './store/tables.ts';

/** Takes what other features find wrong with what belongs to entities: it stands with the problems of the catalog, to the same owner. */
export type ProblemReports = {
  /**
   * Puts these problems in the place of those that the same feature has reported of this entity before. Those that stay keep their age.
   * Of an entity that is gone nothing is kept.
   */
  report(reporter: string, ref: string, problems: readonly Omit<Problem, 'entityRef'>[]): Promise<void>;
};

/** Keeps what other features report. */
export function createProblemReports({ db, events, now }: CatalogContext): ProblemReports {
  return {
    async report(reporter, ref, problems) {
      const known = await reportedProblems(db.reader<CatalogTables>(), reporter, ref);
      if (problems.length === 0 && known.length === 0) return;
      await db.transaction<CatalogTables>(async (tx) => {
        // Two that report of one entity at once would both find nothing there, and put it in twice.
        await db.exclusive(tx, `catalog.problems.${reporter}.${ref}`);
        const place = await placeOfProblems(tx, ref);
        if (!place) return;
        const existing = await reportedProblems(tx, reporter, ref);
        const wanted = problems.map((problem) => ({
          sourceId: place.sourceId,
          documentId: null,
          owner: place.owner,
          evidence: place.owner === null ? null : ('entity' as const),
          problem: { ...problem, entityRef: ref },
          at: now(),
          reporter,
        }));
        if (await reconcileProblems(db, tx, existing, wanted))
          await events.append(tx, [{ type: 'catalog.problem.changed', subject: ref }]);
      });
    },
  };
}
