import type { OrganizationResponse, OwnershipResponse } from '@callboard/model/http';
import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { calledAs, headsOf, visible } from './heads.ts';
import type { Reading } from './reading.ts';
import { declaredBySeen, refsWithin } from './within.ts';

type Group = OrganizationResponse['groups'][number];

const add = <Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value) => {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
};

/** A group and all groups below it, each once, also when they stand in a circle. */
function below(ref: string, children: ReadonlyMap<string, string[]>): Set<string> {
  const found = new Set([ref]);
  for (const group of found) for (const child of children.get(group) ?? []) found.add(child);
  return found;
}

async function readOrganization(reading: Reading, scope: EntityPredicate | undefined): Promise<OrganizationResponse> {
  const [seen, label] = await Promise.all([visible(reading, scope), calledAs(reading)]);
  const known = scope ? sql` and ${declaredBySeen(seen)}` : sql``;
  const pairs = (kind: string, type: string) =>
    sql<{ source: string; target: string | null }>`select e.ref as source, r.target from catalog_entity e
      left join catalog_relation r on r.source = e.ref and r.type = ${type}${known} where e.kind = ${kind} and ${seen}`.execute(
      reading.reader,
    );
  const [groups, parents, members, owned] = await Promise.all([
    sql<{
      ref: string;
      label: string;
      type: string | null;
    }>`select e.ref, ${label} as label, e.type from catalog_entity e
      where e.kind = 'group' and ${seen}`.execute(reading.reader),
    pairs('group', 'childOf'),
    pairs('user', 'memberOf'),
    sql<{ owner: string; count: number }>`select e.owner, count(*) as count from catalog_entity e
      where e.owner is not null and ${seen} group by e.owner`.execute(reading.reader),
  ]);
  const parentsOf = new Map<string, string[]>();
  const childrenOf = new Map<string, string[]>();
  for (const { source, target } of parents.rows) {
    if (target === null) continue;
    add(parentsOf, source, target);
    add(childrenOf, target, source);
  }
  const membersOf = new Map<string, string[]>();
  for (const { source, target } of members.rows) if (target !== null) add(membersOf, target, source);
  const countOf = new Map(owned.rows.map(({ owner, count }) => [owner, Number(count)]));
  const toGroup = (row: (typeof groups.rows)[number]): Group => {
    const all = [...below(row.ref, childrenOf)];
    return {
      entityRef: row.ref,
      label: row.label,
      ...(row.type && { type: row.type }),
      parents: [...new Set(parentsOf.get(row.ref))].sort(),
      people: {
        direct: membersOf.get(row.ref)?.length ?? 0,
        total: new Set(all.flatMap((ref) => membersOf.get(ref) ?? [])).size,
      },
      owned: {
        direct: countOf.get(row.ref) ?? 0,
        total: all.reduce((sum, ref) => sum + (countOf.get(ref) ?? 0), 0),
      },
    };
  };
  return {
    groups: groups.rows
      .map(toGroup)
      .sort((a, b) => a.label.localeCompare(b.label, 'en') || (a.entityRef < b.entityRef ? -1 : 1)),
    people: new Set(members.rows.map(({ source }) => source)).size,
    withoutGroup: members.rows.filter(({ target }) => target === null).length,
  };
}

/** All groups with whose children they are, how many people are in them, and how much they own. */
export async function organization(
  reading: Reading,
  scope: EntityPredicate | undefined,
): Promise<OrganizationResponse> {
  const key = `organization ${JSON.stringify(scope)}`;
  return reading.cache.get(key, await reading.version(), () => readOrganization(reading, scope));
}

/** What a group or person owns, itself and through groups: counted by kind and type, and by who names it as owner. */
export async function ownershipOf(
  reading: Reading,
  query: { root: string; scope?: EntityPredicate },
): Promise<OwnershipResponse | undefined> {
  const { root, scope } = query;
  const seen = await visible(reading, scope);
  const known = scope ? sql` and ${declaredBySeen(seen)}` : sql``;
  const within = refsWithin([root], scope && seen);
  const [exists, owners, counts, people] = await Promise.all([
    sql`select 1 from catalog_entity e where e.ref = ${root} and ${seen}`.execute(reading.reader),
    sql<{
      ref: string;
      count: number;
    }>`select w.ref, count(e.id) as count from (select distinct ref from (${within}) t) w
      left join catalog_relation r on r.target = w.ref and r.type = 'ownedBy'${known} left join catalog_entity e on e.ref = r.source and ${seen}
      group by w.ref`.execute(reading.reader),
    sql<{ kind: string; type: string | null; direct: number; total: number }>`select e.kind, e.type,
      count(distinct case when r.target = ${root} then e.id end) as direct, count(distinct e.id) as total
      from catalog_relation r join catalog_entity e on e.ref = r.source
      where r.type = 'ownedBy' and r.target in (${within}) and ${seen}${known} group by e.kind, e.type`.execute(
      reading.reader,
    ),
    sql<{ direct: number; total: number }>`select count(distinct case when r.target = ${root} then e.id end) as direct,
      count(distinct e.id) as total from catalog_relation r join catalog_entity e on e.ref = r.source
      where r.type = 'memberOf' and r.target in (${within}) and e.kind = 'user' and ${seen}${known}`.execute(
      reading.reader,
    ),
  ]);
  if (exists.rows.length === 0) return undefined;
  const countOf = new Map(owners.rows.map(({ ref, count }) => [ref, Number(count)]));
  const others = [...countOf.keys()].filter((ref) => ref !== root).sort();
  const heads = await headsOf(reading, [root, ...others], scope);
  const kinds = new Map(reading.kinds.all.map(({ kind }) => [kind.toLowerCase(), kind]));
  return {
    entityRef: root,
    owners: heads.map(({ entityRef, label, exists: isKnown }) => ({
      entityRef,
      label,
      exists: isKnown,
      count: countOf.get(entityRef) ?? 0,
    })),
    counts: counts.rows
      .map(({ kind, type, direct, total }) => ({
        kind: kinds.get(kind) ?? kind,
        ...(type !== null && { type }),
        direct: Number(direct),
        total: Number(total),
      }))
      .sort((a, b) => (a.kind === b.kind ? b.total - a.total : a.kind < b.kind ? -1 : 1)),
    people: { direct: Number(people.rows[0]!.direct), total: Number(people.rows[0]!.total) },
  };
}
