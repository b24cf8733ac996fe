import { hash } from 'node:crypto';
import { type Problem, termValue } from '@callboard/model';
import type { Transaction } from 'kysely';
import type { NewEvent } from '../../../core/events/index.ts';
import type { CatalogContext } from '../context.ts';
import type { PreparedDocument, PreparedEntity } from '../formats/backstage/prepare.ts';
import { bodiesOf, heldEntities, type HeldRow } from '../store/held.ts';
import { type ProblemFields, problemsAt, reconcileProblems } from '../store/problems.ts';
import type { CatalogTables, DocumentRow, EntityRow } from '../store/tables.ts';
import {
  insertEntities,
  newIds,
  replaceClaims,
  keyIds,
  placeEntities,
  updateEntities,
  writeDocuments,
  writeHistory,
  type KeyIds,
  type NewHistory,
} from '../store/write.ts';
import { difference } from './difference.ts';
import { type Plan, planBatch } from './plan.ts';

/** A prepared document on its way into the catalog. */
export type ArrivingDocument = {
  location: string;
  parentRef: string | null;
  version: string | null;
  prepared: PreparedDocument;
  actor?: string;
};

export type Applied = {
  documentIds: number[];
  created: string[];
  updated: number;
  moved: number;
  unchanged: number;
  drops: Plan['drops'];
  problemsChanged: boolean;
};

/** The same ref has the same uid in every portal and after every rebuild of the database. */
export function uidOf(ref: string): string {
  const hex = hash('sha1', `callboard:entity:${ref}`, 'hex');
  // The layout of a name-based UUID, version 5 (RFC 9562 §5.5).
  const variant = ((parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

const searchable = (value: string | null) => (value === null ? null : termValue(value));

type RowPlace = {
  id: number;
  uid: string;
  firstSeenAt: number;
  documentId: number;
  sourceId: number;
  location: string;
  now: number;
};

const entityRow = (entity: PreparedEntity, place: RowPlace): EntityRow => ({
  id: place.id,
  ref: entity.ref,
  uid: place.uid,
  kind: termValue(entity.kind),
  namespace: termValue(entity.namespace),
  name: termValue(entity.name),
  label: entity.label,
  title: searchable(entity.title),
  type: searchable(entity.type),
  lifecycle: searchable(entity.lifecycle),
  owner: entity.owner,
  system: entity.system,
  document_id: place.documentId,
  source_id: place.sourceId,
  location: place.location,
  line: entity.line,
  hash: entity.hash,
  first_seen_at: place.firstSeenAt,
  updated_at: place.now,
});

const written = (row: EntityRow, entity: PreparedEntity) => ({
  row,
  body: entity.body,
  terms: entity.terms,
  relations: entity.relations,
});

/** An owner for the problems of a document: that of the entity concerned, else of the document's first entity that has one. */
function ownerOf(
  document: PreparedDocument,
  held: HeldRow[],
  documentId: number,
  { entityRef: ref, owner: named }: Problem,
): Pick<ProblemFields, 'owner' | 'evidence'> {
  const own =
    named ??
    (ref === undefined
      ? undefined
      : (document.entities.find((entity) => entity.ref === ref)?.owner ??
        held.find((entity) => entity.ref === ref)?.owner));
  if (own) return { owner: own, evidence: 'entity' };
  const near =
    document.entities.find((entity) => entity.owner)?.owner ??
    held.find((entity) => entity.document_id === documentId && entity.owner)?.owner;
  return near ? { owner: near, evidence: 'document' } : { owner: null, evidence: null };
}

/**
 * Writes a batch of prepared documents in one transaction: only what differs from what the catalog holds. Entities that their document
 * no longer has are returned, not deleted.
 */
export async function applyBatch(
  context: CatalogContext,
  options: {
    sourceId: number;
    actor: string;
    documents: ArrivingDocument[];
    known: Map<string, DocumentRow>;
    keys: { ids: KeyIds };
  },
): Promise<Applied> {
  const { db, events } = context;
  const now = context.now();
  let newKeys = options.keys.ids;
  const applied = await db.transaction<CatalogTables, Applied>(async (tx) => {
    const rows = await documentRows(context, tx, options, now);
    const documents = options.documents.map((document, index) => ({
      id: (rows[index] as DocumentRow).id,
      location: document.location,
      prepared: document.prepared,
    }));
    const documentIds = documents.map((document) => document.id);
    const held = await heldEntities(
      db,
      tx,
      documentIds,
      documents.flatMap((document) => document.prepared.entities.map((entity) => entity.ref)),
    );
    const plan = planBatch(
      documents,
      held.map((row) => ({
        id: row.id,
        ref: row.ref,
        hash: row.hash,
        documentId: row.document_id,
        sourceId: row.source_id,
        location: row.location,
        line: row.line,
      })),
    );
    await writeDocuments(db, tx, rows);

    const heldById = new Map(held.map((row) => [row.id, row]));
    const locationOf = new Map(documents.map((document) => [document.id, document.location]));
    const actorOf = new Map(
      options.documents.map((document, index) => [(rows[index] as DocumentRow).id, document.actor ?? options.actor]),
    );
    const place = (documentId: number) => ({
      documentId,
      sourceId: options.sourceId,
      location: locationOf.get(documentId) as string,
      now,
    });
    const ids = await newIds(db, tx, 'catalog_entity', plan.creates.length);

    const creates = plan.creates.map(({ documentId, entity }, index) =>
      written(
        entityRow(entity, { ...place(documentId), id: ids[index] as number, uid: uidOf(entity.ref), firstSeenAt: now }),
        entity,
      ),
    );
    const existing = ({ held: { id }, documentId, entity }: Plan['updates'][number]) => {
      const row = heldById.get(id) as HeldRow;
      return entityRow(entity, { ...place(documentId), id, uid: row.uid, firstSeenAt: row.first_seen_at });
    };
    const updates = plan.updates.map((update) => written(existing(update), update.entity));
    const bodies = await bodiesOf(
      db,
      tx,
      plan.updates.map((update) => update.held.id),
    );

    newKeys = await keyIds(
      db,
      tx,
      options.keys.ids,
      [...plan.creates, ...plan.updates].map(({ entity }) => entity.terms),
    );
    await insertEntities(db, tx, creates, newKeys);
    await updateEntities(db, tx, updates, newKeys);
    await placeEntities(db, tx, plan.relocations.map(existing));

    const history: NewHistory[] = [
      ...creates.map(({ row }) => ({
        ref: row.ref,
        at: now,
        actor: actorOf.get(row.document_id) as string,
        action: 'created',
        changes: null,
        location: row.location,
        hash: row.hash,
      })),
      ...plan.updates.map(({ held: { id, ref, location }, entity, documentId, moved }) => ({
        ref,
        at: now,
        actor: actorOf.get(documentId) as string,
        action: moved ? 'moved' : 'updated',
        changes: JSON.stringify([
          ...(moved ? [{ path: 'location', before: location, after: locationOf.get(documentId) }] : []),
          ...difference(JSON.parse(bodies.get(id) ?? '{}'), JSON.parse(entity.body)),
        ]),
        location: locationOf.get(documentId) as string,
        hash: entity.hash,
      })),
      ...plan.relocations
        .filter((relocation) => relocation.moved)
        .map(({ held: { ref, location }, entity, documentId }) => ({
          ref,
          at: now,
          actor: actorOf.get(documentId) as string,
          action: 'moved',
          changes: JSON.stringify([{ path: 'location', before: location, after: locationOf.get(documentId) }]),
          location: locationOf.get(documentId) as string,
          hash: entity.hash,
        })),
    ];
    await writeHistory(db, tx, history);
    await events.append(
      tx,
      history.map((entry): NewEvent => ({
        type: `catalog.entity.${entry.action}`,
        subject: entry.ref,
        actor: entry.actor,
        data: { hash: entry.hash, location: entry.location },
      })),
    );

    await replaceClaims(db, tx, documentIds, plan.claims);
    const preparedOf = new Map(documents.map((document) => [document.id, document.prepared]));
    const problems = plan.problems.map(({ documentId, problem }): ProblemFields => {
      return {
        sourceId: options.sourceId,
        documentId,
        ...ownerOf(preparedOf.get(documentId) as PreparedDocument, held, documentId, problem),
        problem: { location: locationOf.get(documentId), ...problem },
        at: now,
      };
    });
    const before = await problemsAt(db, tx, documentIds, 'others');
    const problemsChanged = await reconcileProblems(db, tx, before, problems);

    return {
      documentIds,
      created: creates.map(({ row }) => row.ref),
      updated: plan.updates.length,
      moved: [...plan.updates, ...plan.relocations].filter((change) => change.moved).length,
      unchanged: plan.unchanged,
      drops: plan.drops,
      problemsChanged,
    };
  });
  options.keys.ids = newKeys;
  return applied;
}

/** The rows of the batch's documents: those known keep their id. */
async function documentRows(
  context: CatalogContext,
  tx: Transaction<CatalogTables>,
  options: Parameters<typeof applyBatch>[1],
  now: number,
): Promise<DocumentRow[]> {
  const unknown = options.documents.filter((document) => !options.known.has(document.location));
  const ids = await newIds(context.db, tx, 'catalog_document', unknown.length);
  return options.documents.map((document) => ({
    id: options.known.get(document.location)?.id ?? (ids[unknown.indexOf(document)] as number),
    source_id: options.sourceId,
    location: document.location,
    parent_ref: document.parentRef,
    hash: document.prepared.hash,
    version: document.version,
    dependencies: JSON.stringify(document.prepared.dependencies),
    targets: JSON.stringify(document.prepared.targets),
    read_at: now,
  }));
}
