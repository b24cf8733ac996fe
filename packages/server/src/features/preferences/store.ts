import type { JsonValue } from '@callboard/model';
import type { Database } from '../../core/db/index.ts';
import { preferencesErrors } from './errors.ts';

type PreferencesTables = {
  preferences_entry: { user_ref: string; key: string; value: string; updated_at: number };
};

export type Entry = { key: string; value: JsonValue; updatedAt: number };

/** What one key may hold, and how many keys one person may have: the table must not become a disk for others. */
export const limits = { bytes: 256 * 1024, keys: 500 } as const;

/** All SQL of this feature. Every function is about one person; there is no way to ask for everybody's. */
export function createStore(db: Database) {
  const entriesOf = (user: string) =>
    db.reader<PreferencesTables>().selectFrom('preferences_entry').where('user_ref', '=', user);
  const toEntry = (row: { key: string; value: string; updated_at: number }): Entry => ({
    key: row.key,
    value: JSON.parse(row.value) as JsonValue,
    updatedAt: Number(row.updated_at),
  });
  return {
    async all(user: string, keys: readonly string[]): Promise<Entry[]> {
      if (keys.length === 0) return [];
      const rows = await entriesOf(user)
        .select(['key', 'value', 'updated_at'])
        .where('key', 'in', [...keys])
        .orderBy('key')
        .execute();
      return rows.map(toEntry);
    },
    async get(user: string, key: string): Promise<Entry | undefined> {
      const row = await entriesOf(user)
        .select(['key', 'value', 'updated_at'])
        .where('key', '=', key)
        .executeTakeFirst();
      return row && toEntry(row);
    },
    async put(user: string, key: string, value: JsonValue, now: number): Promise<Entry> {
      // Characters that the databases do not keep alike never reach them: JSON text escapes NUL.
      const text = JSON.stringify(value);
      const size = Buffer.byteLength(text);
      if (size > limits.bytes) throw preferencesErrors.tooLarge({ key, size, limit: limits.bytes });
      await db.transaction<PreferencesTables, void>(async (tx) => {
        const changed = await tx
          .updateTable('preferences_entry')
          .set({ value: text, updated_at: now })
          .where('user_ref', '=', user)
          .where('key', '=', key)
          .executeTakeFirst();
        if (Number(changed.numUpdatedRows) > 0) return;
        const { count } = await tx
          .selectFrom('preferences_entry')
          .select((select) => select.fn.countAll<number>().as('count'))
          .where('user_ref', '=', user)
          .executeTakeFirstOrThrow();
        if (Number(count) >= limits.keys) throw preferencesErrors.tooMany({ user, limit: limits.keys });
        await tx
          .insertInto('preferences_entry')
          .values({ user_ref: user, key, value: text, updated_at: now })
          .onConflict((conflict) => conflict.columns(['user_ref', 'key']).doUpdateSet({ value: text, updated_at: now }))
          .execute();
      });
      return { key, value, updatedAt: now };
    },
    async remove(user: string, key: string): Promise<boolean> {
      return db.transaction<PreferencesTables, boolean>(async (tx) => {
        const gone = await tx
          .deleteFrom('preferences_entry')
          .where('user_ref', '=', user)
          .where('key', '=', key)
          .executeTakeFirst();
        return Number(gone.numDeletedRows) > 0;
      });
    },
  };
}

export type Store = ReturnType<typeof createStore>;
