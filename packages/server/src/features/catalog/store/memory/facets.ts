import { nullTerm } from '@callboard/model';
import { relationEnds } from '../query-predicate.ts';
import type { FacetValue } from '../facets-columns.ts';
import type { Reading } from '../reading.ts';
import type { Column, Mask, Written } from './column.ts';
import { countValues } from './column.ts';
import type { Found } from './select.ts';
import { isBaseKey } from './select.ts';
import { columnOf } from './state.ts';

/** Each way in which a value is written is counted, as written. */
function valuesOf(column: Column, mask: Mask, shown: (written: Written) => string): FacetValue[] {
  const counts = countValues(column, mask);
  const byWay = new Map<string, FacetValue>();
  for (const [code, written] of column.written.entries()) {
    const count = counts[code]!;
    if (count === 0 || written.value === nullTerm) continue;
    const value = shown(written);
    const way = JSON.stringify([written.value, value]);
    const known = byWay.get(way);
    if (known) known.count += count;
    else byWay.set(way, { value, count });
  }
  return [...byWay.values()];
}

const asWritten = ({ value, original }: Written) => original ?? value;

/**
 * Counts the values that found entities have under a key.
 *
 * @returns undefined when the database must be asked
 */
export async function facetInMemory(
  reading: Reading,
  { state, mask }: Found,
  key: string,
  version: number,
): Promise<FacetValue[] | undefined> {
  if (key === 'kind') {
    const kinds = new Map(reading.kinds.all.map(({ kind }) => [kind.toLowerCase(), kind]));
    return valuesOf(state.base.columns.kind, mask, ({ value }) => kinds.get(value) ?? value);
  }
  const ends = relationEnds(key, reading.pairs);
  if (ends) {
    if (ends.length !== 1 || ends[0]!.own !== 'source') return undefined;
    const column = await columnOf(reading, state, { relation: ends[0]!.type }, true);
    return column ? valuesOf(column, mask, ({ value }) => value) : undefined;
  }
  const keyId = (await reading.keys.find([key], version)).get(key);
  if (keyId === undefined) return isBaseKey(key) ? [] : undefined;
  const column = await columnOf(reading, state, { keyId }, true);
  if (!column) return undefined;
  // A column of the entities says the same as the terms, unless something is written in another way.
  const isPlain = column.written.every(({ original }) => original === null);
  return isPlain && isBaseKey(key) && key !== 'metadata.namespace'
    ? valuesOf(state.base.columns[key], mask, ({ value }) => value)
    : valuesOf(column, mask, asWritten);
}
