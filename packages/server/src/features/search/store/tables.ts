/** The index that answers, or the one that is being built. Each has tables of its own: `search_document_a`, `search_document_b` … */
export type Slot = 'a' | 'b';

export const otherSlot = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

type SlotTables<S extends Slot> = {
  [Name in `search_subject_${S}`]: { source: string; subject: string; version: number };
} & { [Name in `search_document_${S}`]: DocumentRow } & {
  [Name in `search_body_${S}`]: { document_id: number; body: string };
} & { [Name in `search_value_${S}`]: { document_id: number; name: string; value: string } } & {
  [Name in `search_word_${S}`]: { id: number; word: string; head: number };
};

/** Rows of search's tables. `source` is the type of the documents, `subject` the thing they tell of. Times are epoch milliseconds. */
export type SearchTables = SlotTables<'a'> &
  SlotTables<'b'> & { search_state: StateRow; search_use: UseRow; search_miss: MissRow };

export type DocumentRow = {
  id: number;
  source: string;
  subject: string;
  key: string;
  title: string;
  kind: string | null;
  owner: string | null;
  deprecated: number;
  weight: number;
  /** see `AnalysedDocument` */
  joined_names: string | null;
  profile: string;
  /** whose readers may find it; empty for everybody */
  entity_ref: string;
};

/** One row. `source` and `after` say how far the building has come. */
export type StateRow = {
  id: number;
  active: Slot;
  building: Slot | null;
  fingerprint: string;
  build_fingerprint: string | null;
  source: string | null;
  after: string | null;
  documents: number;
  started_at: number | null;
  built_at: number | null;
};

/**
 * The state, the id of the newest document of the index that answers (0 when it has none), the newest event, and the event up to which
 * the index has taken in what happened (null before the first).
 */
export type IndexState = StateRow & { last: number; at: number; heard: number | null };

/** How often a document was opened after a search; `term` is empty for all searches together. */
export type UseRow = { document: string; term: string; opens: number; last_at: number };

export type MissRow = { term: string; count: number; first_at: number; last_at: number };
