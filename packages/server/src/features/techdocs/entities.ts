import { type Entity, stringifyEntityRef, termKey } from '@callboard/model';
import type { CatalogReading, DescribedEntity } from '../catalog/index.ts';
import { techdocsErrors } from './errors.ts';

const annotationNames = {
  target: 'backstage.io/techdocs-ref',
  entity: 'backstage.io/techdocs-entity',
  path: 'backstage.io/techdocs-entity-path',
};

/** What entities with documents of their own fulfil. */
export const hasDocuments = { key: termKey(`metadata.annotations.${annotationNames.target}`), exists: true } as const;

/** An entity as documents need it. */
export type DocsEntity = {
  ref: string;
  entity: Entity;
  title: string;
  owner?: { ref: string; name: string };
  described: DescribedEntity;
};

/** An entity with documents: where they are, and whose. */
export type Documented = DocsEntity & {
  /** `dir:` or `url:` */
  target: string;
  /** the entity that was asked for, when it shows the documents of this one */
  borrowedBy?: string;
  startPath: string;
};

const annotation = (entity: Entity, name: string): string | undefined => {
  const value = (entity.metadata.annotations as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

export function docsEntity(described: DescribedEntity): DocsEntity {
  const entity = JSON.parse(described.body) as Entity;
  const title = entity.metadata.title;
  const { ref, owner, ownerLabel } = described;
  return {
    ref,
    entity,
    title: typeof title === 'string' && title !== '' ? title : entity.metadata.name,
    ...(owner !== null && { owner: { ref: owner, name: ownerLabel ?? owner } }),
    described,
  };
}

/** Whether an entity has documents of its own or shows another one's. */
export const documentsOf = ({ entity }: DocsEntity): { target?: string; borrows?: string; path: string } => {
  const target = annotation(entity, annotationNames.target);
  const borrows = annotation(entity, annotationNames.entity);
  return {
    ...(target !== undefined && { target }),
    ...(borrows !== undefined && { borrows }),
    path: (annotation(entity, annotationNames.path) ?? '').replace(/^\/+|\/+$/g, ''),
  };
};

/** The canonical ref of what an annotation names: kind and namespace may be left out. */
function refFrom(text: string, own: Entity): string | undefined {
  const found = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(text);
  if (!found) return undefined;
  const [, kind = own.kind, namespace = own.metadata.namespace ?? 'default', name] = found;
  return stringifyEntityRef({ kind, namespace, name: name! });
}

/**
 * Finds the documents of an entity; one that names another entity has that one's.
 *
 * @throws AppError when there is no such entity, or it has no documents
 */
export async function findDocuments(catalog: CatalogReading, ref: string): Promise<Documented> {
  const [described] = await catalog.describe([ref]);
  if (!described) throw techdocsErrors.entityUnknown({ ref });
  const own = docsEntity(described);
  const said = documentsOf(own);
  if (said.borrows !== undefined) {
    const other = refFrom(said.borrows, own.entity) ?? said.borrows;
    const [lender] = await catalog.describe([other]);
    if (!lender) throw techdocsErrors.entityUnknown({ ref: other });
    const lending = docsEntity(lender);
    const { target } = documentsOf(lending);
    if (target === undefined)
      throw documentsOf(lending).borrows === undefined
        ? techdocsErrors.noDocuments({ ref: other })
        : techdocsErrors.circle({ ref, other });
    return { ...lending, target, borrowedBy: ref, startPath: said.path };
  }
  if (said.target === undefined) throw techdocsErrors.noDocuments({ ref });
  return { ...own, target: said.target, startPath: said.path };
}
