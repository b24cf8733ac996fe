import type { Kysely } from 'kysely';
import type { Database } from '../../../../core/db/index.ts';
import type { Events } from '../../../../core/events/index.ts';
import type { CatalogTables } from '../tables.ts';

import type { Column, Mask } from './column.ts';
import { addValue, clearValues, codeOf, roomFor } from './column.ts';
import type { Base } from './load.ts';
import { entries, loadBase, loadRelations, loadTerms, plain } from './load.ts';

/** What is kept of the catalog, as it was at a version. A column is false when it cannot be kept. */
export type State = {
  version: number;
  until: number;
  base: Base;
  /** by `term <key id>` or `relation <type>` */
  columns: Map<string, Promise<Column | false>>;
  masks: Map<string, { mask: Mask; size: number }>;
  /** how often a column that is not there was wanted by somebody who can do without it */
  wanted: Map<string, number>;
};

/** Where it is read from. */
type Store = { db: Database; reader: Kysely<CatalogTables> };

/** What of the catalog is in memory. */
export type Memory = {
  /** What is kept, brought up to the version; undefined when the database must be asked. */
  at(store: Store, version: number): Promise<State | undefined>;
};

/** More changes than these are not followed one by one. */
const mostChanges = 500;
const mostColumns = 24;
const oftenWanted = 3;
const mostWanted = 500;
/** Bounds the harm of a change that no event tells of. */
const maxAgeMs = 3_600_000;

const changes = ['created', 'updated', 'moved', 'deleted'].map((verb) => `catalog.entity.${verb}`);

/** Takes over what entities are now. */
async function follow(store: Store, state: State, base: Base, refs: readonly string[]): Promise<void> {
  const { db, reader } = store;
  type Entity = Pick<CatalogTables['catalog_entity'], 'id' | 'ref' | 'kind' | 'namespace' | 'type' | 'lifecycle'>;
  const heads = await db.selectByKeys<Entity>(reader, {
    table: 'catalog_entity',
    column: 'ref',
    type: 'text',
    values: refs,
    select: ['id', 'ref', 'kind', 'namespace', 'type', 'lifecycle'],
  });
  const request = { column: 'entity_id', type: 'integer' as const, values: heads.map(({ id }) => id) };
  const [terms, relations] = await Promise.all([
    db.selectByKeys<CatalogTables['catalog_term']>(reader, {
      ...request,
      table: 'catalog_term',
      select: ['key_id', 'value', 'entity_id', 'original', 'item'],
    }),
    db.selectByKeys<CatalogTables['catalog_relation']>(reader, {
      ...request,
      table: 'catalog_relation',
      select: ['source', 'type', 'target', 'entity_id'],
    }),
  ]);
  const kept = new Map<string, Column>();
  for (const [name, loading] of state.columns) {
    const column = await loading;
    if (column) kept.set(name, column);
  }
  // From here on without a pause, so that nobody sees the half of it.
  state.base = base;
  state.masks.clear();
  for (const head of heads) {
    base.present = roomFor(base.present, head.id);
    base.present[head.id] = 1;
    for (const [key, name] of entries) {
      const column = base.columns[key];
      clearValues(column, head.id);
      const value = head[name];
      if (value !== null) addValue(column, head.id, codeOf(column, plain(value)));
    }
    for (const column of kept.values()) clearValues(column, head.id);
  }
  for (const { key_id: key, entity_id: id, value, original, item } of terms) {
    const column = kept.get(`term ${key}`);
    if (column) addValue(column, id, codeOf(column, { value, original, item }));
  }
  const refOf = new Map(heads.map(({ id, ref }) => [id, ref]));
  for (const { source, type, target, entity_id: id } of relations) {
    const column = kept.get(`relation ${type}`);
    if (!column) continue;
    if (refOf.get(id) !== source) state.columns.delete(`relation ${type}`);
    addValue(column, id, codeOf(column, plain(target)));
  }
}

/** @returns whether the state is now that of the newest version */
async function catchUp(store: Store, events: Events, state: State): Promise<boolean> {
  const { events: found, cursor } = await events.read({
    after: state.version,
    limit: mostChanges,
    types: changes,
  });
  if (found.length === mostChanges) return false;
  if (found.length > 0) {
    const isLess = found.some(({ type }) => type === 'catalog.entity.deleted');
    const base = isLess ? await loadBase(store.reader) : state.base;
    if (!base) return false;
    await follow(store, state, base, [...new Set(found.map(({ subject }) => subject))]);
  }
  state.version = cursor;
  return true;
}

/**
 * Keeps what is counted often: which entities there are, and what they have under the keys that were asked for. It is read once and then
 * follows the events, so it is as exact as the database, at the version asked for or a later one.
 */
export function createMemory(events: Events, now: () => number = Date.now): Memory {
  let state: State | undefined;
  let seen: number | undefined;
  let working: Promise<unknown> = Promise.resolve();

  async function bring(store: Store, version: number): Promise<State | undefined> {
    if (state && (state.until < now() || !(state.version >= version || (await catchUp(store, events, state)))))
      state = undefined;
    if (state) return state;
    // While very much is changing, what is read now would be of no use to the next who asks.
    const settled = seen === undefined || version - seen < mostChanges;
    seen = version;
    if (!settled) return undefined;
    const base = await loadBase(store.reader);
    if (base)
      state = { version, until: now() + maxAgeMs, base, columns: new Map(), masks: new Map(), wanted: new Map() };
    return state;
  }

  return {
    async at(store, version) {
      if (state && state.version >= version && state.until >= now()) return state;
      const mine = working.then(async () => {
        try {
          return await bring(store, version);
        } catch (error) {
          state = undefined;
          throw error;
        }
      });
      working = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** The column of a term key or relation type; read when it is needed first, or wanted often. */
export async function columnOf(
  store: Store,
  state: State,
  what: { keyId: number } | { relation: string },
  needed: boolean,
): Promise<Column | false> {
  const name = 'keyId' in what ? `term ${what.keyId}` : `relation ${what.relation}`;
  const known = state.columns.get(name);
  if (known) {
    state.columns.delete(name);
    state.columns.set(name, known);
    return known;
  }
  const wanted = (state.wanted.get(name) ?? 0) + 1;
  if (state.wanted.size > mostWanted) state.wanted.clear();
  state.wanted.set(name, wanted);
  if (!needed && wanted < oftenWanted) return false;
  const { reader } = store;
  const loading = ('keyId' in what ? loadTerms(reader, what.keyId) : loadRelations(reader, what.relation)).then(
    (column) => column ?? false,
  );
  state.columns.set(name, loading);
  if (state.columns.size > mostColumns) state.columns.delete(state.columns.keys().next().value!);
  loading.catch(() => state.columns.delete(name));
  return loading;
}
