import type { LandscapeResponse } from '@callboard/model/http';
import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { visible } from './heads.ts';
import type { Reading } from './reading.ts';
import { declaredBySeen } from './within.ts';

type Box = { ref: string; label: string; type: string | null; owner: string | null; parent: string | null };
type Part = { ref: string; label: string; kind: string; type: string | null; system: string };

const parts = ['component', 'api', 'resource'];

const toBox = ({ ref, label, type, owner, parent }: Box) => ({
  entityRef: ref,
  label,
  ...(type && { type }),
  ...(owner && { owner }),
  ...(parent && { parent }),
});

async function readLandscape(
  reading: Reading,
  mostParts: number,
  scope: EntityPredicate | undefined,
): Promise<LandscapeResponse> {
  const seen = await visible(reading, scope);
  const known = scope ? sql` and ${declaredBySeen(seen)}` : sql``;
  const knownSystem = scope ? sql` and exists (select 1 from catalog_entity e where e.id = s.id and ${seen})` : sql``;
  const boxes = (kind: string) =>
    sql<Box>`select e.ref, e.label, e.type, e.owner, min(r.target) as parent from catalog_entity e
      left join catalog_relation r on r.source = e.ref and r.type = 'partOf' and r.target like 'domain:%'${known}
      where e.kind = ${kind} and ${seen} group by e.ref, e.label, e.type, e.owner order by e.label, e.ref`.execute(
      reading.reader,
    );
  const inSystems = sql`catalog_entity s join catalog_relation r on r.target = s.ref and r.type = 'partOf'${known}
    join catalog_entity e on e.ref = r.source where s.kind = 'system' and e.kind <> 'system' and ${seen}${knownSystem}`;
  const [domains, systems, counts, loose] = await Promise.all([
    boxes('domain'),
    boxes('system'),
    sql<{ system: string; kind: string; count: number }>`select r.target as system, e.kind, count(*) as count
      from ${inSystems} group by r.target, e.kind`.execute(reading.reader),
    sql<{
      count: number;
    }>`select count(*) as count from catalog_entity e where e.kind in (${sql.join(parts)}) and ${seen}
      and not exists (select 1 from catalog_relation r where r.source = e.ref and r.type = 'partOf'${known})`.execute(
      reading.reader,
    ),
  ]);
  const total = counts.rows.reduce((sum, { count }) => sum + Number(count), 0);
  const named =
    total > mostParts
      ? undefined
      : await sql<Part>`select e.ref, e.label, e.kind, e.type, r.target as system from ${inSystems} order by e.label, e.ref`.execute(
          reading.reader,
        );
  const kinds = new Map(reading.kinds.all.map(({ kind }) => [kind.toLowerCase(), kind]));
  const kindName = (kind: string) => kinds.get(kind) ?? kind;
  const countsOf = Map.groupBy(counts.rows, ({ system }) => system);
  return {
    domains: domains.rows.map(toBox),
    systems: systems.rows.map((row) => ({
      ...toBox(row),
      counts: (countsOf.get(row.ref) ?? [])
        .map(({ kind, count }) => ({ kind: kindName(kind), count: Number(count) }))
        .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)),
    })),
    ...(named && {
      parts: named.rows.map(({ ref, label, kind, type, system }) => ({
        entityRef: ref,
        label,
        kind: kindName(kind),
        ...(type && { type }),
        system,
      })),
    }),
    withoutSystem: Number(loose.rows[0]!.count),
  };
}

/** Domains, their systems, and what is in these: counted, and named where there are not too many. */
export async function landscape(
  reading: Reading,
  query: { parts: number; scope?: EntityPredicate },
): Promise<LandscapeResponse> {
  const key = `landscape ${query.parts} ${JSON.stringify(query.scope)}`;
  return reading.cache.get(key, await reading.version(), () => readLandscape(reading, query.parts, query.scope));
}
