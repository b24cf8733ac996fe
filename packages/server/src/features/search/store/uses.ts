import type { Kysely } from 'kysely';
import type { Database } from '../../../core/db/index.ts';
import type { SearchTables } from './tables.ts';

/** How a document is named where it outlives the index: its type and key. */
export const documentName = (type: string, key: string): string => `${type} ${key}`;

export type Use = { document: string; term: string; at: number };
export type Miss = { term: string; count: number; at: number };

const keptMisses = 10_000;

/** Counts what people open after a search, and what they search in vain. Nobody's name is kept. */
export function createUses(db: Database) {
  const reader = (): Kysely<SearchTables> => db.reader<SearchTables>();
  return {
    async countOpens(uses: readonly Use[]): Promise<void> {
      if (uses.length === 0) return;
      await db.transaction<SearchTables, void>(async (tx) => {
        for (const { document, term, at } of uses)
          for (const each of new Set(['', term]))
            await tx
              .insertInto('search_use')
              .values({ document, term: each, opens: 1, last_at: at })
              .onConflict((conflict) =>
                conflict
                  .columns(['document', 'term'])
                  .doUpdateSet((build) => ({ opens: build('search_use.opens', '+', 1), last_at: at })),
              )
              .execute();
      });
    },
    async countMisses(misses: readonly Miss[]): Promise<void> {
      await db.transaction<SearchTables, void>(async (tx) => {
        for (const { term, count, at } of misses)
          await tx
            .insertInto('search_miss')
            .values({ term, count, first_at: at, last_at: at })
            .onConflict((conflict) =>
              conflict
                .column('term')
                .doUpdateSet((build) => ({ count: build('search_miss.count', '+', count), last_at: at })),
            )
            .execute();
        const beyond = await tx
          .selectFrom('search_miss')
          .select('term')
          .orderBy('last_at', 'desc')
          .orderBy('term')
          .offset(keptMisses)
          .limit(1_000)
          .execute();
        await db.deleteByKeys(tx, {
          table: 'search_miss',
          column: 'term',
          type: 'text',
          values: beyond.map((row) => row.term),
        });
      });
    },
    misses: (limit: number) =>
      reader()
        .selectFrom('search_miss')
        .selectAll()
        .orderBy('count', 'desc')
        .orderBy('last_at', 'desc')
        .orderBy('term')
        .limit(limit)
        .execute(),
  };
}

export type Uses = ReturnType<typeof createUses>;
