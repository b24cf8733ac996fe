/** How a database thread opens its file. `lockFile` is held exclusively as long as the thread lives. */
export type ThreadSettings = { file: string; readOnly: boolean; lockFile?: string; cacheKibibytes: number };

/** From the main thread. `many` runs the statement once per row. `limitMs` is checked between rows. `readOnly` refuses what writes. */
export type ThreadRequest =
  | {
      id: number;
      type: 'query';
      sql: string;
      parameters: readonly unknown[];
      limitMs: number;
      readOnly?: boolean;
    }
  | { id: number; type: 'many'; sql: string; rows: readonly (readonly unknown[])[] }
  | { id: number; type: 'close' };

/** What is left of an SQLite error on its way through a message. */
export type ThreadFault = {
  message: string;
  code?: number;
  locked?: boolean;
  timedOut?: boolean;
  tooLarge?: boolean;
  opening?: boolean;
};

/** Rows travel as arrays: their keys are sent once. `more`: this is a part of the answer, and others follow. */
export type ThreadReply = {
  id: number;
  columns?: string[];
  rows?: unknown[][];
  more?: boolean;
  changes?: number;
  insertId?: number | bigint;
  fault?: ThreadFault;
};
