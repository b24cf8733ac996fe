import type { JsonObject, JsonValue } from './json.ts';

/** A link shown on an entity's page. */
export type EntityLink = { url: string; title?: string; icon?: string; type?: string };

/** What every kind of entity may say about itself; unknown keys are kept. */
export type EntityMeta = {
  uid?: string;
  etag?: string;
  name: string;
  namespace?: string;
  title?: string;
  description?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  tags?: string[];
  links?: EntityLink[];
  [key: string]: JsonValue | EntityLink[] | undefined;
};

/** One edge as clients see it, in either direction. */
export type Relation = { type: string; targetRef: string };

/** One thing the catalog reports about an entity. */
export type EntityStatusItem = {
  type: string;
  level: 'info' | 'warning' | 'error';
  message: string;
  error?: { name: string; message: string; code?: string };
};

export type EntityStatus = { items?: EntityStatusItem[] };

/** One thing in the catalog, in the shape of a descriptor file plus what the server adds. */
export type Entity = {
  apiVersion: string;
  kind: string;
  metadata: EntityMeta;
  spec?: JsonObject;
  relations?: Relation[];
  status?: EntityStatus;
};
