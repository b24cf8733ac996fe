import { sql } from 'kysely';
import type { Database } from '../../../core/db/index.ts';
import type { SearchScope } from '../types.ts';
import type { IndexState } from './tables.ts';
import { documentByte, type KnownDocuments, type Visible } from './visible.ts';

/** Documents that are read at once; who searches waits for so many at most, and the rest is read meanwhile. */
const atOnce = 10_000;
/** With ids so far apart most of what is kept would be empty. */
const mostIds = 5_000_000;
const noEntity = { everybody: -1, unsure: -2 } as const;

/** The entities of the documents of one index, by id: four bytes for each document. */
type Entities = {
  name: string;
  first: number;
  last: number;
  of: Int32Array<ArrayBuffer>;
  unsure: boolean;
  tooMany: boolean;
  reading?: Promise<void> | undefined;
};

function add(kept: Entities, id: number, entity: number): void {
  if (kept.last === 0) kept.first = id;
  const place = id - kept.first;
  if (place >= mostIds) {
    kept.tooMany = true;
    return;
  }
  if (place >= kept.of.length) {
    const longer = new Int32Array(Math.ceil((place + 1) * 1.25));
    longer.set(kept.of);
    kept.of = longer;
  }
  kept.of[place] = entity;
  kept.last = id;
  if (entity === noEntity.unsure) kept.unsure = true;
}

function bytesOf({ of, first, last }: Entities, mask: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(last - first + 1);
  for (let place = 0; place < bytes.length; place += 1) {
    const entity = of[place]!;
    if (entity > 0) bytes[place] = mask[entity] ?? 0;
    else if (entity === noEntity.everybody) bytes[place] = documentByte.seen;
    else if (entity === noEntity.unsure) bytes[place] = documentByte.unsure;
  }
  return bytes;
}

/**
 * Keeps of which entity each document tells, so that what somebody may see of the catalog becomes, without a look-up for each match, what
 * they may find. Documents are never changed, only replaced by others with higher ids: what is known stays right, and only what came
 * since is read. An entity that is made again gets another id, and its documents are written again.
 */
export function createKnownDocuments(db: Database) {
  let kept: Entities | undefined;
  let made = new WeakMap<Uint8Array, { last: number; bytes: Uint8Array<ArrayBuffer> }>();

  /** @returns whether there may be more */
  async function readOn(entities: Entities, { active }: IndexState, byId: NonNullable<SearchScope['byId']>) {
    // The documents of others than entities stay while an entity comes and goes.
    const { rows } = await sql<{ pairs: string | null; count: number }>`
      select string_agg(id || ' ' || entity, ',') as pairs, count(*) as count from (
        select d.id, case when d.entity_ref = '' then ${sql.lit(noEntity.everybody)} when d.entity_ref <> d.subject then ${sql.lit(noEntity.unsure)}
          else coalesce(${byId.idOf(sql.ref('d.entity_ref'))}, ${sql.lit(noEntity.unsure)}) end as entity
        from ${sql.table(`search_document_${active}`)} d where d.id > ${entities.last} order by d.id limit ${sql.lit(atOnce)}) p`.execute(
      db.reader(),
    );
    const { pairs, count } = rows[0]!;
    const found = (pairs ?? '').split(',').filter(Boolean);
    const sorted = found
      .map((pair) => pair.split(' ').map(Number) as [id: number, entity: number])
      .sort(([a], [b]) => a - b);
    for (const [id, entity] of sorted) add(entities, id, entity);
    return Number(count) === atOnce && !entities.tooMany;
  }

  /** Reads what came since; those who ask meanwhile share it. */
  function bring(entities: Entities, state: IndexState, byId: NonNullable<SearchScope['byId']>): Promise<void> {
    entities.reading ??= (async () => {
      try {
        while (await readOn(entities, state, byId));
      } catch (error) {
        if (kept === entities) kept = undefined;
        throw error;
      } finally {
        entities.reading = undefined;
      }
    })();
    return entities.reading;
  }

  async function known(state: IndexState, byId: NonNullable<SearchScope['byId']>): Promise<KnownDocuments | undefined> {
    const name = `${state.active} ${state.built_at}`;
    if (kept?.name !== name) {
      kept = { name, first: 0, last: 0, of: new Int32Array(1024), unsure: false, tooMany: false };
      made = new WeakMap();
    }
    const entities = kept;
    if (entities.last < state.last) {
      const brought = bring(entities, state, byId);
      if (state.last - entities.last > atOnce) {
        brought.catch(() => undefined);
        return undefined;
      }
      await brought;
    }
    // What is not there yet may have been read by somebody who knows an older index.
    if (entities.tooMany || entities.last < state.last || kept !== entities) return undefined;
    let all = made.get(byId.mask);
    if (!all || all.last < state.last) {
      all = { last: entities.last, bytes: bytesOf(entities, byId.mask) };
      made.set(byId.mask, all);
    }
    // What came after the asker's view of the catalog is not theirs to find yet.
    const bytes = all.bytes.subarray(0, Math.max(0, state.last - entities.first + 1));
    return { first: entities.first, bytes, unsure: entities.unsure };
  }

  /** What the asker may find in the index that answers. The state is read before the scope, so that this is no older than any document. */
  return async (state: IndexState, scope: SearchScope): Promise<Visible> => {
    const { holds, byId } = scope;
    const documents = byId && (await known(state, byId));
    return { holds, ...(documents && { known: documents }) };
  };
}
