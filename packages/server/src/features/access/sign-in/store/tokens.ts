import type { Database } from '../../../../core/db/index.ts';
import { listOf, type SignInTables } from './tables.ts';

/** A key to the API. `ref` is whoever acts with it. */
export type Token = {
  id: string;
  kind: 'personal' | 'service';
  ref: string;
  title: string;
  /** permissions, with `*`; absent for everything that its owner may do */
  grants?: string[];
  createdBy: string;
  createdAt: number;
  expiresAt?: number;
  usedAt?: number;
  usedFrom?: string;
};

const toToken = (row: SignInTables['access_token']): Token => ({
  id: row.id,
  kind: row.kind === 'service' ? 'service' : 'personal',
  ref: row.ref,
  title: row.title,
  grants: row.grants === null ? undefined : listOf(row.grants),
  createdBy: row.created_by,
  createdAt: Number(row.created_at),
  expiresAt: row.expires_at === null ? undefined : Number(row.expires_at),
  usedAt: row.used_at === null ? undefined : Number(row.used_at),
  usedFrom: row.used_from ?? undefined,
});

const mostShown = 1_000;

/** All SQL about tokens. */
export function createTokenStore(db: Database) {
  const reader = () => db.reader<SignInTables>();
  return {
    async add(hash: string, token: Token): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx
          .insertInto('access_token')
          .values({
            hash,
            id: token.id,
            kind: token.kind,
            ref: token.ref,
            title: token.title,
            grants: token.grants ? JSON.stringify(token.grants) : null,
            created_by: token.createdBy,
            created_at: token.createdAt,
            expires_at: token.expiresAt ?? null,
            used_at: null,
            used_from: null,
          })
          .execute();
      });
    },
    async find(hash: string): Promise<Token | undefined> {
      const row = await reader().selectFrom('access_token').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row && toToken(row);
    },
    async used(hash: string, now: number, address: string): Promise<void> {
      await db.transaction<SignInTables>(async (tx) => {
        await tx
          .updateTable('access_token')
          .set({ used_at: now, used_from: address })
          .where('hash', '=', hash)
          .execute();
      });
    },
    /** Tokens of one principal, or all of them, the newest first. */
    async list(ref?: string): Promise<Token[]> {
      const rows = await reader()
        .selectFrom('access_token')
        .selectAll()
        .$if(ref !== undefined, (query) => query.where('ref', '=', ref!).where('kind', '=', 'personal'))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(mostShown)
        .execute();
      return rows.map(toToken);
    },
    /** Revokes a token; with `ref` only if it is a personal one of theirs. */
    async revoke(id: string, ref?: string): Promise<boolean> {
      return db.transaction<SignInTables, boolean>(async (tx) => {
        const gone = await tx
          .deleteFrom('access_token')
          .where('id', '=', id)
          .$if(ref !== undefined, (query) => query.where('ref', '=', ref!).where('kind', '=', 'personal'))
          .executeTakeFirst();
        return Number(gone.numDeletedRows) > 0;
      });
    },
  };
}

export type TokenStore = ReturnType<typeof createTokenStore>;
