import { randomBytes } from 'node:crypto';
import type { Database } from '../../core/db/index.ts';
import type { Note } from './site/types.ts';
import type { RenderedPage } from './render/types.ts';

type TechdocsTables = {
  techdocs_page: { key: string; body: string; size: number; used_at: number };
  techdocs_site: {
    ref: string;
    fingerprint: string;
    title: string;
    pages: number;
    words: number;
    problems: string;
    checked_at: number;
    changed_at: number | null;
  };
  techdocs_key: { name: string; value: string };
};

/** What the last reading of a whole site found. Times are epoch milliseconds. */
export type SiteRecord = {
  ref: string;
  fingerprint: string;
  title: string;
  pages: number;
  words: number;
  problems: Note[];
  checkedAt: number;
  /** last change of any page, where the documents come from Git */
  changedAt?: number;
};

const day = 86_400_000;
/** How long a page is kept that nobody looks at, and how many characters of pages there are at most. */
const kept = { days: 30, characters: 2_000_000_000 };

/** All SQL of this feature. */
export function createStore(db: Database) {
  const reader = () => db.reader<TechdocsTables>();
  const toRecord = (row: TechdocsTables['techdocs_site']): SiteRecord => ({
    ref: row.ref,
    fingerprint: row.fingerprint,
    title: row.title,
    pages: Number(row.pages),
    words: Number(row.words),
    problems: JSON.parse(row.problems) as Note[],
    checkedAt: Number(row.checked_at),
    ...(row.changed_at !== null && { changedAt: Number(row.changed_at) }),
  });
  let siteChanges = 0;
  return {
    /** Grows whenever this replica writes down what it has found of a site. */
    siteChanges: () => siteChanges,
    /** Pages by key; those that are not there are missing. */
    async pages(keys: readonly string[], now: number): Promise<Map<string, RenderedPage>> {
      const rows = await db.selectByKeys<{ key: string; body: string; used_at: number }>(reader(), {
        table: 'techdocs_page',
        column: 'key',
        type: 'text',
        values: keys,
        select: ['key', 'body', 'used_at'],
      });
      const old = rows.filter((row) => now - Number(row.used_at) > day).map((row) => row.key);
      if (old.length > 0)
        await db.transaction<TechdocsTables>(async (tx) => {
          for (let start = 0; start < old.length; start += 500)
            await tx
              .updateTable('techdocs_page')
              .set({ used_at: now })
              .where('key', 'in', old.slice(start, start + 500))
              .execute();
        });
      return new Map(rows.map(({ key, body }) => [key, JSON.parse(body) as RenderedPage]));
    },
    async putPages(pages: readonly { key: string; page: RenderedPage }[], now: number): Promise<void> {
      const rows = new Map(
        pages.map(({ key, page }) => {
          const body = JSON.stringify(page);
          return [key, [key, body, body.length, now]];
        }),
      );
      if (rows.size === 0) return;
      await db.transaction((tx) =>
        db.insertMany(tx, {
          table: 'techdocs_page',
          columns: { key: 'text', body: 'text', size: 'integer', used_at: 'integer' },
          rows: [...rows.values()],
          conflict: { columns: ['key'], action: { update: ['body', 'size', 'used_at'] } },
        }),
      );
    },
    async site(ref: string): Promise<SiteRecord | undefined> {
      const row = await reader().selectFrom('techdocs_site').selectAll().where('ref', '=', ref).executeTakeFirst();
      return row && toRecord(row);
    },
    /** Everything but the problems, which may be many. */
    async sites(): Promise<Map<string, Pick<SiteRecord, 'pages' | 'checkedAt' | 'changedAt'> & { problems: number }>> {
      const rows = await reader().selectFrom('techdocs_site').selectAll().execute();
      return new Map(
        rows.map((row) => {
          const { ref, problems, ...record } = toRecord(row);
          const counted = problems.filter(({ severity }) => severity !== 'information').length;
          return [ref, { ...record, problems: counted }];
        }),
      );
    },
    async putSite(record: SiteRecord): Promise<void> {
      const { ref, fingerprint, title, pages, words, problems, checkedAt } = record;
      const rest = {
        fingerprint,
        title,
        pages,
        words,
        problems: JSON.stringify(problems),
        checked_at: checkedAt,
        changed_at: record.changedAt ?? null,
      };
      await db.transaction<TechdocsTables>(async (tx) => {
        await tx
          .insertInto('techdocs_site')
          .values({ ref, ...rest })
          .onConflict((conflict) => conflict.column('ref').doUpdateSet(rest))
          .execute();
      });
      siteChanges += 1;
    },
    /** Remembers that something has been said of an entity whose documents could never be read. */
    async markSite(ref: string): Promise<void> {
      const empty = { fingerprint: '', title: '', pages: 0, words: 0, problems: '[]', checked_at: 0, changed_at: null };
      await db.transaction<TechdocsTables>(async (tx) => {
        await tx
          .insertInto('techdocs_site')
          .values({ ref, ...empty })
          .onConflict((conflict) => conflict.column('ref').doNothing())
          .execute();
      });
    },
    async removeSite(ref: string): Promise<void> {
      await db.transaction<TechdocsTables>(async (tx) => {
        await tx.deleteFrom('techdocs_site').where('ref', '=', ref).execute();
      });
      siteChanges += 1;
    },
    /** What passes to sites in frames are signed with; made when there is none, the same for all replicas. */
    async frameKey(): Promise<string> {
      const find = () =>
        reader().selectFrom('techdocs_key').select('value').where('name', '=', 'frames').executeTakeFirst();
      const known = await find();
      if (known) return known.value;
      await db.transaction<TechdocsTables>(async (tx) => {
        await tx
          .insertInto('techdocs_key')
          .values({ name: 'frames', value: randomBytes(32).toString('base64url') })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute();
      });
      return (await find())!.value;
    },
    /** Forgets pages that nobody has looked at for long, and the oldest ones when there are too many. */
    async prune(now: number): Promise<void> {
      await db.transaction<TechdocsTables>(async (tx) => {
        await tx
          .deleteFrom('techdocs_page')
          .where('used_at', '<', now - kept.days * day)
          .execute();
      });
      for (let days = kept.days - 1; days > 0; days -= 1) {
        const { size } = await reader()
          .selectFrom('techdocs_page')
          .select((select) => select.fn.sum<number>('size').as('size'))
          .executeTakeFirstOrThrow();
        if (Number(size ?? 0) <= kept.characters) return;
        await db.transaction<TechdocsTables>(async (tx) => {
          await tx
            .deleteFrom('techdocs_page')
            .where('used_at', '<', now - days * day)
            .execute();
        });
      }
    },
  };
}

export type Store = ReturnType<typeof createStore>;
