import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import { stringifyEntityRef, termValue } from '@callboard/model';

/** What an entity can be found by: lower-case paths with the values they have, as written. */
export type Rows = Map<string, (string | null)[]>;
export type Known = { ref: string; entity: Entity; rows: Rows };
export type Filter = Record<string, string | string[] | typeof exists>;
export type Order = { field: string; order: 'asc' | 'desc' };

/** Stands for "has any value" in a filter. */
export const exists = Symbol('exists');

const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function collect(rows: Rows, path: string, value: JsonValue | undefined): void {
  const add = (key: string, found: string | null) =>
    rows.set(key.toLowerCase(), [...(rows.get(key.toLowerCase()) ?? []), found]);
  if (['attachments', 'relations', 'status', 'metadata.etag'].includes(path) || value === undefined) return;
  if (value === null || typeof value !== 'object') {
    add(path, value === null ? null : String(value));
  } else if (Array.isArray(value)) {
    for (const item of value) {
      collect(rows, path, item);
      if (typeof item === 'string') add(`${path}.${item}`, 'true');
    }
  } else {
    for (const [key, inner] of Object.entries(value)) collect(rows, path === '' ? key : `${path}.${key}`, inner);
  }
}

/** Works out by what an entity can be found, the slow and simple way. */
export function known(entity: Entity): Known {
  const rows: Rows = new Map();
  collect(rows, '', entity as unknown as JsonObject);
  for (const { type, targetRef } of entity.relations ?? [])
    rows.set(`relations.${type.toLowerCase()}`, [...(rows.get(`relations.${type.toLowerCase()}`) ?? []), targetRef]);
  return { ref: stringifyEntityRef(entity), entity, rows };
}

const has = ({ rows }: Known, key: string, test: (value: string) => boolean) =>
  (rows.get(key.toLowerCase()) ?? []).some((value) => value !== null && test(value.toLowerCase()));

const isThere = ({ rows }: Known, key: string) =>
  rows.has(key.toLowerCase()) || [...rows.keys()].some((each) => each.startsWith(`${key.toLowerCase()}.`));

/** Whether an entity passes one of several filters; no filter lets everything pass. */
export function passes(each: Known, filters: Filter[]): boolean {
  if (filters.length === 0) return true;
  return filters.some((filter) =>
    Object.entries(filter).every(([key, wanted]) =>
      wanted === exists
        ? isThere(each, key)
        : has(each, key, (value) => [wanted].flat().some((one) => String(one).trim().toLowerCase() === value)),
    ),
  );
}

/** Whether an entity fulfils a predicate in its JSON form. */
export function fulfils(each: Known, predicate: JsonObject): boolean {
  if ('$all' in predicate) return (predicate.$all as JsonObject[]).every((part) => fulfils(each, part));
  if ('$any' in predicate) return (predicate.$any as JsonObject[]).some((part) => fulfils(each, part));
  if ('$not' in predicate) return !fulfils(each, predicate.$not as JsonObject);
  return Object.entries(predicate).every(([key, condition]) => {
    if (typeof condition !== 'object' || condition === null)
      return has(each, key, (value) => value === String(condition).toLowerCase());
    const { $exists, $in, $hasPrefix, $contains } = condition as JsonObject;
    if ($exists !== undefined) return isThere(each, key) === $exists;
    if ($in !== undefined)
      return has(each, key, (value) => ($in as (string | number)[]).some((one) => String(one).toLowerCase() === value));
    if ($hasPrefix !== undefined)
      return has(each, key, (value) => value.startsWith(($hasPrefix as string).toLowerCase()));
    if (typeof $contains !== 'object') return has(each, key, (value) => value === String($contains).toLowerCase());
    const { type, targetRef } = $contains as { type: string; targetRef?: string | { $in: string[] } };
    const refs = targetRef === undefined ? undefined : typeof targetRef === 'string' ? [targetRef] : targetRef.$in;
    return has(each, `relations.${type}`, (value) => !refs || refs.some((ref) => ref.toLowerCase() === value));
  });
}

/** Only the beginning of a long value is searched for a text. */
const searched = (value: string) => (value.length > 256 ? value.slice(0, 192) : value);

export const containsText = (each: Known, term: string, fields: string[]): boolean =>
  fields.some((field) => has(each, field, (value) => searched(value).includes(term.trim().toLowerCase())));

function sortValue({ rows }: Known, { field, order }: Order): string | null {
  const values = (rows.get(field.toLowerCase()) ?? []).filter((value) => value !== null).map(termValue);
  if (values.length === 0) return null;
  return values.reduce((a, b) => (bytes(a, b) < 0 === (order === 'asc') ? a : b));
}

/** Entities in order: by each field, those without it last, then by ref. */
export function sorted(all: Known[], orders: Order[]): Known[] {
  return [...all].sort((a, b) => {
    for (const order of orders) {
      const [one, other] = [sortValue(a, order), sortValue(b, order)];
      if (one === other) continue;
      if (one === null) return 1;
      if (other === null) return -1;
      return order.order === 'asc' ? bytes(one, other) : bytes(other, one);
    }
    return bytes(a.ref, b.ref);
  });
}

const shown = (value: string) => (value.length > 256 ? `${value.slice(0, 192)}…` : value);

/** The values of a key with how many entities have each, as written. */
export function facet(all: Known[], key: string): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { rows } of all) {
    const firstWritten = new Map<string, string>();
    for (const value of rows.get(key.toLowerCase()) ?? [])
      if (value !== null && !firstWritten.has(value.toLowerCase())) firstWritten.set(value.toLowerCase(), value);
    for (const value of firstWritten.values()) counts.set(shown(value), (counts.get(shown(value)) ?? 0) + 1);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => (a.value < b.value ? -1 : 1));
}
