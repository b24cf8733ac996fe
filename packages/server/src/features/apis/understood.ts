import type { ApiSummary } from '@callboard/model';

/** A part as JSON text, with the types it names. */
export type Part = { json: string; refs: string[] };

/** A definition that was read: everything as text that only has to be sent. */
export type Understood = {
  summary: ApiSummary;
  overview: string;
  operations: Map<string, Part>;
  types: Map<string, Part>;
  /** the addresses that its operations may be called at, by operation */
  calls: Map<string, { method: string; path: string; servers: string[] }>;
  /** characters it holds in memory */
  size: number;
};

/** An API entity as JSON text. */
export type ReadTask = { entity: string };
export type ReadAnswer = Understood | { failure: string } | { none: true };
