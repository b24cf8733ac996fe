import type { Filing, FilingForm } from '../filing/filing.ts';
import type { ApiOperation } from '../formats/operation.ts';
import type { SearchDocument } from '../types.ts';

/** A piece of work for an analysing thread. */
export type AnalysisTask =
  | { kind: 'documents'; form: FilingForm; type: string; documents: SearchDocument[] }
  | { kind: 'definition'; type: string; definition: string };

export type AnalysisResult = Filing | ApiOperation[];

export type AnalysisReply = { id: number; result?: AnalysisResult; error?: string };
