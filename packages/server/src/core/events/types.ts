import type { JsonObject } from '@callboard/model';
import type { RawBuilder } from 'kysely';
import type { Executor } from '../db/index.ts';

/** Something that happened, as told to `append`. `type` is `<feature>.<thing>.<verb>`, `subject` what it happened to. */
export type NewEvent = { type: string; subject: string; data?: JsonObject; actor?: string };

/** An event of the log. A higher id was committed later. `at` is in epoch milliseconds. */
export type StoredEvent = {
  id: number;
  at: number;
  type: string;
  subject: string;
  data: JsonObject | null;
  actor: string | null;
};

export type EventQuery = { after?: number; limit: number; types?: string[]; subjects?: string[] };

/** How far a consumer is, for Admin. `failures` counts the attempts at the present batch that failed, `error` is the last one. */
export type ConsumerState = {
  name: string;
  cursor: number;
  behind: number;
  failures: number;
  error: string | null;
  updatedAt: number;
};

export type ConsumerOptions = {
  /** Where a consumer without a cursor starts: with the oldest event kept, or with those to come. */
  from?: 'beginning' | 'now';
  /** Most events per call. */
  batch?: number;
  /** Waiting time after the first failure; doubles with each further one up to a minute. */
  backoffMs?: number;
  /** While whole pages keep coming, waits until whoever makes them is done, a minute at most: for work that nobody waits for. */
  patient?: boolean;
};

/** The event log. See `index.ts`. */
export type Events = {
  /** Adds events; they are stored with the transaction, right before it commits, and get their ids in the order of the commits. */
  append(tx: Executor, events: readonly NewEvent[]): Promise<void>;

  /** The next events after a cursor, oldest first. The cursor of the answer also skips what the filter left out. */
  read(query: EventQuery): Promise<{ events: StoredEvent[]; cursor: number }>;

  /** The cursor of the newest event, or 0. */
  latest(): Promise<number>;

  /** The same as an expression, for a statement that must know at which cursor it has read. */
  newest: RawBuilder<number>;

  /** As an expression, the cursor up to which a consumer has taken events in; null when it never has. */
  cursorOf(consumer: string): RawBuilder<number | null>;

  /**
   * Gives all events to `handler`, in batches, in order, at least once; a batch is given again until the handler succeeds.
   * With several replicas one of them is the consumer. Returns the off switch, which waits for a running handler.
   */
  consume(
    name: string,
    handler: (events: StoredEvent[]) => Promise<void>,
    options?: ConsumerOptions,
  ): () => Promise<void>;

  /** Calls `callback` soon after events were committed, by any replica; possibly also without cause. Returns the off switch. */
  onAppend(callback: () => void): () => void;

  consumers(): Promise<ConsumerState[]>;

  /** Removes events that are both older than 30 days and not among the newest 1,000,000 (or as given). Returns how many. */
  prune(keep?: { days?: number; rows?: number }): Promise<number>;
};
