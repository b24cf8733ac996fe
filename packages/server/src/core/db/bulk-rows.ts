/** Travels as the only parameter of a statement: on SQLite one that is to run once per row, on PostgreSQL a COPY that takes the rows. */
export class BulkRows {
  readonly rows: readonly (readonly unknown[])[];

  constructor(rows: readonly (readonly unknown[])[]) {
    this.rows = rows;
  }
}

/** Text as both databases can hold it: PostgreSQL has no NUL characters, neither has lone surrogates. */
export const storableText = (text: string): string => {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
};
