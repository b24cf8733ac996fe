import type { Problem } from '@callboard/model';
import type { CheckDescriptorResponse } from '@callboard/model/http';
import type { CatalogContext } from '../context.ts';
import type { PreparedDocument, PreparedEntity } from '../formats/backstage/prepare.ts';
import type { PrepareWorkers } from '../formats/backstage/prepare-workers.ts';
import { difference } from '../ingest/difference.ts';
import { openSession, originOf, sourceOf } from '../sources/session.ts';
import { bodies, type DescriptorFile, existingRefs, heldByFile, relationsDeclaredBy } from '../store/descriptors.ts';
import type { HeldRow } from '../store/held.ts';
import type { CatalogTables } from '../store/tables.ts';

type Change = CheckDescriptorResponse['entities'][number];
type Edge = { source: string; type: string; target: string };

const longestCheck = 30_000;
const mostShown = 200;
const rank = { error: 0, warning: 1, information: 2 };

/** Prepares a text as the catalog would if the file had it. */
export async function prepareText(
  { context, workers }: { context: CatalogContext; workers: PrepareWorkers },
  { document, source }: DescriptorFile,
  text: string,
): Promise<PreparedDocument> {
  const session = await openSession(context, source, AbortSignal.timeout(longestCheck));
  try {
    const prepared = await workers.prepare({
      location: document.location,
      originLocation: originOf(context, source),
      text,
      rules: sourceOf(source).options.rules?.map(({ allow }) => ({ allow })),
      outline: true,
      read: (target) => session.dependency(target, document.location),
    });
    if (prepared === 'unchanged') throw new Error('a text without a known state was taken for unchanged');
    return prepared;
  } finally {
    await session.close?.();
  }
}

const actionRank: Record<Change['action'], number> = { conflict: 0, created: 1, updated: 2, unchanged: 3 };

function actionOf(entity: PreparedEntity, held: HeldRow | undefined, documentId: number): Change['action'] {
  if (!held) return 'created';
  if (held.document_id !== documentId) return 'conflict';
  return held.hash === entity.hash ? 'unchanged' : 'updated';
}

/** Refs that the text names and nothing describes, at the place of the field where it can be told. */
function missing(location: string, entity: PreparedEntity, edges: (Edge & { exists: boolean })[], outline: Outline) {
  return edges.flatMap((edge): Problem[] => {
    const other = edge.source === entity.ref ? edge.target : edge.source;
    if (edge.exists || other === entity.ref) return [];
    return [
      {
        code: 'CATALOG_RELATION_TARGET_MISSING',
        severity: 'warning',
        message: `${entity.ref} names ${other}, and the catalog has no such entity.`,
        fix: `Correct the name, or add a descriptor for ${other}.`,
        location,
        ...placeOf(outline, entity, other),
        found: other,
        entityRef: entity.ref,
      },
    ];
  });
}

type Outline = NonNullable<PreparedDocument['outline']>;

/** Where in its document an entity names another one: the value is not in the outline, so the field's text tells. */
function placeOf(
  outline: Outline,
  entity: PreparedEntity,
  other: string,
): { line: number; column: number; path?: string } {
  const document = outline.find((each) => each.entityRef === entity.ref);
  const body = JSON.parse(entity.body) as unknown;
  const name = other.slice(other.indexOf('/') + 1);
  const found = document?.values.find(({ path }) => {
    if (!path.startsWith('/spec/')) return false;
    let value = body;
    for (const key of path.slice(1).split('/')) value = (value as Record<string, unknown> | undefined)?.[key];
    return typeof value === 'string' && value.toLowerCase().replace(/^.*[:/]/, '') === name;
  });
  return found ?? { line: entity.line, column: 1 };
}

const conflict = (location: string, entity: PreparedEntity, heldBy: string): Problem => ({
  code: 'CATALOG_ENTITY_CONFLICT',
  severity: 'error',
  message: `${entity.ref} is described in ${heldBy} already, and the first one keeps it.`,
  fix: 'Rename one of the two, or remove one of them.',
  location,
  line: entity.line,
  column: 1,
  path: '/metadata/name',
  entityRef: entity.ref,
});

const keyOf = ({ source, type, target }: Edge) => `${source} ${type} ${target}`;

/** Tells what a prepared text would change, compared with what the catalog holds now. Stores nothing. */
export async function compareWithCatalog(
  context: CatalogContext,
  { document }: DescriptorFile,
  prepared: PreparedDocument,
): Promise<CheckDescriptorResponse> {
  const reading = { db: context.db, reader: context.db.reader<CatalogTables>() };
  const { location } = document;
  const described = new Map(prepared.entities.map((entity) => [entity.ref, entity]));
  const held = await heldByFile(reading, document.id, [...described.keys()]);
  const own = [...held.values()].filter((row) => row.document_id === document.id);
  const hasErrors = prepared.problems.some(({ severity }) => severity === 'error');
  const judged = prepared.entities
    .map((entity) => ({
      entity,
      held: held.get(entity.ref),
      action: actionOf(entity, held.get(entity.ref), document.id),
    }))
    .toSorted((a, b) => actionRank[a.action] - actionRank[b.action]);
  const shown = judged.slice(0, mostShown);
  const updated = shown.filter(({ action }) => action === 'updated');
  const [before, relations] = await Promise.all([
    bodies(
      reading,
      updated.map((each) => each.held!.id),
    ),
    relationsDeclaredBy(
      reading,
      own.map((row) => row.id),
    ),
  ]);
  const removed = own.map((row) => row.ref).filter((ref) => !described.has(ref));
  const taken = judged.filter(({ action }) => action !== 'conflict').map(({ entity }) => entity);
  const now = new Map(relations.map((edge) => [keyOf(edge), edge as Edge]));
  const next = new Map(
    taken.flatMap((entity) =>
      entity.relations.map(([source, type, target]): [string, Edge] => {
        const edge = { source, type, target };
        return [keyOf(edge), edge];
      }),
    ),
  );
  const ends = [...now.values(), ...next.values()].flatMap(({ source, target }) => [source, target]);
  const gone = new Set(hasErrors ? [] : removed);
  const exists = await existingRefs(reading, ends);
  const known = (ref: string) => (exists.has(ref) && !gone.has(ref)) || described.has(ref);
  const withExistence = (edge: Edge) => ({ ...edge, exists: known(edge.source) && known(edge.target) });
  const warnings = taken.slice(0, mostShown).flatMap((entity) =>
    missing(
      location,
      entity,
      entity.relations.map(([source, type, target]) => withExistence({ source, type, target })),
      prepared.outline ?? [],
    ),
  );
  const documents = new Map(
    judged.filter(({ action }) => action === 'conflict').map((each) => [each.entity.ref, each.held!.location]),
  );
  const conflicts = [...documents].map(([ref, heldBy]) => conflict(location, described.get(ref)!, heldBy));
  return {
    problems: [...prepared.problems, ...conflicts, ...warnings]
      .toSorted((a, b) => rank[a.severity] - rank[b.severity] || (a.line ?? 0) - (b.line ?? 0))
      .slice(0, mostShown),
    entityCount: prepared.entities.length,
    entities: shown.map(({ entity, action, held: row }) => ({
      entityRef: entity.ref,
      line: entity.line,
      action,
      ...(action === 'conflict' && { heldBy: row!.location }),
      changes: action === 'updated' ? difference(JSON.parse(before.get(row!.id) ?? '{}'), JSON.parse(entity.body)) : [],
    })),
    removed: removed.slice(0, mostShown),
    relations: {
      added: [...next]
        .filter(([key]) => !now.has(key))
        .map(([, edge]) => withExistence(edge))
        .slice(0, mostShown),
      removed: [...now]
        .filter(([key]) => !next.has(key))
        .map(([, edge]) => withExistence(edge))
        .slice(0, mostShown),
    },
  };
}
