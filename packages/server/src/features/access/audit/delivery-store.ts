import type { Database } from '../../../core/db/index.ts';

type Row = {
  name: string;
  entry: number;
  sent_at: number | null;
  problem: string | null;
  fix: string | null;
  problem_since: number | null;
};
type Tables = { access_audit_delivery: Row; access_audit_chain: { name: string; entry: number; hash: string } };

/** How far entries were sent. */
export type DeliveryState = {
  /** id of the last entry that was sent */
  sent: number;
  /** id of the last entry there is */
  last: number;
  sentAt?: number;
  problem?: { message: string; fix: string; since: number };
};

const name = 'syslog';

/** All SQL of sending the audit to others. */
export function createDeliveryStore(db: Database) {
  const write = (work: Parameters<typeof db.transaction<Tables, void>>[0]) => db.transaction<Tables, void>(work);
  return {
    /** Where it stands; undefined before it has begun. */
    async state(): Promise<DeliveryState | undefined> {
      const reader = db.reader<Tables>();
      const [row, end] = await Promise.all([
        reader.selectFrom('access_audit_delivery').selectAll().where('name', '=', name).executeTakeFirst(),
        reader.selectFrom('access_audit_chain').select('entry').where('name', '=', 'end').executeTakeFirst(),
      ]);
      if (!row) return undefined;
      const { problem, fix, problem_since: since, sent_at: sentAt } = row;
      return {
        sent: Number(row.entry),
        last: Number(end?.entry ?? 0),
        ...(sentAt !== null && { sentAt: Number(sentAt) }),
        ...(problem !== null && { problem: { message: problem, fix: fix ?? '', since: Number(since) } }),
      };
    },
    /** Begins with what comes from now on. */
    begin: () =>
      write(async (tx) => {
        const end = await tx
          .selectFrom('access_audit_chain')
          .select('entry')
          .where('name', '=', 'end')
          .executeTakeFirstOrThrow();
        const row = { name, entry: end.entry, sent_at: null, problem: null, fix: null, problem_since: null };
        await tx
          .insertInto('access_audit_delivery')
          .values(row)
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute();
      }),
    /** Everything up to an entry was sent. */
    sent: (entry: number) =>
      write(async (tx) => {
        await tx
          .updateTable('access_audit_delivery')
          .set({ entry, sent_at: Date.now(), problem: null, fix: null, problem_since: null })
          .where('name', '=', name)
          .execute();
      }),
    /** Nothing can be sent; since when is kept for as long as that lasts. */
    failed: ({ message, fix }: { message: string; fix: string }) =>
      write(async (tx) => {
        await tx
          .updateTable('access_audit_delivery')
          .set((build) => ({
            problem: message.slice(0, 2000),
            fix: fix.slice(0, 2000),
            problem_since: build.fn.coalesce('problem_since', build.val(Date.now())),
          }))
          .where('name', '=', name)
          .execute();
      }),
  };
}
