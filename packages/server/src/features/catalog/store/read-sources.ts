import type { Problem } from '@callboard/model';
import type { ProvenanceResponse, RegisteredLocation, Source } from '@callboard/model/http';
import { sql } from 'kysely';
import type { SqlBool } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { recordBy } from './entities.ts';
import { visible } from './heads.ts';
import { always } from './query-predicate.ts';
import { problemSeen } from './read-problems.ts';
import type { Reading } from './reading.ts';
import type { SourceRow } from './tables.ts';

const time = (at: number) => new Date(at).toISOString();

type Counted = SourceRow & { entities: number; problems: number; next: number | undefined };

function shownSource(row: Counted): Source {
  const held = row.held === null ? undefined : (JSON.parse(row.held) as NonNullable<Source['held']>);
  return {
    id: row.id,
    origin: row.origin,
    type: row.type,
    target: row.target,
    state: row.state,
    createdAt: time(row.created_at),
    entities: Number(row.entities),
    problems: Number(row.problems),
    ...(row.version !== null && { version: row.version }),
    ...(row.entity_ref !== null && { entityRef: row.entity_ref }),
    ...(row.location_id !== null && { locationId: row.location_id }),
    ...(row.last_attempt_at !== null && { lastAttemptAt: time(row.last_attempt_at) }),
    ...(row.next !== undefined && { nextAttemptAt: time(row.next) }),
    ...(row.last_success_at !== null && { lastSuccessAt: time(row.last_success_at) }),
    ...(row.failing_since !== null && { failingSince: time(row.failing_since) }),
    ...(row.error !== null && { error: JSON.parse(row.error) as Problem }),
    ...(held && { held }),
  };
}

/**
 * Sources with what they hold, in the order in which they were added.
 *
 * @param options.nextOf - when a source is asked again
 * @param options.scope - what the asker may see: only that is counted, and a source that holds nothing of it is left out
 */
export async function sourcesWithCounts(
  reading: Reading,
  options: { id?: number; scope?: EntityPredicate; nextOf?: (row: SourceRow) => number | undefined } = {},
): Promise<Source[]> {
  const { id, scope } = options;
  const seen = scope && (await visible(reading, scope));
  const [sources, entities, problems] = await Promise.all([
    reading.reader
      .selectFrom('catalog_source')
      .selectAll()
      .$if(id !== undefined, (query) => query.where('id', '=', id!))
      .orderBy('id')
      .execute(),
    sql<{ source_id: number; count: number }>`select source_id, count(*) as count from catalog_entity e
      where ${id === undefined ? always : sql`source_id = ${id}`} and ${seen ?? always} group by source_id`.execute(
      reading.reader,
    ),
    sql<{ source_id: number; count: number }>`select source_id, count(*) as count from catalog_problem p
      where ${id === undefined ? always : sql`source_id = ${id}`} and ${seen ? problemSeen(seen) : always} group by source_id`.execute(
      reading.reader,
    ),
  ]);
  const countsOf = (rows: { source_id: number; count: number }[]) =>
    new Map(rows.map((row) => [row.source_id, Number(row.count)]));
  const entityCounts = countsOf(entities.rows);
  const problemCounts = countsOf(problems.rows);
  // What a source lost, and why it fails, names what it holds.
  const shown = (row: SourceRow): SourceRow => (seen ? { ...row, held: null, losses: null, error: null } : row);
  const current = sources.map((row) => ({ ...row, ...reading.unstored.get(row.id) }));
  const mine = seen ? current.filter((row) => entityCounts.has(row.id)) : current;
  return mine.map((row) =>
    shownSource({
      ...shown(row),
      entities: entityCounts.get(row.id) ?? 0,
      problems: problemCounts.get(row.id) ?? 0,
      next: options.nextOf?.(row),
    }),
  );
}

/** Where an entity comes from; undefined when there is none, or the asker may not see it. */
export async function provenanceOf(
  reading: Reading,
  ref: string,
  scope?: EntityPredicate,
): Promise<ProvenanceResponse | undefined> {
  const record = await recordBy(reading, 'ref', ref, scope);
  if (!record) return undefined;
  const [entity, claims] = await Promise.all([
    reading.reader
      .selectFrom('catalog_entity as e')
      .leftJoin('catalog_document as d', 'd.id', 'e.document_id')
      .select(['e.location', 'e.line', 'e.first_seen_at', 'e.updated_at', 'e.source_id', 'd.read_at'])
      .where('e.id', '=', record.id)
      .executeTakeFirst(),
    reading.reader
      .selectFrom('catalog_claim as c')
      .innerJoin('catalog_document as d', 'd.id', 'c.document_id')
      .select('d.location')
      .where('c.ref', '=', ref)
      .orderBy('d.location')
      .execute(),
  ]);
  if (!entity) return undefined;
  const [source] = await sourcesWithCounts(reading, { id: entity.source_id, ...(scope && { scope }) });
  return {
    entityRef: ref,
    location: entity.location,
    line: entity.line,
    readAt: time(entity.read_at ?? entity.updated_at),
    firstSeenAt: time(entity.first_seen_at),
    updatedAt: time(entity.updated_at),
    claims: scope ? [] : claims.map((claim) => claim.location),
    source: source ?? null,
  };
}

const shownLocation = (row: SourceRow): RegisteredLocation => ({
  id: row.location_id!,
  type: row.type,
  target: row.target,
  entityRef: row.entity_ref ?? '',
});

/**
 * Registered locations, by id.
 *
 * @param options.scope - what the asker may see: locations that hold nothing of it are left out
 */
export async function registeredLocations(
  reading: Reading,
  options: { id?: string; scope?: EntityPredicate } = {},
): Promise<RegisteredLocation[]> {
  const { id, scope } = options;
  const seen = scope && (await visible(reading, scope));
  const rows = await reading.reader
    .selectFrom('catalog_source as s')
    .selectAll('s')
    .where('s.location_id', id === undefined ? 'is not' : '=', id ?? null)
    .$if(seen !== undefined, (query) =>
      query.where(sql<SqlBool>`exists (select 1 from catalog_entity e where e.source_id = s.id and ${seen!})`),
    )
    .orderBy('s.location_id')
    .execute();
  return rows.map(shownLocation);
}

/** The registered location that brought an entity; `entity` tells whether there is such an entity at all. */
export async function locationOfEntity(
  reading: Reading,
  ref: string,
  scope?: EntityPredicate,
): Promise<{ entity: boolean; location?: RegisteredLocation }> {
  const record = await recordBy(reading, 'ref', ref, scope);
  if (!record) return { entity: false };
  const row = await reading.reader
    .selectFrom('catalog_source as s')
    .innerJoin('catalog_entity as e', 'e.source_id', 's.id')
    .selectAll('s')
    .where('e.id', '=', record.id)
    .where('s.location_id', 'is not', null)
    .executeTakeFirst();
  return { entity: true, ...(row && { location: shownLocation(row) }) };
}
