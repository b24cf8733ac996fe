import { createHash } from 'node:crypto';
import type { JsonObject } from '@callboard/model';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Database } from '../../../core/db/index.ts';
import type { AuditEntry, AuditFilter, AuditResult, NewAuditEntry } from './types.ts';

type Row = Omit<AuditEntry, 'detail'> & { detail: string | null };
type Tables = { access_audit: Row; access_audit_chain: { name: string; entry: number; hash: string } };

/** What a check of the chain finds. */
export type Verification = {
  intact: boolean;
  entries: number;
  /** the first entry that is not what it was, or the number that is missing */
  broken?: { id: number; reason: string };
  /** hash of the newest entry: noted elsewhere, it proves later that nothing was taken away or made anew */
  head: string;
};

const columns = [
  'id',
  'at',
  'actor',
  'via',
  'address',
  'action',
  'operation',
  'subject',
  'result',
  'status',
  'request',
  'detail',
] as const;

/** Binds an entry to the one before it. */
export const hashOf = (previous: string, row: Omit<Row, 'hash'>): string =>
  createHash('sha256')
    .update(`${previous}\n${JSON.stringify(columns.map((column) => row[column]))}`)
    .digest('hex');

const entryOf = ({ detail, ...row }: Row): AuditEntry => ({
  ...row,
  id: Number(row.id),
  at: Number(row.at),
  status: Number(row.status),
  ...(detail !== null && { detail: JSON.parse(detail) as JsonObject }),
});

const numbered = (row: Row): Row => ({
  ...row,
  id: Number(row.id),
  at: Number(row.at),
  status: Number(row.status),
});

/** All SQL of the audit. Entries are only ever added at the end, and taken away at the beginning when they are old. */
export function createAuditStore(db: Database) {
  const reader = () => db.reader<Tables>();
  const pick = (filter: AuditFilter) => (build: ExpressionBuilder<Tables, 'access_audit'>) => {
    const { actor, action, subject, result, text, from, to } = filter;
    const pattern = text === undefined ? '' : `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
    const begins = (column: 'action' | 'subject', value: string) =>
      value.endsWith('*')
        ? sql<boolean>`${sql.ref(column)} like ${`${value.slice(0, -1).replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`
        : build(column, '=', value);
    return build.and([
      ...(actor === undefined ? [] : [build('actor', '=', actor)]),
      ...(action === undefined ? [] : [begins('action', action)]),
      ...(subject === undefined ? [] : [begins('subject', subject)]),
      ...(result === undefined ? [] : [build('result', '=', result as AuditResult)]),
      ...(from === undefined ? [] : [build('at', '>=', from)]),
      ...(to === undefined ? [] : [build('at', '<', to)]),
      ...(text === undefined
        ? []
        : [
            sql<boolean>`(lower(actor) like ${pattern} escape '\\' or lower(action) like ${pattern} escape '\\'
              or lower(subject) like ${pattern} escape '\\' or lower(operation) like ${pattern} escape '\\'
              or lower(address) like ${pattern} escape '\\' or lower(coalesce(detail, '')) like ${pattern} escape '\\')`,
          ]),
    ]);
  };

  return {
    async append(entries: readonly (NewAuditEntry & { at: number })[]): Promise<void> {
      if (entries.length === 0) return;
      await db.transaction<Tables, void>(async (tx) => {
        await db.exclusive(tx, 'access/audit');
        const end = await tx
          .selectFrom('access_audit_chain')
          .selectAll()
          .where('name', '=', 'end')
          .executeTakeFirstOrThrow();
        let { hash } = end;
        let id = Number(end.entry);
        const rows: Row[] = entries.map(({ detail, ...entry }) => {
          id += 1;
          const row = { ...entry, id, detail: detail ? JSON.stringify(detail) : null };
          hash = hashOf(hash, row);
          return { ...row, hash };
        });
        for (let start = 0; start < rows.length; start += 50)
          await tx
            .insertInto('access_audit')
            .values(rows.slice(start, start + 50))
            .execute();
        await tx.updateTable('access_audit_chain').set({ entry: id, hash }).where('name', '=', 'end').execute();
      });
    },
    /** The newest first. */
    async page(filter: AuditFilter, options: { limit: number; before?: number }): Promise<AuditEntry[]> {
      const rows = await reader()
        .selectFrom('access_audit')
        .selectAll()
        .where(pick(filter))
        .$if(options.before !== undefined, (query) => query.where('id', '<', options.before!))
        .orderBy('id', 'desc')
        .limit(options.limit)
        .execute();
      return rows.map(entryOf);
    },
    /** The oldest first, in pieces. @param since - only entries with a greater id */
    async *all(filter: AuditFilter, since = 0): AsyncGenerator<AuditEntry[]> {
      for (let after = since; ;) {
        const rows = await reader()
          .selectFrom('access_audit')
          .selectAll()
          .where(pick(filter))
          .where('id', '>', after)
          .orderBy('id')
          .limit(500)
          .execute();
        if (rows.length === 0) return;
        after = Number(rows.at(-1)!.id);
        yield rows.map(entryOf);
      }
    },
    async verify(): Promise<Verification> {
      const chain = new Map(
        (await reader().selectFrom('access_audit_chain').selectAll().execute()).map((row) => [row.name, row]),
      );
      const [start, end] = [chain.get('start'), chain.get('end')];
      const head = end?.hash ?? '';
      let hash = start?.hash ?? '';
      let id = Number(start?.entry ?? 0);
      let entries = 0;
      const broken = (at: number, reason: string): Verification => ({
        intact: false,
        entries,
        broken: { id: at, reason },
        head,
      });
      if (!start || !end) return broken(0, 'where the chain begins and ends is not known any more');
      const last = Number(end.entry);
      while (id < last) {
        const rows = await reader()
          .selectFrom('access_audit')
          .selectAll()
          .where('id', '>', id)
          .where('id', '<=', last)
          .orderBy('id')
          .limit(500)
          .execute();
        if (rows.length === 0) return broken(id + 1, 'this entry and those after it are missing');
        for (const row of rows.map(numbered)) {
          if (row.id !== id + 1) return broken(id + 1, 'this entry is missing');
          if (hashOf(hash, row) !== row.hash) return broken(row.id, 'this entry is not what was written');
          ({ hash, id } = row);
          entries += 1;
        }
      }
      return hash === head ? { intact: true, entries, head } : broken(id, 'the chain does not end where it should');
    },
    /** Takes away what is older, and moves the beginning of the chain. */
    async prune(before: number): Promise<number> {
      return db.transaction<Tables, number>(async (tx) => {
        await db.exclusive(tx, 'access/audit');
        const last = await tx
          .selectFrom('access_audit')
          .select(['id', 'hash'])
          .where('at', '<', before)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst();
        if (!last) return 0;
        const gone = await tx.deleteFrom('access_audit').where('id', '<=', last.id).executeTakeFirst();
        await tx
          .updateTable('access_audit_chain')
          .set({ entry: Number(last.id), hash: last.hash })
          .where('name', '=', 'start')
          .execute();
        return Number(gone.numDeletedRows);
      });
    },
  };
}

export type AuditStore = ReturnType<typeof createAuditStore>;
