import type { Dialect } from '../../../core/db/index.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { simplify } from '../../../core/predicate/index.ts';
import { termKey, termValue } from '@callboard/model';
import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import { refsFulfilling } from './entities.ts';
import { countOf, type Membership, membershipsOf, peopleOf } from './people.ts';
import type { Mask } from './memory/column.ts';
import { findInMemory } from './memory/select.ts';
import type { Reading } from './reading.ts';
import { calledAs, nameOf, visible } from './heads.ts';

/** An entity with what other features say of it. */
export type DescribedEntity = {
  ref: string;
  /** JSON text of what the descriptor says; uid, relations and status are not in it */
  body: string;
  /** canonical ref of the owner, and what people call it */
  owner: string | null;
  ownerLabel: string | null;
  /** what the entity itself relates to, with what people call it; `isOwn` when it says so itself */
  relations: { type: string; targetRef: string; label: string; isOwn: boolean }[];
};

/** Which entities fulfil a condition. */
export type Seen = {
  /** as SQL on a ref: there is such an entity, and it fulfils the condition */
  holds(ref: RawBuilder<string>): RawBuilder<SqlBool>;
  /**
   * The same by ids, where it is known in memory: the id of an entity as SQL on its ref, and 1 at the place of the id of each that fulfils
   * the condition. No id is given twice, and after every change of the catalog the mask is another object.
   */
  byId?: { idOf(ref: RawBuilder<string>): RawBuilder<number | null>; mask: Mask };
};

/** Reads entities for other features. They see everything: what their readers may see is for them to keep. */
export type CatalogReading = {
  /** Entities by canonical ref; those that do not exist are missing. */
  describe(refs: readonly string[]): Promise<DescribedEntity[]>;
  /** JSON text of what the descriptor of one entity says, as in `describe`; undefined when there is no such entity. */
  bodyOf(ref: string): Promise<string | undefined>;
  /** All refs in their order, page by page, or those of the entities that fulfil a condition; an empty page is the end. */
  refs(after: string | undefined, limit: number, condition?: EntityPredicate): Promise<string[]>;
  /** Refs of the entities that one of these owns. */
  ownedBy(owners: readonly string[]): Promise<string[]>;
  /** Those of the refs whose entities exist and fulfil a condition. */
  matching(refs: readonly string[], condition: EntityPredicate): Promise<string[]>;
  /** A condition for statements of another feature, for the catalog as it was at an event, or later. */
  seenWith(condition: EntityPredicate, at: number): Promise<Seen>;
  /** The groups of a person, and the groups that these belong to. */
  groupsOf(userRef: string): Promise<string[]>;
  /** The same for several at once, each group with the way to it. */
  membershipsOf(refs: readonly string[]): Promise<Map<string, Membership[]>>;
  /** People of the catalog, by ref. */
  peopleOf(limit: number): Promise<string[]>;
  /** How many entities fulfil a condition; all when there is none. */
  countOf(condition: EntityPredicate | undefined): Promise<number>;
  /** Refs of the people with this address in their profile. */
  usersByEmail(email: string): Promise<string[]>;
};

/** Whether an entity is among those of a mask, a byte for each id; what came later is not. One look instead of those of every role. */
const marked = (dialect: Dialect, mask: Mask): RawBuilder<SqlBool> =>
  dialect === 'sqlite'
    ? sql<SqlBool>`substr(${mask}, e.id + 1, 1) = x'01'`
    : sql<SqlBool>`substr(${Buffer.from(mask)}::bytea, (e.id + 1)::int, 1) = '\\x01'::bytea`;

async function describe(reading: Reading, refs: readonly string[]): Promise<DescribedEntity[]> {
  const { db, reader } = reading;
  const [heads, relations] = await Promise.all([
    db.selectByKeys<{ id: number; ref: string; owner: string | null }>(reader, {
      table: 'catalog_entity',
      column: 'ref',
      type: 'text',
      values: refs,
      select: ['id', 'ref', 'owner'],
    }),
    db.selectByKeys<{ source: string; type: string; target: string; entity_id: number }>(reader, {
      table: 'catalog_relation',
      column: 'source',
      type: 'text',
      values: refs,
      select: ['source', 'type', 'target', 'entity_id'],
    }),
  ]);
  const [bodies, labels] = await Promise.all([
    db.selectByKeys<{ entity_id: number; body: string }>(reader, {
      table: 'catalog_body',
      column: 'entity_id',
      type: 'integer',
      values: heads.map((head) => head.id),
      select: ['entity_id', 'body'],
    }),
    labelsOf(reading, [...relations.map((relation) => relation.target), ...heads.flatMap((head) => head.owner ?? [])]),
  ]);
  const bodyOf = new Map(bodies.map((row) => [row.entity_id, row.body]));
  const related = Map.groupBy(relations, (relation) => relation.source);
  return heads.flatMap(({ id, ref, owner }) => {
    const body = bodyOf.get(id);
    if (body === undefined) return [];
    const declared = (related.get(ref) ?? []).toSorted(
      (a, b) => Number(a.entity_id === id) - Number(b.entity_id === id),
    );
    const distinct = new Map(declared.map((each) => [`${each.type} ${each.target}`, each]));
    return [
      {
        ref,
        body,
        owner,
        ownerLabel: owner && (labels.get(owner) ?? null),
        relations: [...distinct.values()].map(({ type, target, entity_id: declarer }) => ({
          type,
          isOwn: declarer === id,
          targetRef: target,
          label: labels.get(target) ?? nameOf(target),
        })),
      },
    ];
  });
}

async function labelsOf(reading: Reading, refs: readonly string[]): Promise<Map<string, string>> {
  const label = await calledAs(reading);
  const found = new Map<string, string>();
  const unique = [...new Set(refs)];
  for (let start = 0; start < unique.length; start += 1_000) {
    const part = unique.slice(start, start + 1_000);
    // One parameter: a thousand of them take longer to be read and planned than to be looked up.
    const among =
      reading.db.dialect === 'sqlite'
        ? sql`in (select value from json_each(${JSON.stringify(part)}))`
        : sql`= any(${part}::text[])`;
    const { rows } = await sql<{
      ref: string;
      label: string;
    }>`select e.ref, ${label} as label from catalog_entity e where e.ref ${among}`.execute(reading.reader);
    for (const row of rows) found.set(row.ref, row.label);
  }
  return found;
}

/** Opens the catalog for other features. */
export function createCatalogReading(reading: Reading): CatalogReading {
  const { db, reader } = reading;
  return {
    describe: (refs) => describe(reading, refs),
    async bodyOf(ref) {
      const row = await reader
        .selectFrom('catalog_entity')
        .innerJoin('catalog_body', 'catalog_body.entity_id', 'catalog_entity.id')
        .select('catalog_body.body')
        .where('catalog_entity.ref', '=', ref)
        .executeTakeFirst();
      return row?.body;
    },
    async refs(after, limit, condition) {
      const { rows } = await sql<{
        ref: string;
      }>`select e.ref from catalog_entity e where e.ref > ${after ?? ''} and ${await visible(reading, condition)} order by e.ref limit ${limit}`.execute(
        reader,
      );
      return rows.map((row) => row.ref);
    },
    async ownedBy(owners) {
      const rows = await db.selectByKeys<{ ref: string }>(reader, {
        table: 'catalog_entity',
        column: 'owner',
        type: 'text',
        values: owners,
        select: ['ref'],
      });
      return rows.map((row) => row.ref);
    },
    async matching(refs, condition) {
      return refsFulfilling(reading, refs, condition);
    },
    async seenWith(condition, at) {
      const known = await findInMemory(reading, simplify(condition), at, false);
      const seen = known ? marked(db.dialect, known.mask) : await visible(reading, condition);
      return {
        holds: (ref) => sql<SqlBool>`exists (select 1 from catalog_entity e where e.ref = ${ref} and ${seen})`,
        ...(known && {
          byId: { idOf: (ref) => sql`(select e.id from catalog_entity e where e.ref = ${ref})`, mask: known.mask },
        }),
      };
    },
    async groupsOf(userRef) {
      return ((await membershipsOf(reading, [userRef])).get(userRef) ?? []).map(({ group }) => group);
    },
    async usersByEmail(email) {
      const rows = await reader
        .selectFrom('catalog_term')
        .innerJoin('catalog_key', 'catalog_key.id', 'catalog_term.key_id')
        .innerJoin('catalog_entity', 'catalog_entity.id', 'catalog_term.entity_id')
        .select('catalog_entity.ref')
        .distinct()
        .where('catalog_key.key', '=', termKey('spec.profile.email'))
        .where('catalog_term.value', '=', termValue(email))
        .where('catalog_entity.kind', '=', 'user')
        .orderBy('catalog_entity.ref')
        .limit(10)
        .execute();
      return rows.map((row) => row.ref);
    },
    membershipsOf: (refs) => membershipsOf(reading, refs),
    peopleOf: (limit) => peopleOf(reading, limit),
    countOf: (condition) => countOf(reading, condition),
  };
}
