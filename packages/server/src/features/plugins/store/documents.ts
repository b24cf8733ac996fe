import { createHash } from 'node:crypto';
import type { SearchDocument } from '@callboard/plugin-api';
import type { Database, Executor } from '../../../core/db/index.ts';
import type { Events } from '../../../core/events/index.ts';

type Tables = { plugins_document: { subject: string; source: string; body: string; hash: string } };

/** Its subjects are documents that are others than before. */
export const documentChanged = 'plugins.document.changed';
/** How subjects begin; no ref of an entity can. */
export const subjectPrefix = 'plugin-document:';

const slice = 500;
const hashOf = (body: string) => createHash('sha256').update(body).digest('hex');

/** What plugins gave to be found, by source: `announcements/entries`. */
export function createDocumentStore(db: Database, events: Events) {
  const tell = (tx: Executor, subjects: string[]) =>
    events.append(
      tx,
      subjects.map((subject) => ({ type: documentChanged, subject })),
    );
  return {
    /** Takes over everything that a source has now; tells of what is new, changed and gone. */
    replace: (source: string, documents: readonly SearchDocument[]) =>
      db.transaction<Tables, number>(async (tx) => {
        const rows = await tx
          .selectFrom('plugins_document')
          .select(['subject', 'hash'])
          .where('source', '=', source)
          .execute();
        const before = new Map(rows.map(({ subject, hash }) => [subject, hash]));
        const wanted = new Map<string, { body: string; hash: string }>();
        for (const document of documents) {
          const body = JSON.stringify(document);
          wanted.set(`${subjectPrefix}${source}/${document.id}`, { body, hash: hashOf(body) });
        }
        const gone = [...before.keys()].filter((subject) => !wanted.has(subject));
        const fresh = [...wanted].filter(([subject, { hash }]) => before.get(subject) !== hash);
        for (let start = 0; start < gone.length; start += slice)
          await tx
            .deleteFrom('plugins_document')
            .where('subject', 'in', gone.slice(start, start + slice))
            .execute();
        for (const [subject, { body, hash }] of fresh)
          await tx
            .insertInto('plugins_document')
            .values({ subject, source, body, hash })
            .onConflict((conflict) => conflict.column('subject').doUpdateSet({ body, hash }))
            .execute();
        const changed = [...gone, ...fresh.map(([subject]) => subject)];
        if (changed.length > 0) await tell(tx, changed);
        return changed.length;
      }),

    async sources(): Promise<string[]> {
      const rows = await db
        .reader<Tables>()
        .selectFrom('plugins_document')
        .select('source')
        .distinct()
        .orderBy('source')
        .execute();
      return rows.map(({ source }) => source);
    },

    async bySubject(subjects: readonly string[]): Promise<Map<string, { source: string; document: SearchDocument }>> {
      const found = new Map<string, { source: string; document: SearchDocument }>();
      for (let start = 0; start < subjects.length; start += slice) {
        const rows = await db
          .reader<Tables>()
          .selectFrom('plugins_document')
          .select(['subject', 'source', 'body'])
          .where('subject', 'in', subjects.slice(start, start + slice))
          .execute();
        for (const { subject, source, body } of rows)
          found.set(subject, { source, document: JSON.parse(body) as SearchDocument });
      }
      return found;
    },

    async subjects(after: string | undefined, limit: number): Promise<string[]> {
      const rows = await db
        .reader<Tables>()
        .selectFrom('plugins_document')
        .select('subject')
        .where('subject', '>', after ?? '')
        .orderBy('subject')
        .limit(limit)
        .execute();
      return rows.map(({ subject }) => subject);
    },
  };
}

export type DocumentStore = ReturnType<typeof createDocumentStore>;
