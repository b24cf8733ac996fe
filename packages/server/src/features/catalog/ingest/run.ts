import type { CatalogContext } from '../context.ts';
import { documentsOf } from '../store/held.ts';
import type { SourceRow } from '../store/tables.ts';
import type { KeyIds } from '../store/write.ts';
import { applyBatch, type ArrivingDocument } from './apply.ts';
import type { DroppedEntity } from './finish.ts';
import { newReading, type Reading } from './read.ts';

/** A reading of a source that is written into the catalog, and what it has changed so far. */
export type Run = Omit<Reading, 'source'> & {
  source: SourceRow;
  actor: string;
  documentIds: number[];
  created: string[];
  updated: number;
  moved: number;
  drops: Map<number, DroppedEntity>;
  problemsChanged: boolean;
};

export async function startRun(context: CatalogContext, source: SourceRow, actor: string): Promise<Run> {
  const known = await documentsOf(context.db.reader(), source.id);
  return {
    ...newReading(source, known),
    source,
    actor,
    documentIds: [],
    created: [],
    updated: 0,
    moved: 0,
    drops: new Map(),
    problemsChanged: false,
  };
}

/** Writes a batch of a run into the catalog. */
export async function writeBatch(
  context: CatalogContext,
  keys: { ids: KeyIds },
  run: Run,
  documents: ArrivingDocument[],
): Promise<void> {
  const applied = await applyBatch(context, {
    sourceId: run.source.id,
    actor: run.actor,
    documents,
    known: run.known,
    keys,
  });
  run.documentIds.push(...applied.documentIds);
  run.created.push(...applied.created);
  run.updated += applied.updated;
  run.moved += applied.moved;
  run.problemsChanged ||= applied.problemsChanged;
  for (const drop of applied.drops) run.drops.set(drop.id, drop);
}
