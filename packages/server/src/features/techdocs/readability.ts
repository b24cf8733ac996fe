import { AppError } from '../../core/errors/index.ts';
import type { ProblemReports } from '../catalog/index.ts';
import type { Said } from './entities.ts';

/** Apart from what is wrong with the pages: that is still so when they can be read again. */
const reporter = 'techdocs.reading';
/** A far side that does not answer may do so the next time. */
const patience = 2;
/** Another replica may have told otherwise since. */
const goodMs = 600_000;

/** Tells the owners of entities when their documents cannot be read at all, and takes it back. */
export type Readability = {
  good(ref: string): Promise<void>;
  /** Nobody names these documents any more. */
  forget(ref: string): Promise<void>;
  /** Whether it has been told that they cannot be read. */
  isBad(ref: string): boolean;
  bad(entity: Said, annotation: string, error: unknown): Promise<void>;
};

export function createReadability(problems: ProblemReports, now: () => number = Date.now): Readability {
  const known = new Map<string, { code?: string; failures: number; at: number }>();
  return {
    async good(ref) {
      const before = known.get(ref);
      if (before?.failures === 0 && now() - before.at < goodMs) return;
      known.set(ref, { failures: 0, at: now() });
      await problems.report(reporter, ref, []);
    },
    async forget(ref) {
      known.delete(ref);
      await problems.report(reporter, ref, []);
    },
    isBad: (ref) => known.get(ref)?.code !== undefined,
    async bad({ ref, entity }, annotation, error) {
      if (!(error instanceof AppError)) return;
      const failures = (known.get(ref)?.failures ?? 0) + 1;
      const before = known.get(ref)?.code;
      if (before === error.code || (error.status >= 500 && failures < patience)) {
        known.set(ref, { ...(before !== undefined && { code: before }), failures, at: now() });
        return;
      }
      known.set(ref, { code: error.code, failures, at: now() });
      const annotations = entity.metadata.annotations as Record<string, unknown> | undefined;
      const location = annotations?.['backstage.io/managed-by-location'];
      await problems.report(reporter, ref, [
        {
          code: 'TECHDOCS_UNREADABLE',
          severity: 'error',
          message: `The documents cannot be shown: ${error.message}`,
          fix: error.fix,
          ...(typeof location === 'string' && { location }),
          path: `/metadata/annotations/${annotation.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        },
      ]);
    },
  };
}
