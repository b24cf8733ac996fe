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
  /** what it tells of, for clients that decide on it again */
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
  /** Subjects that begin so are no entities: who may search may find them. Made of characters that no ref begins with. */
  openPrefix?: string;
  /** All subjects in an order of their own, page by page; an empty page is the end. */
  subjects(after: string | undefined, limit: number): Promise<string[]>;
};

/**
 * What the asker may see: given the column of a document's subject, the condition under which it may be found. It becomes part of every
 * query, so that nothing else is ranked, counted or corrected to.
 */
export type SearchScope = (subject: RawBuilder<string>) => RawBuilder<SqlBool>;
