import type { Entity, Problem } from '@callboard/model';
import type { LocationInput } from '@callboard/model/http';
import type { CatalogContext } from './context.ts';
import type { PrepareWorkers } from './formats/backstage/prepare-workers.ts';
import type { ArrivingDocument } from './ingest/apply.ts';
import { newReading, readDocuments, type Waiting } from './ingest/read.ts';
import { locationEntityRef, newSourceRow } from './sources/configured.ts';
import { openSession } from './sources/session.ts';

/** What a location would bring, read now and stored nowhere. */
export type Preview = (
  input: LocationInput & { options?: string },
) => Promise<{ entities: Entity[]; documents: { location: string; entities: Entity[] }[]; problems: Problem[] }>;

const longestPreview = 60_000;

/**
 * Makes the function that tries locations out.
 *
 * @returns a function that throws an AppError when the location itself cannot be read
 */
export function createPreview(context: CatalogContext, workers: PrepareWorkers): Preview {
  return async (input) => {
    const row = newSourceRow(
      0,
      { key: '', origin: 'location', ...input, options: input.options ?? '{}', location_id: null },
      context.now(),
    );
    const signal = AbortSignal.timeout(longestPreview);
    const session = await openSession(context, row, signal);
    const documents: ArrivingDocument[] = [];
    try {
      const listing = await session.list();
      const start = listing.documents.map((found): Waiting => ({
        found,
        parentRef: locationEntityRef(input.type, input.target),
      }));
      await readDocuments(
        { context, workers, signal },
        session,
        newReading(row, new Map()),
        start,
        async (batch) => void documents.push(...batch),
      );
    } finally {
      await session.close?.();
    }
    const read = documents.map((document) => ({
      location: document.location,
      entities: document.prepared.entities.map((entity): Entity => JSON.parse(entity.body)),
    }));
    return {
      entities: read.flatMap((document) => document.entities),
      documents: read,
      problems: documents.flatMap((document) => document.prepared.problems),
    };
  };
}
