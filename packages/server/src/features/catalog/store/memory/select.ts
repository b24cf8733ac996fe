import { termValue } from '@callboard/model';
import { sql } from 'kysely';
import type { EntityPredicate } from '../../../../core/predicate/index.ts';
import { passes } from '../query-leaf.ts';
import { columns, itemSplits, keysOf, relationEnds } from '../query-predicate.ts';
import type { Leaf } from '../query-predicate.ts';
import type { Reading } from '../reading.ts';
import type { Column, Mask, Written } from './column.ts';
import { markWhere } from './column.ts';
import type { BaseKey } from './load.ts';
import { baseKeys } from './load.ts';
import type { State } from './state.ts';
import { columnOf } from './state.ts';

const mostMasks = 32;

/** Where the values of a key are: an item of an array is looked for by its text. */
type Place = { column: Column; item?: string };
type Places = Map<string, Place[]>;
type Gathering = { reading: Reading; state: State; version: number; places: Places; needed: boolean };

export const isBaseKey = (key: string): key is BaseKey => Object.hasOwn(baseKeys, key);

const hasKeysBelow = async (reading: Reading, key: string, version: number): Promise<boolean> =>
  reading.cache.get(`keys below ${key}`, version, async () => {
    const { rows } =
      await sql`select 1 from catalog_key k where k.key > ${`${key}.`} and k.key < ${`${key}/`} limit 1`.execute(
        reading.reader,
      );
    return rows.length > 0;
  });

/** Where the values of a key are in memory; undefined when they are not. */
async function placesOf({ reading, state, version, needed }: Gathering, leaf: Leaf): Promise<Place[] | undefined> {
  if ('keys' in leaf) return undefined;
  const { key } = leaf;
  if (key in columns) return isBaseKey(key) ? [] : undefined;
  const ends = relationEnds(key, reading.pairs);
  if (ends) {
    if (ends.length !== 1 || ends[0]!.own !== 'source') return undefined;
    const column = await columnOf(reading, state, { relation: ends[0]!.type }, needed);
    return column ? [{ column }] : undefined;
  }
  // An object exists when anything below it does, which is not known of the key alone.
  if ('exists' in leaf && (await hasKeysBelow(reading, key, version))) return undefined;
  const ids = await reading.keys.find(keysOf(leaf), version);
  const places: Place[] = [];
  const add = async (keyId: number | undefined, item?: string) => {
    if (keyId === undefined) return true;
    const column = await columnOf(reading, state, { keyId }, needed);
    if (column) places.push({ column, ...(item !== undefined && { item }) });
    return column !== false;
  };
  if (!(await add(ids.get(key)))) return undefined;
  if (passes('true', leaf))
    for (const { array, item } of itemSplits(key)) if (!(await add(ids.get(array), termValue(item)))) return undefined;
  return places;
}

const partsOf = (predicate: EntityPredicate): readonly EntityPredicate[] | undefined => {
  if ('all' in predicate) return predicate.all;
  if ('any' in predicate) return predicate.any;
  return 'not' in predicate ? [predicate.not] : undefined;
};

/** Brings everything that a predicate needs into memory, one key after the other; false when something cannot be there. */
async function gather(gathering: Gathering, predicate: EntityPredicate): Promise<boolean> {
  const parts = partsOf(predicate);
  if (parts) {
    for (const part of parts) if (!(await gather(gathering, part))) return false;
    return true;
  }
  const leaf = predicate as Leaf;
  if (leaf.seen && !(await gather(gathering, leaf.seen))) return false;
  const name = placeName(leaf);
  if (gathering.places.has(name)) return true;
  const found = await placesOf(gathering, leaf);
  if (found) gathering.places.set(name, found);
  return found !== undefined;
}

const placeName = (leaf: Leaf) =>
  'keys' in leaf ? '' : JSON.stringify([leaf.key, passes('true', leaf), 'exists' in leaf]);

function markLeaf(state: State, leaf: Exclude<Leaf, { keys: unknown }>, places: Places, mask: Mask): void {
  const list = 'in' in leaf && new Set(leaf.in);
  const fits = list ? ({ value }: Written) => list.has(value) : ({ value }: Written) => passes(value, leaf);
  if (isBaseKey(leaf.key)) return markWhere(state.base.columns[leaf.key], fits, mask);
  for (const { column, item } of places.get(placeName(leaf))!)
    markWhere(column, item === undefined ? fits : (each) => each.item === 1 && each.value === item, mask);
}

function compute(state: State, predicate: EntityPredicate, places: Places): Mask {
  const { present } = state.base;
  const parts = partsOf(predicate);
  if (!parts) {
    const leaf = predicate as Exclude<Leaf, { keys: unknown }>;
    const mask: Mask = new Uint8Array(present.length);
    markLeaf(state, leaf, places, mask);
    // Relations that others declare are not in memory: each entity's are its own.
    const seen = leaf.seen && leaf.key.startsWith('relations.') ? maskOf(state, leaf.seen, places) : present;
    for (let id = 0; id < mask.length; id += 1) mask[id]! &= present[id]! & seen[id]!;
    return mask;
  }
  const masks = parts.map((part) => maskOf(state, part, places));
  const mask: Mask = 'any' in predicate ? new Uint8Array(present.length) : present.slice();
  for (const each of masks) {
    if ('any' in predicate) for (let id = 0; id < mask.length; id += 1) mask[id]! |= each[id]!;
    else if ('not' in predicate) for (let id = 0; id < mask.length; id += 1) mask[id]! &= each[id]! ^ 1;
    else for (let id = 0; id < mask.length; id += 1) mask[id]! &= each[id]!;
  }
  return mask;
}

/** Alternatives are remembered: what somebody may see is asked for with everything they do. */
function maskOf(state: State, predicate: EntityPredicate, places: Places): Mask {
  return 'any' in predicate ? remembered(state, predicate, places) : compute(state, predicate, places);
}

function remembered(state: State, predicate: EntityPredicate, places: Places): Mask {
  const name = JSON.stringify(predicate);
  const known = recall(state, name);
  if (known) return known.mask;
  const mask = compute(state, predicate, places);
  state.masks.set(name, { mask, size: sizeOf(mask) });
  if (state.masks.size > mostMasks) state.masks.delete(state.masks.keys().next().value!);
  return mask;
}

/** What was used last is kept longest. */
function recall(state: State, name: string) {
  const known = state.masks.get(name);
  if (!known) return undefined;
  state.masks.delete(name);
  state.masks.set(name, known);
  return known;
}

function sizeOf(mask: Mask): number {
  let size = 0;
  for (let id = 0; id < mask.length; id += 1) size += mask[id]!;
  return size;
}

/** Entities found in memory. */
export type Found = { state: State; mask: Mask; size: number; version: number };

/**
 * Finds the entities of a predicate in memory.
 *
 * @param predicate - simplified
 * @param needed - whether to read what is not in memory yet
 * @returns undefined when the database must be asked
 */
export async function findInMemory(
  reading: Reading,
  predicate: EntityPredicate,
  version: number,
  needed: boolean,
): Promise<Found | undefined> {
  if (!reading.ways.memory) return undefined;
  const state = await reading.memory.at(reading, version);
  if (!state) return undefined;
  const name = JSON.stringify(predicate);
  if (!state.masks.has(name)) {
    const places: Places = new Map();
    if (!(await gather({ reading, state, version, places, needed }, predicate))) return undefined;
    remembered(state, predicate, places);
  }
  return { state, version: state.version, ...recall(state, name)! };
}
