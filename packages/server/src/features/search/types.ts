import type { JsonObject } from '@callboard/model';
import type { RawBuilder, SqlBool } from 'kysely';

/**
 * What a feature gives to be found. Each field says how much a match in it means; all but `title` and `location` may be left out.
 */
export type SearchDocument = {
  /** tells the documents of a type apart; stays the same as long as the thing does */
  key: string;
  /** what people read */
  title: string;
  /** machine names and other names of exactly this thing: name, e-mail address, operation id */
  names?: string[];
  tags?: string[];
  /** canonical ref of the owner, and what people call it */
  owner?: string;
  ownerName?: string;
  /** what it offers: methods, paths, messages */
  operations?: string[];
  /** labels, annotations, links, names of related things */
  facts?: string[];
  /** prose */
  text?: string;
  /** address in the portal */
  location: string;
  /** values that can be filtered by: `{ kind: ['component'], tag: ['java'] }`. Compared in lower case. */
  values?: Record<string, string[]>;
  deprecated?: boolean;
  /** between 0 and 1: how likely people want this rather than another thing that matches as well. 1 when absent. */
  weight?: number;
  /** more fields for clients, beside title, text and location */
  fields?: JsonObject;
  /** the entity that it tells of: who may read that may find it. The subject when absent. */
  resourceRef?: string;
};

/** Where documents of one type come from. Search knows sources by this interface only. */
export type SearchSource = {
  /** type of the documents, as clients name it */
  type: string;
  /** changes with the form of the documents; a new form has the index built anew */
  version: number;
  /** types of the events whose subjects changed, such as `catalog.entity.updated` */
  events: readonly string[];
  /** The documents of subjects as they are now. A subject that is missing in the answer has none. */
  toDocuments(subjects: readonly string[]): Promise<Map<string, SearchDocument[]>>;
  /** Subjects whose documents also show what the changed ones say. */
  affected?(subjects: readonly string[]): Promise<string[]>;
  /** Subjects are no entities: what has no `resourceRef` may be found by everybody who may search. */
  open?: boolean;
  /** All subjects in an order of their own, page by page; an empty page is the end. */
  subjects(after: string | undefined, limit: number): Promise<string[]>;
};

/**
 * What the asker may see of the catalog. It becomes part of every query, so that nothing else is ranked, counted or corrected to.
 */
export type SearchScope = {
  /** as a condition on the ref of an entity */
  holds(ref: RawBuilder<string>): RawBuilder<SqlBool>;
  /** the same by ids, where it is known: see `Seen` of the catalog */
  byId?: { idOf(ref: RawBuilder<string>): RawBuilder<number | null>; mask: Uint8Array<ArrayBuffer> };
};
