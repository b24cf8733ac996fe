import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { Dialect } from '../../../core/db/index.ts';
import type { SearchScope } from '../types.ts';
import type { Slot } from './tables.ts';

/** What may be made of a document without asking who sees its entity: a byte for each, from the id `first` on. */
export type KnownDocuments = {
  first: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** for some the database has to be asked */
  unsure: boolean;
};
/** The bytes: 0, and everything beyond the last, is not seen. */
export const documentByte = { seen: 1, unsure: 2 } as const;

/** What the asker may find in an index. */
export type Visible = Pick<SearchScope, 'holds'> & { known?: KnownDocuments };

/** Whether the entity that a document tells of is seen; `document` is its name in the statement. */
export const seenDocument = ({ holds }: Visible, document: string): RawBuilder<SqlBool> => {
  const ref = sql.ref<string>(`${document}.entity_ref`);
  return sql<SqlBool>`(${ref} = '' or ${holds(ref)})`;
};

const byteOf = (dialect: Dialect, value: number) =>
  sql.raw(dialect === 'sqlite' ? `x'0${value}'` : `'\\x0${value}'::bytea`);

/** What a statement with `andSeen` begins with, so that what is known is handed over once however often it is looked at. */
export const withKnown = (dialect: Dialect, known: KnownDocuments | undefined): RawBuilder<unknown> => {
  if (!known) return sql`with `;
  const { bytes } = known;
  const given =
    dialect === 'sqlite' ? sql`${bytes}` : sql`${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)}::bytea`;
  return sql`with known (bytes) as (select ${given}), `;
};

/** Whether the asker may find the document of an id: `and …`, or nothing for who sees everything. */
export function andSeen(
  dialect: Dialect,
  slot: Slot,
  id: RawBuilder<unknown>,
  visible: Visible | undefined,
): RawBuilder<unknown> {
  if (!visible) return sql``;
  const asked = sql`exists (select 1 from ${sql.table(`search_document_${slot}`)} seen where seen.id = ${id} and ${seenDocument(visible, 'seen')})`;
  if (!visible.known) return sql` and ${asked}`;
  const { first, unsure } = visible.known;
  const byte = sql`substr((select bytes from known), cast(${id} - ${sql.lit(first - 1)} as integer), 1)`;
  const seen = byteOf(dialect, documentByte.seen);
  if (!unsure) return sql` and ${byte} = ${seen}`;
  return sql` and case ${byte} when ${seen} then true when ${byteOf(dialect, documentByte.unsure)} then ${asked} else false end`;
}
