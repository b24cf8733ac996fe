import type { Evidence } from '../../../core/router/index.ts';

/** Whether what is shown may be old, or is claimed by others too, though nothing is wrong with its text. */
export const isDoubtful = (evidence: Evidence | undefined): boolean =>
  evidence !== undefined &&
  (Boolean(evidence.source?.failingSince) || Boolean(evidence.source?.held) || evidence.claims.length > 0);
