import type { Problem } from '@callboard/model';
import type { AppError } from '../../../core/errors/index.ts';
import type { CatalogContext } from '../context.ts';
import type { CatalogRule, LocationTarget, PreparedDocument } from '../formats/backstage/prepare.ts';
import type { PrepareWorkers } from '../formats/backstage/prepare-workers.ts';
import { originOf, readingError, sourceOptions } from '../sources/session.ts';
import type { FoundDocument, SourceSession } from '../sources/types.ts';
import { sourceErrors } from '../errors.ts';
import { entityCount } from '../store/held.ts';
import type { DocumentRow, SourceRow } from '../store/tables.ts';
import type { ArrivingDocument } from './apply.ts';

/** A document that waits to be read, with the Location entity that led to it. */
export type Waiting = {
  found: FoundDocument;
  parentRef: string | null;
  failed?: { error: AppError; namedBy: { location: string; line: number; entityRef: string } };
};

/** What a reading knows from before and has come across so far. */
export type Reading = {
  source: Pick<SourceRow, 'type' | 'target' | 'options'>;
  known: Map<string, DocumentRow>;
  seen: Set<string>;
  read: number;
  /** documents that could not be read, with the reason unless it is the same as last time */
  unreadable: Map<string, Problem | undefined>;
  targetsChanged: boolean;
};

export type RunTools = { context: CatalogContext; workers: PrepareWorkers; signal: AbortSignal };

const readAtOnce = 50;
// The first batch is small, so that writing begins while the rest is read. Later ones are large enough that a first reading writes each
// page of the database few times, and small enough to hold in memory twice.
const firstBatch = 250;
const largestBatch = 2_000;
const largestBatchBytes = 16 * 1024 * 1024;
const documentsPerBatch = 400;
const mostDocuments = 200_000;

export const newReading = (source: Reading['source'], known: Map<string, DocumentRow>): Reading => ({
  source,
  known,
  seen: new Set(),
  read: 0,
  unreadable: new Map(),
  targetsChanged: false,
});

/** A document that could not be read: what was known of it stays, and the reason stands at it, or at the entity that named it. */
function unreadable(
  location: string,
  error: AppError,
  known: DocumentRow | undefined,
  namedBy?: { location: string; line: number; entityRef: string },
): PreparedDocument {
  return {
    location,
    hash: `unreadable:${error.code}:${error.message}`.slice(0, 300),
    entities: [],
    problems: [
      {
        code: error.code,
        severity: 'error',
        message: error.message,
        fix: error.fix,
        ...(namedBy ?? { location, line: 1 }),
      },
    ],
    targets: known ? JSON.parse(known.targets) : [],
    dependencies: known ? JSON.parse(known.dependencies) : [],
  };
}

/** A version that says nothing new is enough only where nothing else is read into the document, and nobody asked to read it anew. */
const knownVersion = (known: DocumentRow) => (known.hash === '' || known.dependencies !== '[]' ? null : known.version);

/** The rules that the configuration gives one location, in the form of `catalog.rules`. */
function sourceRules(source: Reading['source']): CatalogRule[] | 'any' | undefined {
  const { rules, anyKind } = sourceOptions(source.options);
  return anyKind ? 'any' : rules?.map(({ allow }) => ({ allow }));
}

/** An editor or a full disk leaves empty files behind; that alone must not remove what was in them. */
async function isEmptied(tools: RunTools, prepared: PreparedDocument, known: DocumentRow): Promise<boolean> {
  if (prepared.entities.length > 0 || prepared.problems.length > 0) return false;
  return (await entityCount(tools.context.db.reader(), known.id)) > 0;
}

/** Reads and prepares one document; undefined when nothing about it has changed. */
async function prepareDocument(
  tools: RunTools,
  session: SourceSession,
  reading: Reading,
  waiting: Waiting,
): Promise<ArrivingDocument | undefined> {
  const { found, parentRef } = waiting;
  const known = reading.known.get(found.location);
  const arriving = (prepared: PreparedDocument, version: string | null = null): ArrivingDocument | undefined =>
    known?.hash === prepared.hash && known.parent_ref === parentRef
      ? undefined
      : { location: found.location, parentRef, version, prepared };
  if (waiting.failed) return arriving(unreadable(found.location, waiting.failed.error, known, waiting.failed.namedBy));
  try {
    const content = found.file ?? (await session.content(found, known ? knownVersion(known) : null));
    if (content === 'unchanged') return undefined;
    const prepared = await tools.workers.prepare({
      location: found.location,
      originLocation: originOf(tools.context, reading.source),
      ...('path' in content ? { file: content } : { text: content.bytes }),
      known: known ? { hash: known.hash, dependencies: JSON.parse(known.dependencies) } : undefined,
      rules: sourceRules(reading.source),
      read: (target: string) => session.dependency(target, found.location),
    });
    if (prepared === 'unchanged') return undefined;
    if (known && (await isEmptied(tools, prepared, known)))
      return arriving(unreadable(found.location, sourceErrors.targetEmpty({ target: found.location }), known));
    const arrived = arriving(prepared, 'path' in content ? null : (content.version ?? null));
    return arrived && known ? { ...arrived, actor: await session.author?.(found) } : arrived;
  } catch (error) {
    tools.signal.throwIfAborted();
    return arriving(unreadable(found.location, readingError(error, found.location), known));
  }
}

/** Follows what the Location entities of a document point at. */
async function follow(session: SourceSession, location: string, targets: LocationTarget[]): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for (const target of targets) {
    try {
      for (const document of await session.resolve(target.target, location))
        found.push({ found: document, parentRef: target.entityRef });
    } catch (error) {
      const reason = readingError(error, target.target);
      // An optional target may be missing; anything else is a problem of the document that names it.
      if (target.presence === 'optional' && reason.status === 404) continue;
      found.push({
        found: { location: `${location}#${target.target}` },
        parentRef: target.entityRef,
        failed: { error: reason, namedBy: { location, line: target.line, entityRef: target.entityRef } },
      });
    }
  }
  return found;
}

/**
 * Reads documents and all that they lead to; gives those that are new or changed away in batches, in the order found.
 *
 * @param start - the first documents; each is read once
 * @param take - told a batch; the next batch is prepared meanwhile, but not given before this one is done
 */
export async function readDocuments(
  tools: RunTools,
  session: SourceSession,
  reading: Reading,
  start: Waiting[],
  take: (documents: ArrivingDocument[]) => Promise<void>,
): Promise<void> {
  const queue = [...start];
  let batch: ArrivingDocument[] = [];
  let entities = 0;
  let bytes = 0;
  let batchSize = firstBatch;
  let taking = Promise.resolve();
  const flush = async () => {
    await taking;
    const documents = batch;
    batch = [];
    entities = 0;
    bytes = 0;
    batchSize = Math.min(batchSize * 2, largestBatch);
    if (documents.length > 0) taking = take(documents);
    taking.catch(() => undefined);
  };

  for (let position = 0; position < queue.length;) {
    tools.signal.throwIfAborted();
    const slice: Waiting[] = [];
    while (slice.length < readAtOnce && position < queue.length) {
      const next = queue[position++] as Waiting;
      if (reading.seen.has(next.found.location)) continue;
      reading.seen.add(next.found.location);
      slice.push(next);
    }
    const prepared = await Promise.all(slice.map((waiting) => prepareDocument(tools, session, reading, waiting)));
    for (const [index, document] of prepared.entries()) {
      const { found } = slice[index] as Waiting;
      const known = reading.known.get(found.location);
      const targets: LocationTarget[] = document ? document.prepared.targets : known ? JSON.parse(known.targets) : [];
      if (document && known && JSON.stringify(targets) !== known.targets) reading.targetsChanged = true;
      if (targets.length > 0 && queue.length < mostDocuments)
        queue.push(...(await follow(session, found.location, targets)));
      reading.read += 1;
      if ((document?.prepared.hash ?? known?.hash)?.startsWith('unreadable:'))
        reading.unreadable.set(found.location, document?.prepared.problems[0]);
      if (!document) continue;
      batch.push(document);
      entities += document.prepared.entities.length;
      bytes += document.prepared.entities.reduce((sum, entity) => sum + entity.body.length, 0);
      if (entities >= batchSize || bytes >= largestBatchBytes || batch.length >= documentsPerBatch) await flush();
    }
  }
  await flush();
  await taking;
}
