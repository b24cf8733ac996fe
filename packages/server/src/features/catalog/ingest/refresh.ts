import { basename } from 'node:path';
import type { Problem } from '@callboard/model';
import type { AppError } from '../../../core/errors/index.ts';
import type { CatalogContext } from '../context.ts';
import { sourceErrors } from '../errors.ts';
import { openSession, originOf, readingError } from '../sources/session.ts';
import type { SourceSession } from '../sources/types.ts';
import { forgetDocuments } from '../store/forget.ts';
import { entitiesOfDocuments } from '../store/held.ts';
import { sourceById, updateSource } from '../store/sources.ts';
import type { CatalogTables, SourceRow } from '../store/tables.ts';
import {
  deleteDropped,
  deleteGoneDocuments,
  type DroppedEntity,
  refreshMissingTargets,
  transferClaims,
} from './finish.ts';
import { readDocuments, type RunTools, type Waiting } from './read.ts';
import { isTooMuch, rememberLoss } from './losses.ts';
import { keepOrphans } from './orphan.ts';
import { findOwners } from './owners.ts';
import { type Run, startRun, writeBatch } from './run.ts';
import { setState } from './state.ts';
import type { KeyIds } from '../store/write.ts';

/** What a refresh did. */
export type RefreshSummary = {
  state: 'ok' | 'failing' | 'held';
  read: number;
  created: number;
  updated: number;
  moved: number;
  deleted: number;
  /** other sources whose documents take over entities that this one let go */
  heirs: { sourceId: number; location: string }[];
};

export type RefreshRequest = {
  source: SourceRow;
  /** files that changed; everything is read when absent or when a change reaches further than the files themselves */
  paths?: string[];
  /** delete what is missing even if it is much */
  confirmed?: boolean;
  /** files that lie beside descriptors and concern none; those that a full reading does not come across are added */
  strangers: Set<string>;
};

/** What a refresh works with; `keys` are the ids of term keys that this process knows. */
export type RefreshTools = RunTools & { keys: { ids: KeyIds } };

const heldProblem = (context: CatalogContext, source: SourceRow, size: { lost: number; total: number }): Problem => {
  const { code, message, fix } = sourceErrors.sourceHeld({ target: source.target, ...size });
  return { code, severity: 'warning', message, fix, location: originOf(context, source) };
};

const actorOf = (source: SourceRow) => `source:${source.type}:${source.target}`;

async function failed(tools: RefreshTools, source: SourceRow, error: AppError): Promise<RefreshSummary> {
  const { context } = tools;
  context.log.warn({ source: source.key, code: error.code }, error.message);
  const { code, message, fix } = error;
  const reason: Problem = { code, severity: 'error', message, fix };
  const since = source.failing_since ?? context.now();
  await setState(context, source, {
    fields: {
      state: 'failing',
      last_attempt_at: context.now(),
      failing_since: since,
      error: JSON.stringify(reason),
    },
    actor: actorOf(source),
    happened: source.state === 'failing' ? [] : ['catalog.source.failed'],
    problem: { problem: { ...reason, location: originOf(context, source) }, since },
  });
  return { state: 'failing', read: 0, created: 0, updated: 0, moved: 0, deleted: 0, heirs: [] };
}

const isDependency = (run: Run, path: string) => {
  const text = JSON.stringify(path).slice(1, -1);
  return [...run.known.values()].some((row) => row.dependencies.includes(text));
};

/** The documents that a change of these files concerns, or undefined when only a full reading can tell. */
function concerned(run: Run, paths: string[], strangers: ReadonlySet<string>): Waiting[] | undefined {
  const start: Waiting[] = [];
  const changed = new Set(paths);
  for (const path of paths)
    if (!run.known.has(`file:${path}`) && !isDependency(run, path) && !strangers.has(path)) return undefined;
  for (const row of run.known.values()) {
    const path = row.location.replace(/^file:/, '');
    const depends =
      row.dependencies !== '[]' &&
      (JSON.parse(row.dependencies) as string[]).some((dependency) => changed.has(dependency.replace(/^file:/, '')));
    if (changed.has(path) || depends) start.push({ found: { location: row.location }, parentRef: row.parent_ref });
  }
  return start;
}

const mostStrangers = 10_000;

/**
 * Remembers which of the changed files a full reading did not come across. Something may write them all the time, the portal's own log for one,
 * and each reading would be told there.
 */
function rememberStrangers(run: Run, paths: string[], strangers: Set<string>): void {
  if (strangers.size > mostStrangers) strangers.clear();
  for (const path of paths)
    // Owners are looked up in CODEOWNERS by every reading.
    if (!run.seen.has(`file:${path}`) && basename(path) !== 'CODEOWNERS') strangers.add(path);
}

async function readSome(tools: RefreshTools, session: SourceSession, run: Run, start: Waiting[]): Promise<boolean> {
  const found: Waiting[] = [];
  for (const waiting of start) {
    const path = waiting.found.location.replace(/^file:/, '');
    const [document] = await session.resolve(path, waiting.found.location).catch(() => []);
    if (!document) return false;
    found.push({ found: document, parentRef: waiting.parentRef });
  }
  await readDocuments(tools, session, run, found, (documents) => writeBatch(tools.context, tools.keys, run, documents));
  return !run.targetsChanged;
}

/** The Location entity that stands for the source itself, as a document of its own that leads nowhere. */
async function writeOwnLocation(tools: RefreshTools, run: Run): Promise<void> {
  const { source } = run;
  if (!source.entity_ref) return;
  const location = `location:${source.entity_ref}`;
  const name = source.entity_ref.slice(source.entity_ref.indexOf('/') + 1);
  run.seen.add(location);
  if (run.known.has(location)) return;
  const text = JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: { name },
    spec: { type: source.type, target: source.target },
  });
  const own = originOf(tools.context, source);
  const prepared = await tools.workers.prepare({
    location: own,
    originLocation: own,
    text,
    read: async () => new Uint8Array(),
  });
  if (prepared === 'unchanged') return;
  const document = { location, parentRef: null, version: null, prepared: { ...prepared, targets: [] } };
  await writeBatch(tools.context, tools.keys, run, [document]);
}

/** Entities of documents that a full reading did not come across any more. */
async function vanished(tools: RefreshTools, run: Run): Promise<number[]> {
  const gone = [...run.known.values()].filter((row) => !run.seen.has(row.location)).map((row) => row.id);
  for (const entity of await entitiesOfDocuments(tools.context.db, tools.context.db.reader(), gone))
    run.drops.set(entity.id, entity);
  return gone;
}

/** Whether someone has confirmed what a source holds back; `held` as in its row. */
export const isConfirmed = (held: string | null): boolean =>
  held !== null && (JSON.parse(held) as { confirmed?: boolean }).confirmed === true;

async function hold(
  tools: RefreshTools,
  run: Run,
  drops: DroppedEntity[],
  size: { lost: number; total: number },
): Promise<RefreshSummary> {
  const { context } = tools;
  const before = run.source.held === null ? undefined : (JSON.parse(run.source.held) as { since?: number });
  const since = before?.since ?? context.now();
  const held = { ...size, since, refs: drops.slice(0, 50).map((drop) => drop.ref) };
  await context.db.transaction<CatalogTables, void>(async (tx) => {
    // Their documents are looked at again next time, so that the question is answered anew from what is there then.
    await forgetDocuments(tx, { ids: run.documentIds });
    // Who confirmed while this reading was under way meant what is held.
    const confirmed = isConfirmed((await sourceById(tx, run.source.id))?.held ?? null);
    await updateSource(tx, run.source.id, { held: JSON.stringify(confirmed ? { ...held, confirmed } : held) });
  });
  await setState(context, run.source, {
    fields: { state: 'held', last_attempt_at: context.now(), version: null, error: null },
    actor: run.actor,
    happened: [
      ...(run.source.state === 'held' ? [] : ['catalog.source.held']),
      ...(run.problemsChanged ? ['catalog.problem.changed'] : []),
    ],
    problem: { problem: heldProblem(context, run.source, size), since },
  });
  return {
    state: 'held',
    read: run.read,
    created: run.created.length,
    updated: run.updated,
    moved: run.moved,
    deleted: 0,
    heirs: [],
  };
}

/**
 * Reads a source and brings the catalog up to date with it. Never throws for what is wrong with the source: that becomes its state.
 *
 * @returns nothing when the files that changed concern no descriptor
 */
export async function refreshSource(tools: RefreshTools, request: RefreshRequest): Promise<RefreshSummary | undefined> {
  const { context } = tools;
  const { source, strangers } = request;
  const run = await startRun(context, source, actorOf(source));
  // Only of a source that is well is it known that everything else is as it was.
  const paths = source.state === 'ok' ? request.paths : undefined;
  const start = paths && concerned(run, paths, strangers);
  if (start?.length === 0) return undefined;
  let session: SourceSession | undefined;
  let version: string | undefined;
  let complete = false;
  let roots: string[] = [];
  try {
    session = await openSession(context, source, tools.signal);
    if (!start || !(await readSome(tools, session, run, start))) {
      run.seen.clear();
      await writeOwnLocation(tools, run);
      const listing = await session.list();
      version = listing.version;
      complete = !listing.unchanged;
      roots = listing.documents.map((found) => found.location);
      const all = listing.documents.map((found): Waiting => ({ found, parentRef: source.entity_ref }));
      await readDocuments(tools, session, run, all, (documents) => writeBatch(context, tools.keys, run, documents));
      rememberStrangers(run, paths ?? [], strangers);
    }
    await findOwners(context, session, run);
  } catch (error) {
    tools.signal.throwIfAborted();
    return failed(tools, source, readingError(error, source.target));
  } finally {
    await session?.close?.().catch(() => undefined);
  }

  const gone = complete ? await vanished(tools, run) : [];
  const { left, heirs } = await transferClaims(context, [...run.drops.values()], new Set(gone), run.actor);
  const counts = { lost: left.length, created: run.created.length };
  const size = request.confirmed ? undefined : await isTooMuch(context, source, counts);
  if (size) return hold(tools, run, left, size);

  const keep = context.config.orphanStrategy === 'keep';
  if (keep) {
    // Their documents are read as new when they come back.
    if ((await keepOrphans(context, tools.keys, left, run.actor)) > 0)
      await context.db.transaction<CatalogTables, void>((tx) => forgetDocuments(tx, { ids: gone }));
  } else {
    if (!request.confirmed) await rememberLoss(context, source, left.length);
    await deleteDropped(context, left, run.actor);
    await deleteGoneDocuments(context, gone);
  }
  const deleted = keep ? [] : left;
  const missingChanged = await refreshMissingTargets(context, {
    documentIds: run.documentIds,
    created: run.created,
    deleted: deleted.map((drop) => drop.ref),
  });
  const problemsChanged = missingChanged || run.problemsChanged;
  const now = context.now();
  // What could not be read, or changed hands, is looked at again although the source says that nothing is new.
  const reread = run.unreadable.size > 0 || heirs.some((heir) => heir.sourceId === source.id);
  // A source of which not even the first documents can be read is not well, whatever is kept of it.
  const isFailing = roots.length > 0 && roots.every((location) => run.unreadable.has(location));
  const reason = run.unreadable.get(roots[0] ?? '');
  const fields: Partial<SourceRow> = isFailing
    ? {
        state: 'failing',
        error: reason ? JSON.stringify(reason) : source.error,
        failing_since: source.failing_since ?? now,
        last_attempt_at: now,
      }
    : {
        state: 'ok',
        error: null,
        failing_since: null,
        held: null,
        // What was confirmed is settled.
        ...(request.confirmed && { losses: null }),
        last_attempt_at: now,
        last_success_at: now,
        version: reread ? null : (version ?? source.version),
      };
  const wasFailing = source.state === 'failing';
  const happened = [
    ...(isFailing && !wasFailing ? ['catalog.source.failed'] : []),
    ...(wasFailing && !isFailing ? ['catalog.source.recovered'] : []),
    ...(problemsChanged ? ['catalog.problem.changed'] : []),
  ];
  await setState(context, source, { fields, actor: run.actor, happened });
  return {
    state: isFailing ? 'failing' : 'ok',
    read: run.read,
    created: run.created.length,
    updated: run.updated,
    moved: run.moved,
    deleted: deleted.length,
    heirs,
  };
}
