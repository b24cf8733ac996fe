import type { Kysely } from 'kysely';
import type { Dialect, DatabaseStatistics } from './types.ts';

/** What each of the two databases brings; everything else in this room is written once on top of it. */
export type Backend = {
  dialect: Dialect;
  reader: Kysely<any>;
  frequent: Kysely<any>;
  writer: Kysely<any>;
  /** Whether running the whole transaction again may help: a collision, or a connection lost before the commit. */
  isRetryable(error: unknown): boolean;
  /** Tells other replicas, inside the transaction. Absent where there are none. */
  announce?(tx: Kysely<any>, channels: string[]): Promise<void>;
  /** Gives the channels that other replicas announce. Absent where there are none. */
  subscribe?(channel: string): void;
  counters(): Pick<DatabaseStatistics, 'statements' | 'restarts' | 'waitingReaders' | 'waitingWriters'>;
  close(): Promise<void>;
};
