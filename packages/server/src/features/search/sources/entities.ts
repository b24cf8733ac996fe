import type { Entity, JsonValue } from '@callboard/model';
import type { CatalogReading, DescribedEntity } from '../../catalog/index.ts';
import type { SearchDocument, SearchSource } from '../types.ts';

/** Events after which an entity says something else. */
export const entityEvents = ['created', 'updated', 'moved', 'deleted'].map((verb) => `catalog.entity.${verb}`);

/** How likely people want a thing of this kind rather than another one that matches as well. */
const weights: Record<string, number> = {
  component: 1,
  api: 0.97,
  system: 0.96,
  template: 0.96,
  group: 0.96,
  user: 0.96,
  resource: 0.95,
  domain: 0.94,
  location: 0.6,
};

/** Annotations that the catalog itself sets: where a file lies is not what anybody searches. */
const ownAnnotation = /^backstage\.io\/(?:managed-by-|view-url|edit-url|orphan|source-)/;

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
const object = (value: JsonValue | undefined) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const list = (value: unknown): JsonValue[] => (Array.isArray(value) ? value : []);

/** Where the portal shows an entity. */
export function entityLocation(ref: string): string {
  const [, kind, namespace, name] = /^([^:]+):([^/]+)\/(.+)$/.exec(ref)!;
  return `/catalog/${[namespace!, kind!, name!].map(encodeURIComponent).join('/')}`;
}

/** What is to be found of an entity. */
export function entityDocument({ ref, body, owner, ownerLabel, relations }: DescribedEntity): SearchDocument {
  const entity = JSON.parse(body) as Entity;
  const { metadata } = entity;
  const spec = object(entity.spec);
  const profile = object(spec['profile']);
  const kind = entity.kind.toLowerCase();
  const type = text(spec['type']);
  const lifecycle = text(spec['lifecycle']);
  const called = text(profile['displayName']);
  const tags = list(metadata.tags).map(text).filter(Boolean);
  const annotations = Object.entries(object(metadata.annotations as JsonValue));
  const links = list(metadata.links).map(object);
  const namespace = (metadata.namespace ?? 'default').toLowerCase();
  // A component may also be part of another, a system of a domain.
  const system = relations.find(
    ({ isOwn, type: relation, targetRef }) => isOwn && relation === 'partOf' && targetRef.startsWith('system:'),
  )?.targetRef;
  const present = (...texts: string[]) => texts.filter(Boolean);
  return {
    key: ref,
    title: text(metadata.title) || called || metadata.name,
    names: present(metadata.name, called, text(profile['email'])),
    tags,
    ...(owner && { owner }),
    ...(ownerLabel && { ownerName: ownerLabel }),
    facts: [
      ...present(entity.kind, type, lifecycle, namespace === 'default' ? '' : namespace),
      ...links.flatMap((link) => present(text(link['title']), text(link['url']))),
      ...relations
        // What others say of it is theirs to be found by: not everybody may see them.
        .filter((relation) => relation.isOwn && relation.targetRef !== owner)
        .flatMap(({ targetRef, label }) => [targetRef.slice(targetRef.indexOf('/') + 1), label]),
      ...Object.entries(object(metadata.labels as JsonValue)).flatMap(([key, value]) => [key, text(value)]),
      ...annotations
        .filter(([key]) => !ownAnnotation.test(key))
        .flatMap(([key, value]) => [text(value), key.slice(key.indexOf('/') + 1)]),
    ],
    text: text(metadata.description),
    location: entityLocation(ref),
    values: {
      kind: [entity.kind],
      type: present(type),
      lifecycle: present(lifecycle),
      owner: present(owner ?? ''),
      namespace: [namespace],
      system: present(system ?? ''),
      name: [metadata.name],
      ref: [ref],
      tag: tags,
    },
    deprecated: /^(?:deprecated|retired|end-of-life)$/i.test(lifecycle),
    weight: weights[kind] ?? 0.95,
    fields: {
      kind: entity.kind,
      namespace,
      name: metadata.name,
      entityRef: ref,
      componentType: type || 'other',
      type: type || 'other',
      lifecycle,
      owner: text(spec['owner']) || (owner ?? ''),
      tags,
    },
    resourceRef: ref,
  };
}

/** Documents of the catalog's entities. */
export const entitySource = (catalog: CatalogReading): SearchSource => ({
  type: 'software-catalog',
  version: 3,
  events: entityEvents,
  async toDocuments(refs) {
    return new Map((await catalog.describe(refs)).map((entity) => [entity.ref, [entityDocument(entity)]]));
  },
  // What a team is called stands with everything it owns.
  affected: (refs) => catalog.ownedBy(refs.filter((ref) => /^(?:group|user):/.test(ref))),
  subjects: (after, limit) => catalog.refs(after, limit),
});
