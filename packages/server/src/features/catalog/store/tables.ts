/** Rows of the catalog's tables, as in `migrations/`. Times are epoch milliseconds; `text json` columns hold JSON text. */
export type CatalogTables = {
  catalog_source: SourceRow;
  catalog_document: DocumentRow;
  catalog_entity: EntityRow;
  catalog_body: { entity_id: number; body: string };
  catalog_relation: { source: string; type: string; target: string; entity_id: number };
  catalog_key: { id: number; key: string };
  catalog_term: { key_id: number; value: string; entity_id: number; original: string | null; item: number };
  catalog_claim: { ref: string; document_id: number };
  catalog_problem: ProblemRow;
  catalog_history: HistoryRow;
};

export type SourceRow = {
  id: number;
  key: string;
  origin: string;
  type: string;
  target: string;
  options: string;
  entity_ref: string | null;
  location_id: string | null;
  state: string;
  version: string | null;
  created_at: number;
  last_attempt_at: number | null;
  last_success_at: number | null;
  failing_since: number | null;
  error: string | null;
  held: string | null;
  /** text json: when it lost how many entities, of the last minutes */
  losses: string | null;
};

export type DocumentRow = {
  id: number;
  source_id: number;
  location: string;
  parent_ref: string | null;
  hash: string;
  version: string | null;
  dependencies: string;
  targets: string;
  read_at: number;
};

/**
 * `kind`, `namespace`, `name`, `title`, `type` (spec.type) and `lifecycle` (spec.lifecycle) hold the value as it is searched and sorted:
 * `termValue()` of a scalar, null when absent. The text as written stands in the body.
 */
export type EntityRow = {
  id: number;
  ref: string;
  uid: string;
  kind: string;
  namespace: string;
  name: string;
  /** what people call it: the display name of a person or team, else the title, else the name, as written */
  label: string;
  title: string | null;
  type: string | null;
  lifecycle: string | null;
  owner: string | null;
  system: string | null;
  document_id: number;
  source_id: number;
  location: string;
  line: number;
  hash: string;
  first_seen_at: number;
  updated_at: number;
};

export type ProblemRow = {
  id: number;
  source_id: number;
  document_id: number | null;
  entity_ref: string | null;
  owner: string | null;
  code: string;
  severity: string;
  message: string;
  fix: string;
  location: string | null;
  line: number | null;
  column: number | null;
  path: string | null;
  expected: string | null;
  found: string | null;
  first_seen_at: number;
  /** how the owner is known: `entity`, `document`, `codeowners`, `neighbour` or `source` */
  owner_evidence: string | null;
  /** the feature that has found it; null for the catalog */
  reporter: string | null;
};

export type HistoryRow = {
  id: number;
  ref: string;
  at: number;
  actor: string;
  action: string;
  changes: string | null;
  location: string | null;
  hash: string | null;
};
