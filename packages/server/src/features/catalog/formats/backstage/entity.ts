import { hash } from 'node:crypto';
import {
  checkEnvelope,
  type Entity,
  entityTerms,
  type Fault,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Reference,
  relationsOf,
  showValue,
  stringifyEntityRef,
  type StoredRelation,
  type Term,
  nullTerm,
} from '@callboard/model';
import type { KindRegistry } from '../../kinds.ts';
import { termText, type TermText } from '../../term-text.ts';

/** An edge in its stored direction. */
export type PreparedRelation = StoredRelation;

/** An entity ready to be written: everything the catalog stores of it. */
export type PreparedEntity = {
  /** canonical, lower-case */
  ref: string;
  /** lower-case */
  kind: string;
  namespace: string;
  name: string;
  displayKind: string;
  /** what people call it: the display name of a person or team, else the title, else the name, as written */
  label: string;
  title: string | null;
  description: string | null;
  type: string | null;
  lifecycle: string | null;
  /** canonical ref of the first owner */
  owner: string | null;
  /** canonical ref of the system */
  system: string | null;
  /** JSON of the entity without uid, etag, relations and status */
  body: string;
  /** changes with the body and with the relations */
  hash: string;
  /** first line of its document */
  line: number;
  terms: TermText;
  relations: PreparedRelation[];
};

const core = ['apiVersion', 'kind'] as const;

/** The ref of a document as far as it has one, for naming it in problems. */
export function refOf(document: JsonObject): string | undefined {
  const metadata = isJsonObject(document.metadata) ? document.metadata : {};
  const { name, namespace } = metadata;
  if (typeof document.kind !== 'string' || typeof name !== 'string' || document.kind === '' || name === '')
    return undefined;
  if (namespace !== undefined && (typeof namespace !== 'string' || namespace === '')) return undefined;
  return stringifyEntityRef({ kind: document.kind, namespace, name });
}

/** Faults in what identifies an entity, which must stand in the document itself and not behind a placeholder. */
export function identityFaults(document: JsonObject): Fault[] {
  const metadata = isJsonObject(document.metadata) ? document.metadata : undefined;
  const values: [string, JsonValue | undefined][] = [
    ...core.map((key): [string, JsonValue | undefined] => [`/${key}`, document[key]]),
    ['/metadata/name', metadata?.name],
    ['/metadata/namespace', metadata?.namespace],
  ];
  const broken = new Set(
    values.filter(([, value]) => value !== undefined && typeof value !== 'string').map(([path]) => path),
  );
  return broken.size === 0 ? [] : checkEnvelope(document).filter((fault) => broken.has(fault.path));
}

const sortReferences = (spec: JsonObject, fields: string[]): JsonObject => {
  const sorted: JsonObject = { ...spec };
  for (const field of fields) {
    const value = sorted[field];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) sorted[field] = value.toSorted();
  }
  return sorted;
};

// These are sorted in every kind, whether the kind makes relations of them or not.
const listFields = ['providesApis', 'consumesApis', 'dependsOn', 'dependencyOf', 'memberOf', 'children', 'members'];

/** The document with its namespace filled in; uid and etag belong to the server. */
export function complete(document: JsonObject): JsonObject {
  if (!isJsonObject(document.metadata)) return document;
  const metadata = { ...document.metadata };
  if (metadata.namespace === undefined) metadata.namespace = 'default';
  if (typeof metadata.uid === 'string') delete metadata.uid;
  if (typeof metadata.etag === 'string') delete metadata.etag;
  return { ...document, metadata };
}

/** The entity with its lists of references in order, so that their order in the file is no change. */
const inOrder = (entity: Entity, kinds: KindRegistry): Entity =>
  entity.spec
    ? {
        ...entity,
        spec: sortReferences(entity.spec, [...listFields, ...kinds.relationRules(entity).map((rule) => rule.field)]),
      }
    : entity;

const notAnEntity = (document: JsonObject): Fault => ({
  code: 'CATALOG_DESCRIPTOR_NOT_AN_ENTITY',
  message: 'The document has neither apiVersion nor kind nor metadata: it describes no entity.',
  path: '',
  expected: 'a map with apiVersion, kind, metadata and spec',
  found: showValue(Object.keys(document)),
  fix: 'Keep the file out of the catalog, or begin it with apiVersion, kind, metadata and spec.',
});

/** What a document declares, and every fault in it. */
export type Checked = { faults: Fault[]; relations: StoredRelation[]; references: Reference[] };

/** Every fault of a completed document: envelope, kind, and references. */
export function checkDocument(document: JsonObject, kinds: KindRegistry): Checked {
  const nothing = { relations: [], references: [] };
  if (document.apiVersion === undefined && document.kind === undefined && document.metadata === undefined)
    return { faults: [notAnEntity(document)], ...nothing };
  let faults = checkEnvelope(document);
  if (typeof document.kind !== 'string' || typeof document.apiVersion !== 'string') return { faults, ...nothing };
  const entity = document as unknown as Entity;
  const verdict = kinds.validate(entity);
  // Of another product's kind only this is said, not how it differs from an entity.
  const foreign = verdict.faults.find(
    (fault) => fault.code === 'CATALOG_DESCRIPTOR_KIND_UNKNOWN' && !/backstage\.io\//.test(entity.apiVersion),
  );
  if (foreign) faults = faults.filter((fault) => fault.code !== 'CATALOG_DESCRIPTOR_FIELD_UNKNOWN');
  const known = new Set(faults.map((fault) => fault.path));
  faults.push(...verdict.faults.filter((fault) => !known.has(fault.path)));
  if (!verdict.recognised || refOf(document) === undefined || !isJsonObject(document.spec))
    return { faults, ...nothing };
  const { relations, references, faults: unreadable } = relationsOf(entity, kinds);
  const reported = new Set(faults.map((fault) => fault.path));
  faults.push(...unreadable.filter((fault) => !reported.has(fault.path)));
  return { faults, relations, references };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The name of a person or team, else the title, else the name. */
function labelOf(terms: Term[], title: string | null, name: string): string {
  const called = terms.find(([key, value]) => key === 'spec.profile.displayname' && value !== nullTerm);
  return ((called && (called[2] ?? called[1])) || title || name).slice(0, 300);
}

const compareEdges = (one: StoredRelation, other: StoredRelation) => (one.join('\n') < other.join('\n') ? -1 : 1);

/** Makes of a faultless document what is written to the catalog. */
export function toPreparedEntity(
  document: JsonObject,
  declared: StoredRelation[],
  kinds: KindRegistry,
  line: number,
): PreparedEntity {
  const entity = inOrder(document as unknown as Entity, kinds);
  const { metadata } = entity;
  const spec = entity.spec ?? {};
  const ref = stringifyEntityRef(entity);
  const body = JSON.stringify(entity);
  const relations = declared.toSorted(compareEdges);
  const terms = entityTerms(entity);
  const title = textOf(metadata.title);
  const name = metadata.name.toLowerCase();
  const own = (type: string, targetKind = '') =>
    declared.find((edge) => edge[0] === ref && edge[1] === type && edge[2].startsWith(targetKind))?.[2] ?? null;
  return {
    ref,
    kind: entity.kind.toLowerCase(),
    namespace: (metadata.namespace ?? 'default').toLowerCase(),
    name,
    displayKind: entity.kind,
    label: labelOf(terms, title, name),
    title,
    description: textOf(metadata.description),
    type: textOf(spec.type),
    lifecycle: textOf(spec.lifecycle),
    owner: own('ownedBy'),
    system: own('partOf', 'system:'),
    body,
    hash: hash('sha1', `${body}\n${JSON.stringify(relations)}`, 'hex'),
    line,
    terms: termText(terms),
    relations,
  };
}
