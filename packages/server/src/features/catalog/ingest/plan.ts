import type { Problem } from '@callboard/model';
import type { PreparedDocument, PreparedEntity } from '../formats/backstage/prepare.ts';

/** A document that was read and prepared, with the row that stands for it. */
export type IncomingDocument = { id: number; location: string; prepared: PreparedDocument };

/** What the catalog holds today under a ref or a document. */
export type HeldEntity = {
  id: number;
  ref: string;
  hash: string;
  documentId: number;
  sourceId: number;
  location: string;
  line: number;
};

export type Plan = {
  creates: { documentId: number; entity: PreparedEntity }[];
  updates: { held: HeldEntity; documentId: number; entity: PreparedEntity; moved: boolean }[];
  /** Same content at another line or in another file: only the place is written. */
  relocations: { held: HeldEntity; documentId: number; entity: PreparedEntity; moved: boolean }[];
  /** Entities that their document no longer has; whether they go is decided at the end of the run. */
  drops: HeldEntity[];
  claims: { ref: string; documentId: number }[];
  problems: { documentId: number; problem: Problem }[];
  unchanged: number;
};

const conflict = (entity: PreparedEntity, location: string, holder: string): Problem => ({
  code: 'CATALOG_ENTITY_CONFLICT',
  severity: 'error',
  message: `${entity.ref} is described in two places; the catalog keeps the first, ${holder}`,
  fix: `Rename one of the two or remove one descriptor. When ${holder} goes, this one takes its place by itself.`,
  location,
  line: entity.line,
  path: '/metadata/name',
  expected: 'a kind, namespace and name that nothing else has',
  found: entity.ref,
  entityRef: entity.ref,
});

/** Refs whose last good state must stay because their document is broken at that place, or everywhere. */
function protectedRefs(prepared: PreparedDocument): { all: boolean; refs: Set<string> } {
  const errors = prepared.problems.filter((problem) => problem.severity === 'error');
  return {
    all: errors.some((problem) => problem.entityRef === undefined),
    refs: new Set(errors.flatMap((problem) => problem.entityRef ?? [])),
  };
}

/**
 * Compares prepared documents with what the catalog holds; pure.
 *
 * @param documents - documents of one batch, in the order in which they were found
 * @param held - every entity held under one of the documents or one of their refs
 */
export function planBatch(documents: IncomingDocument[], held: HeldEntity[]): Plan {
  const plan: Plan = { creates: [], updates: [], relocations: [], drops: [], claims: [], problems: [], unchanged: 0 };
  const byRef = new Map(held.map((entity) => [entity.ref, entity]));
  const incomingIds = new Set(documents.map((document) => document.id));
  const stillThere = new Set(
    documents.flatMap((document) => document.prepared.entities.map((entity) => `${document.id} ${entity.ref}`)),
  );
  const taken = new Map<string, string>();

  for (const document of documents) {
    for (const problem of document.prepared.problems) plan.problems.push({ documentId: document.id, problem });
    for (const entity of document.prepared.entities) {
      const holder = byRef.get(entity.ref);
      const earlier = taken.get(entity.ref);
      // A holder whose document is in this batch and has let go of the ref is not in the way: the entity moved.
      const letGo =
        holder && incomingIds.has(holder.documentId) && !stillThere.has(`${holder.documentId} ${entity.ref}`);
      const foreign = holder && holder.documentId !== document.id && !letGo;
      if (earlier !== undefined || foreign) {
        const place = earlier ?? (holder as HeldEntity).location;
        plan.problems.push({ documentId: document.id, problem: conflict(entity, document.location, place) });
        if (place !== document.location) plan.claims.push({ ref: entity.ref, documentId: document.id });
        continue;
      }
      taken.set(entity.ref, document.location);
      if (!holder) plan.creates.push({ documentId: document.id, entity });
      else {
        const moved = holder.documentId !== document.id;
        const change = { held: holder, documentId: document.id, entity, moved };
        if (holder.hash !== entity.hash) plan.updates.push(change);
        else if (moved || holder.line !== entity.line) plan.relocations.push(change);
        else plan.unchanged += 1;
      }
    }
  }

  const keep = new Map(documents.map((document) => [document.id, protectedRefs(document.prepared)]));
  for (const entity of held) {
    const rule = keep.get(entity.documentId);
    if (!rule || taken.has(entity.ref) || rule.all || rule.refs.has(entity.ref)) continue;
    plan.drops.push(entity);
  }
  return plan;
}
