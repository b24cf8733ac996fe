import type { AppError } from '../../../core/errors/index.ts';
import type { CatalogContext } from '../context.ts';
import type { LocationTarget, PreparedDocument } from '../formats/backstage/prepare.ts';
import type { PrepareWorkers } from '../formats/backstage/prepare-workers.ts';
import { openSession, readingError } from '../sources/session.ts';
import type { FoundDocument, SourceSession } from '../sources/types.ts';
import { sourceErrors } from '../errors.ts';
import { documentsOf, entityCount } from '../store/held.ts';
import type { DocumentRow, SourceRow } from '../store/tables.ts';
import type { KeyIds } from '../store/write.ts';
import { applyBatch, type ArrivingDocument } from './apply.ts';
import type { DroppedEntity } from './finish.ts';

/** A document that waits to be read, with the Location entity that led to it. */
export type Waiting = { found: FoundDocument; parentRef: string | null; failed?: { error: AppError; namedIn: string } };

/** What one reading of a source has seen and done so far. */
export type Run = {
  source: SourceRow;
  actor: string;
  known: Map<string, DocumentRow>;
  seen: Set<string>;
  documentIds: number[];
  created: string[];
  updated: number;
  moved: number;
  read: number;
  unreadable: number;
  drops: Map<number, DroppedEntity>;
  targetsChanged: boolean;
};

export type RunTools = { context: CatalogContext; workers: PrepareWorkers; keys: { ids: KeyIds }; signal: AbortSignal };

const readAtOnce = 50;
const entitiesPerBatch = 400;
const documentsPerBatch = 400;
const mostDocuments = 200_000;

export async function startRun(tools: RunTools, source: SourceRow, actor: string): Promise<Run> {
  const known = await documentsOf(tools.context.db.reader(), source.id);
  return {
    source,
    actor,
    known,
    seen: new Set(),
    documentIds: [],
    created: [],
    updated: 0,
    moved: 0,
    read: 0,
    unreadable: 0,
    drops: new Map(),
    targetsChanged: false,
  };
}

/** A document that could not be read: what was known of it stays, and the reason stands beside it. */
function unreadable(
  location: string,
  error: AppError,
  known: DocumentRow | undefined,
  namedIn = location,
): PreparedDocument {
  return {
    location,
    hash: `unreadable:${error.code}:${error.message}`.slice(0, 300),
    entities: [],
    problems: [{ code: error.code, severity: 'error', message: error.message, fix: error.fix, location: namedIn }],
    targets: known ? JSON.parse(known.targets) : [],
    dependencies: known ? JSON.parse(known.dependencies) : [],
  };
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
  run: Run,
  waiting: Waiting,
): Promise<ArrivingDocument | undefined> {
  const { found, parentRef } = waiting;
  const known = run.known.get(found.location);
  const arriving = (prepared: PreparedDocument, version: string | null = null): ArrivingDocument | undefined =>
    known?.hash === prepared.hash && known.parent_ref === parentRef
      ? undefined
      : { location: found.location, parentRef, version, prepared };
  if (waiting.failed) return arriving(unreadable(found.location, waiting.failed.error, known, waiting.failed.namedIn));
  try {
    const content = found.file ?? (await session.content(found, known && known.hash !== '' ? known.version : null));
    if (content === 'unchanged') return undefined;
    const prepared = await tools.workers.prepare({
      location: found.location,
      originLocation: `${run.source.type}:${run.source.target}`,
      ...('path' in content ? { file: content } : { text: content.bytes }),
      known: known ? { hash: known.hash, dependencies: JSON.parse(known.dependencies) } : undefined,
      read: (target) => session.dependency(target, found.location),
    });
    if (prepared === 'unchanged') return undefined;
    if (known && (await isEmptied(tools, prepared, known)))
      return arriving(unreadable(found.location, sourceErrors.targetEmpty({ target: found.location }), known));
    return arriving(prepared, 'path' in content ? null : (content.version ?? null));
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
        failed: { error: reason, namedIn: location },
      });
    }
  }
  return found;
}

/**
 * Reads documents and all that they lead to, and writes what has changed, batch by batch.
 *
 * @param start - the first documents; each is read once per run
 */
export async function readDocuments(
  tools: RunTools,
  session: SourceSession,
  run: Run,
  start: Waiting[],
): Promise<void> {
  const queue = start.filter(({ found }) => !run.seen.has(found.location));
  let batch: ArrivingDocument[] = [];
  let entities = 0;
  let writing = Promise.resolve();
  // One batch is written while the next is prepared; never more, so that memory stays bounded and the order is kept.
  const flush = async () => {
    await writing;
    const documents = batch;
    batch = [];
    entities = 0;
    writing = write(documents);
    writing.catch(() => undefined);
  };
  const write = async (documents: ArrivingDocument[]) => {
    if (documents.length === 0) return;
    const applied = await applyBatch(tools.context, {
      sourceId: run.source.id,
      actor: run.actor,
      documents,
      known: run.known,
      keys: tools.keys,
    });
    run.documentIds.push(...applied.documentIds);
    run.created.push(...applied.created);
    run.updated += applied.updated;
    run.moved += applied.moved;
    for (const drop of applied.drops) run.drops.set(drop.id, drop);
  };

  for (let position = 0; position < queue.length;) {
    tools.signal.throwIfAborted();
    const slice: Waiting[] = [];
    while (slice.length < readAtOnce && position < queue.length) {
      const next = queue[position++] as Waiting;
      if (run.seen.has(next.found.location)) continue;
      run.seen.add(next.found.location);
      slice.push(next);
    }
    const prepared = await Promise.all(slice.map((waiting) => prepareDocument(tools, session, run, waiting)));
    for (const [index, document] of prepared.entries()) {
      const { found } = slice[index] as Waiting;
      const known = run.known.get(found.location);
      const targets: LocationTarget[] = document ? document.prepared.targets : known ? JSON.parse(known.targets) : [];
      if (document && known && JSON.stringify(targets) !== known.targets) run.targetsChanged = true;
      if (targets.length > 0 && queue.length < mostDocuments)
        queue.push(...(await follow(session, found.location, targets)));
      run.read += 1;
      if (document?.prepared.hash.startsWith('unreadable:')) run.unreadable += 1;
      if (!document) continue;
      batch.push(document);
      entities += document.prepared.entities.length;
      if (entities >= entitiesPerBatch || batch.length >= documentsPerBatch) await flush();
    }
  }
  await flush();
  await writing;
}
