import { type Problem, ruleFieldPointer } from '@callboard/model';
import type { Transaction } from 'kysely';
import type { NewEvent } from '../../../core/events/index.ts';
import type { CatalogContext } from '../context.ts';
import type { KindRegistry } from '../kinds.ts';
import { forgetDocuments, transferEntity } from '../store/forget.ts';
import { claimsOf, type MissingTarget, missingRefs, missingTargets } from '../store/held.ts';
import { missingTargetCode, problemsAbout, problemsAt, reconcileProblems } from '../store/problems.ts';
import type { CatalogTables, ProblemRow } from '../store/tables.ts';
import { deleteDocuments, deleteEntities, writeHistory } from '../store/write.ts';

type Tx = Transaction<CatalogTables>;

export type DroppedEntity = { id: number; ref: string; location: string; hash: string };

const batchSize = 500;

function* slices<T>(all: T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += batchSize) yield all.slice(start, start + batchSize);
}

/** The field that makes such a relation in an entity of this kind, as JSON pointer. */
function fieldOf(kinds: KindRegistry, row: MissingTarget): string | undefined {
  const kind = row.entity_ref.slice(0, row.entity_ref.indexOf(':'));
  const type = row.forward ? row.type : kinds.inverseOf(row.type);
  const definition = kinds.all.find((each) => each.kind.toLowerCase() === kind);
  const rule = definition?.relations.find((each) => each.type === type);
  return rule && ruleFieldPointer(rule.field);
}

const missingProblem = (kinds: KindRegistry, row: MissingTarget): Problem => ({
  code: missingTargetCode,
  severity: 'warning',
  message: row.forward
    ? `${row.entity_ref} has the relation ${row.type} to ${row.missing}, and the catalog has no such entity`
    : `${row.entity_ref} names ${row.missing} (${row.type}), and the catalog has no such entity`,
  fix: `Correct the name, or add a descriptor for ${row.missing}.`,
  location: row.location,
  line: row.line,
  path: fieldOf(kinds, row),
  expected: 'the ref of an entity that the catalog has',
  found: row.missing,
  entityRef: row.entity_ref,
});

/**
 * Gives refs that are about to be dropped to the document that claims them, if one does.
 *
 * @returns the drops that nobody claims, and the documents to read again
 */
export async function transferClaims(
  context: CatalogContext,
  drops: DroppedEntity[],
  gone: Set<number>,
  actor: string,
): Promise<{ left: DroppedEntity[]; heirs: { sourceId: number; location: string }[] }> {
  const left: DroppedEntity[] = [];
  const heirs = new Map<number, { sourceId: number; location: string }>();
  for (const slice of slices(drops)) {
    const claims = await claimsOf(
      context.db,
      context.db.reader(),
      slice.map((drop) => drop.ref),
    );
    const heirOf = new Map(
      claims
        .filter((claim) => !gone.has(claim.document.id))
        .reverse()
        .map((claim) => [claim.ref, claim.document]),
    );
    const moving = slice.filter((drop) => heirOf.has(drop.ref));
    left.push(...slice.filter((drop) => !heirOf.has(drop.ref)));
    if (moving.length === 0) continue;
    await context.db.transaction<CatalogTables, void>(async (tx) => {
      const at = context.now();
      for (const drop of moving) {
        const document = heirOf.get(drop.ref)!;
        await transferEntity(tx, drop, document, at);
        heirs.set(document.id, { sourceId: document.source_id, location: document.location });
      }
      // Read as new, the heirs bring their own content.
      await forgetDocuments(tx, { ids: moving.map((drop) => heirOf.get(drop.ref)!.id) });
      await writeHistory(
        context.db,
        tx,
        moving.map((drop) => ({
          ref: drop.ref,
          at,
          actor,
          action: 'moved',
          changes: JSON.stringify([{ path: 'location', before: drop.location, after: heirOf.get(drop.ref)!.location }]),
          location: heirOf.get(drop.ref)!.location,
          hash: drop.hash,
        })),
      );
      await context.events.append(
        tx,
        moving.map((drop): NewEvent => ({
          type: 'catalog.entity.moved',
          subject: drop.ref,
          actor,
          data: { location: heirOf.get(drop.ref)!.location },
        })),
      );
    });
  }
  return { left, heirs: [...heirs.values()] };
}

/** Deletes entities with everything that hangs on them; history and events stay. */
export async function deleteDropped(context: CatalogContext, drops: DroppedEntity[], actor: string): Promise<void> {
  for (const slice of slices(drops))
    await context.db.transaction<CatalogTables, void>(async (tx) => {
      const at = context.now();
      await deleteEntities(context.db, tx, slice);
      await writeHistory(
        context.db,
        tx,
        slice.map((drop) => ({
          ref: drop.ref,
          at,
          actor,
          action: 'deleted',
          changes: null,
          location: drop.location,
          hash: drop.hash,
        })),
      );
      await context.events.append(
        tx,
        slice.map((drop): NewEvent => ({
          type: 'catalog.entity.deleted',
          subject: drop.ref,
          actor,
          data: { location: drop.location },
        })),
      );
    });
}

export async function deleteGoneDocuments(context: CatalogContext, ids: number[]): Promise<void> {
  for (const slice of slices(ids))
    await context.db.transaction<CatalogTables, void>((tx) => deleteDocuments(context.db, tx, slice));
}

/**
 * Brings the warnings about relations to nowhere up to date with what a run has changed.
 *
 * @returns whether any came or went
 */
export async function refreshMissingTargets(
  context: CatalogContext,
  changed: { documentIds: number[]; created: string[]; deleted: string[] },
): Promise<boolean> {
  const { db } = context;
  let any = false;
  const reconcile = (work: (tx: Tx) => Promise<{ existing: ProblemRow[]; missing: MissingTarget[] }>) =>
    db.transaction<CatalogTables, void>(async (tx) => {
      const { existing, missing } = await work(tx);
      const wanted = missing.map((row) => ({
        sourceId: row.source_id,
        documentId: row.document_id,
        owner: row.owner,
        evidence: row.owner === null ? null : ('entity' as const),
        problem: missingProblem(context.kinds, row),
        at: context.now(),
      }));
      any = (await reconcileProblems(db, tx, existing, wanted)) || any;
    });
  for (const slice of slices(changed.created))
    await reconcile(async (tx) => ({ existing: await problemsAbout(db, tx, slice), missing: [] }));
  for (const slice of slices(changed.documentIds))
    await reconcile(async (tx) => ({
      existing: await problemsAt(db, tx, slice, 'missing'),
      missing: await missingTargets(tx, slice),
    }));
  for (const slice of slices(changed.deleted))
    await reconcile(async (tx) => ({
      existing: await problemsAbout(db, tx, slice),
      missing: await missingRefs(tx, slice),
    }));
  return any;
}
