import type { Database } from '../../../../core/db/index.ts';
import { listOf, type SignInTables } from './tables.ts';

/** A browser in which somebody is signed in. */
export type Session = {
  id: string;
  userRef: string;
  provider: string;
  kind: 'user' | 'guest';
  /** what the provider said of their groups */
  claims: string[];
  address: string;
  agent: string;
  createdAt: number;
  seenAt: number;
  expiresAt: number;
};

const toSession = (row: SignInTables['access_session']): Session => ({
  id: row.id,
  userRef: row.user_ref,
  provider: row.provider,
  kind: row.kind === 'guest' ? 'guest' : 'user',
  claims: listOf(row.claims),
  address: row.address,
  agent: row.agent,
  createdAt: Number(row.created_at),
  seenAt: Number(row.seen_at),
  expiresAt: Number(row.expires_at),
});

const mostShown = 1_000;

/** All SQL about sessions. */
export function createSessionStore(db: Database) {
  const reader = () => db.reader<SignInTables>();
  const count = (result: { numDeletedRows: bigint }) => Number(result.numDeletedRows);
  return {
    async add(hash: string, session: Session): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx
          .insertInto('access_session')
          .values({
            hash,
            id: session.id,
            user_ref: session.userRef,
            provider: session.provider,
            kind: session.kind,
            claims: JSON.stringify(session.claims),
            address: session.address,
            agent: session.agent,
            created_at: session.createdAt,
            seen_at: session.seenAt,
            expires_at: session.expiresAt,
          })
          .execute();
      });
    },
    async find(hash: string): Promise<Session | undefined> {
      const row = await reader().selectFrom('access_session').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row && toSession(row);
    },
    async seen(hash: string, now: number): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx.updateTable('access_session').set({ seen_at: now }).where('hash', '=', hash).execute();
      });
    },
    /** Sessions of one person, or of everybody, the latest first. */
    async list(userRef?: string): Promise<Session[]> {
      const rows = await reader()
        .selectFrom('access_session')
        .selectAll()
        .$if(userRef !== undefined, (query) => query.where('user_ref', '=', userRef!))
        .orderBy('seen_at', 'desc')
        .orderBy('id')
        .limit(mostShown)
        .execute();
      return rows.map(toSession);
    },
    async end(hash: string): Promise<number> {
      return db.transaction<SignInTables, number>(async (tx) =>
        count(await tx.deleteFrom('access_session').where('hash', '=', hash).executeTakeFirst()),
      );
    },
    /** Ends one session; with `userRef` only if it is that person's. */
    async endById(id: string, userRef?: string): Promise<number> {
      return db.transaction<SignInTables, number>(async (tx) =>
        count(
          await tx
            .deleteFrom('access_session')
            .where('id', '=', id)
            .$if(userRef !== undefined, (query) => query.where('user_ref', '=', userRef!))
            .executeTakeFirst(),
        ),
      );
    },
    async endAll(userRef: string, exceptHash = ''): Promise<number> {
      return db.transaction<SignInTables, number>(async (tx) =>
        count(
          await tx
            .deleteFrom('access_session')
            .where('user_ref', '=', userRef)
            .where('hash', '!=', exceptHash)
            .executeTakeFirst(),
        ),
      );
    },
    async prune(now: number, idleSince: number): Promise<number> {
      return db.transaction<SignInTables, number>(async (tx) =>
        count(
          await tx
            .deleteFrom('access_session')
            .where((where) => where.or([where('expires_at', '<=', now), where('seen_at', '<=', idleSince)]))
            .executeTakeFirst(),
        ),
      );
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;
