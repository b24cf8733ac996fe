import type { ApiOperation } from '../formats/operation.ts';
import type { SearchDocument } from '../types.ts';
import type { AnalysedDocument } from './analyse.ts';

/** A piece of work for the analysing thread. */
export type AnalysisTask =
  | { kind: 'documents'; type: string; documents: SearchDocument[] }
  | { kind: 'definition'; type: string; definition: string };

export type AnalysisResult = AnalysedDocument[] | ApiOperation[];

export type AnalysisReply = { id: number; result?: AnalysisResult; error?: string };
