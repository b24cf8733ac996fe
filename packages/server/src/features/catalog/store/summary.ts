import type { Database } from '../../../core/db/index.ts';
import type { CatalogTables } from './tables.ts';

/** The catalog in figures. */
export type CatalogSummary = {
  entities: number;
  /** `empty`: targets that were read and hold no descriptor */
  sources: { total: number; failing: number; held: number; empty: string[] };
  problems: { errors: number; warnings: number };
};

export async function catalogSummary(db: Database): Promise<CatalogSummary> {
  const reader = db.reader<CatalogTables>();
  const [entities, states, empty, severities] = await Promise.all([
    reader
      .selectFrom('catalog_entity')
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
    reader
      .selectFrom('catalog_source')
      .select(['state', (select) => select.fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute(),
    reader
      .selectFrom('catalog_source')
      .select('target')
      .where('state', '=', 'ok')
      // What a plugin finds, or does not, is no question of names of files.
      .where('origin', '!=', 'plugin')
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('catalog_document')
              .select('catalog_document.id')
              .whereRef('catalog_document.source_id', '=', 'catalog_source.id')
              // The document that describes the source itself was led to by nothing.
              .where('parent_ref', 'is not', null),
          ),
        ),
      )
      .orderBy('id')
      .execute(),
    reader
      .selectFrom('catalog_problem')
      .select(['severity', (select) => select.fn.countAll<number>().as('count')])
      .groupBy('severity')
      .execute(),
  ]);
  const inState = (state: string) => Number(states.find((row) => row.state === state)?.count ?? 0);
  const withSeverity = (severity: string) => Number(severities.find((row) => row.severity === severity)?.count ?? 0);
  return {
    entities: Number(entities.count),
    sources: {
      total: states.reduce((sum, row) => sum + Number(row.count), 0),
      failing: inState('failing'),
      held: inState('held'),
      empty: empty.map((row) => row.target),
    },
    problems: { errors: withSeverity('error'), warnings: withSeverity('warning') },
  };
}
