import type { Entity } from '@callboard/model';
import type { Logger } from '../../../core/log/index.ts';
import type { CatalogReading, DescribedEntity } from '../../catalog/index.ts';
import type { Analyser } from '../analysis/analyser.ts';
import { longestDefinition } from '../formats/definition.ts';
import type { ApiOperation } from '../formats/operation.ts';
import type { SearchDocument, SearchSource } from '../types.ts';
import { entityEvents, entityLocation } from './entities.ts';

const readAtOnce = 20;

const isApi = (ref: string) => ref.startsWith('api:');

type Api = { described: DescribedEntity; entity: Entity; type: string; operations: ApiOperation[] };

function operationDocument({ described, entity, type }: Api, operation: ApiOperation): SearchDocument {
  const { ref, owner, ownerLabel } = described;
  const { metadata } = entity;
  const title = typeof metadata.title === 'string' ? metadata.title : metadata.name;
  const tags = Array.isArray(metadata.tags) ? metadata.tags.filter((tag) => typeof tag === 'string') : [];
  const lifecycle = entity.spec?.['lifecycle'];
  return {
    key: `${ref}#${operation.id}`,
    title: operation.title,
    names: operation.names,
    ...(owner && { owner }),
    ...(ownerLabel && { ownerName: ownerLabel }),
    // The first line is what people call it.
    operations: [...operation.words, operation.text.split('\n', 1)[0]!.slice(0, 120)],
    facts: [title, metadata.name, operation.type],
    text: operation.text,
    location: `${entityLocation(ref)}/definition${operation.anchor ? `#${encodeURIComponent(operation.anchor)}` : ''}`,
    values: {
      kind: [entity.kind],
      type: [type].filter(Boolean),
      owner: owner ? [owner] : [],
      lifecycle: typeof lifecycle === 'string' ? [lifecycle] : [],
      namespace: [metadata.namespace ?? 'default'],
      tag: tags,
      operation: [operation.type],
      api: [ref],
      ref: [ref],
    },
    deprecated: operation.deprecated === true || lifecycle === 'deprecated',
    weight: operation.type === 'message' || operation.type === 'type' ? 0.7 : 0.85,
    fields: {
      kind: entity.kind,
      type,
      operationType: operation.type,
      entityRef: ref,
      entityTitle: title,
      owner: owner ?? '',
    },
    resourceRef: ref,
  };
}

/** Documents of what APIs offer, read from their definitions. */
export const operationSource = (catalog: CatalogReading, analyser: Analyser, log: Logger): SearchSource => {
  const read = async (described: DescribedEntity): Promise<Api> => {
    const entity = JSON.parse(described.body) as Entity;
    const { type, definition } = entity.spec ?? {};
    const api = { described, entity, type: typeof type === 'string' ? type : '' };
    if (typeof definition !== 'string' || definition.length > longestDefinition) return { ...api, operations: [] };
    try {
      return { ...api, operations: await analyser.operations(api.type, definition) };
    } catch (error) {
      log.warn({ error, api: described.ref }, 'the operations of an API cannot be searched');
      return { ...api, operations: [] };
    }
  };
  return {
    type: 'api-operations',
    version: 1,
    events: entityEvents,
    async toDocuments(refs) {
      const documents = new Map<string, SearchDocument[]>();
      const described = await catalog.describe(refs.filter(isApi));
      // Several at once, as each waits for what the threads are doing; all at once would hold up this one.
      for (let start = 0; start < described.length; start += readAtOnce)
        for (const api of await Promise.all(described.slice(start, start + readAtOnce).map(read))) {
          const unique = new Map(api.operations.map((operation) => [operation.id, operation]));
          documents.set(
            api.described.ref,
            [...unique.values()].map((operation) => operationDocument(api, operation)),
          );
        }
      return documents;
    },
    affected: async (refs) => (await catalog.ownedBy(refs.filter((ref) => /^(?:group|user):/.test(ref)))).filter(isApi),
    async subjects(after, limit) {
      // Refs start with the kind, so that all APIs stand together.
      const refs = await catalog.refs(after ?? 'api:', limit);
      return refs.filter(isApi);
    },
  };
};
