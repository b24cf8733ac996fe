import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { simplify } from '../../../core/predicate/index.ts';
import { findInMemory } from './memory/select.ts';
import type { Condition } from './query-predicate.ts';
import { always, compile, keysOf } from './query-predicate.ts';
import type { Reading } from './reading.ts';

/** What is shown of an entity where only its name has room. */
export type Head = {
  entityRef: string;
  exists: boolean;
  kind: string;
  name: string;
  label: string;
  type?: string;
  lifecycle?: string;
  owner?: string;
};

type Row = { ref: string; label: string; type: string | null; lifecycle: string | null; owner: string | null };

const displayName = 'spec.profile.displayname';

export const kindOf = (ref: string): string => ref.slice(0, ref.indexOf(':'));
export const nameOf = (ref: string): string => ref.slice(ref.indexOf('/') + 1);

/** A list of values in one of few lengths, so that few different statements have to be prepared. */
export function listOf(values: readonly (string | number)[]): RawBuilder<unknown> {
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return sql.join([...values, ...Array<string | number>(length - values.length).fill(values.at(-1)!)]);
}

/**
 * What the asker may see, as a condition on `catalog_entity e`.
 *
 * @param many - whether it is asked of most entities, or of a few
 */
export async function visible(reading: Reading, scope: EntityPredicate | undefined, many = true): Promise<Condition> {
  if (!scope) return always;
  const simple = simplify(scope);
  const ids = await reading.keys.find(keysOf(simple), await reading.version());
  return compile(simple, { ids, pairs: reading.pairs, many });
}

/**
 * Those of the ids whose entities the asker may see.
 *
 * @param version - of the catalog when the ids were read, where that is known
 */
export async function idsSeen(
  reading: Reading,
  ids: Set<number>,
  scope: EntityPredicate,
  version?: number,
): Promise<Set<number>> {
  const known = await findInMemory(reading, simplify(scope), version ?? (await reading.version()), false);
  if (known) return new Set([...ids].filter((id) => known.mask[id] === 1));
  const seen = await visible(reading, scope, false);
  const found = new Set<number>();
  const all = [...ids];
  for (let start = 0; start < all.length; start += 500) {
    const { rows } = await sql<{ id: number }>`select e.id from catalog_entity e
      where e.id in (${sql.join(all.slice(start, start + 500))}) and ${seen}`.execute(reading.reader);
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** What a group or person is called, as an expression on `e`: the display name where there is one, else the label. */
export async function calledAs(reading: Reading): Promise<RawBuilder<string>> {
  const id = (await reading.keys.find([displayName], await reading.version())).get(displayName);
  if (id === undefined) return sql`e.label`;
  return sql`coalesce((select min(coalesce(t.original, t.value)) from catalog_term t where t.entity_id = e.id and t.key_id = ${id}), e.label)`;
}

/** The heads of refs, in their order; a ref that nothing answers to, or nothing that the asker may see, gets one that says so. */
export async function headsOf(reading: Reading, refs: readonly string[], scope?: EntityPredicate): Promise<Head[]> {
  const known = new Map<string, Row>();
  if (refs.length > 0) {
    const { rows } = await sql<Row>`select e.ref, e.label, e.type, e.lifecycle, e.owner from catalog_entity e
      where e.ref in (${listOf(refs)}) and ${await visible(reading, scope, false)}`.execute(reading.reader);
    for (const row of rows) known.set(row.ref, row);
  }
  const kinds = new Map(reading.kinds.all.map(({ kind }) => [kind.toLowerCase(), kind]));
  return refs.map((ref) => {
    const row = known.get(ref);
    return {
      entityRef: ref,
      exists: row !== undefined,
      kind: kinds.get(kindOf(ref)) ?? kindOf(ref),
      name: nameOf(ref),
      label: row?.label ?? nameOf(ref),
      ...(row?.type && { type: row.type }),
      ...(row?.lifecycle && { lifecycle: row.lifecycle }),
      ...(row?.owner && { owner: row.owner }),
    };
  });
}
