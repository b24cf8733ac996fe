import { type Entity, stringifyEntityRef, termKey } from '@callboard/model';
import type { CatalogReading, DescribedEntity } from '../catalog/index.ts';
import { techdocsErrors } from './errors.ts';

export const annotationNames = {
  target: 'backstage.io/techdocs-ref',
  entity: 'backstage.io/techdocs-entity',
  path: 'backstage.io/techdocs-entity-path',
};

/** What entities with documents of their own fulfil. */
export const hasDocuments = { key: termKey(`metadata.annotations.${annotationNames.target}`), exists: true } as const;

/** What entities fulfil that show the documents of another one. */
export const showsOthers = { key: termKey(`metadata.annotations.${annotationNames.entity}`), exists: true } as const;

/** An entity as its descriptor has it. */
export type Said = { ref: string; entity: Entity; title: string };

/** An entity as documents need it. */
export type DocsEntity = Said & { owner?: { ref: string; name: string }; described: DescribedEntity };

/** Where the documents of an entity are. */
type Place = {
  /** `dir:` or `url:` */
  target: string;
  /** the entity that was asked for, when it shows the documents of this one */
  borrowedBy?: string;
  startPath: string;
};

/** An entity with documents, as far as its descriptor tells. */
export type Located = Said & Place;

/** An entity with documents: where they are, and whose. */
export type Documented = DocsEntity & Place;

const annotation = (entity: Entity, name: string): string | undefined => {
  const value = (entity.metadata.annotations as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

function said(ref: string, body: string): Said {
  const entity = JSON.parse(body) as Entity;
  const title = entity.metadata.title;
  return { ref, entity, title: typeof title === 'string' && title !== '' ? title : entity.metadata.name };
}

export function docsEntity(described: DescribedEntity): DocsEntity {
  const { ref, owner, ownerLabel } = described;
  return {
    ...said(ref, described.body),
    ...(owner !== null && { owner: { ref: owner, name: ownerLabel ?? owner } }),
    described,
  };
}

/** Whether an entity has documents of its own or shows another one's. */
export const documentsOf = ({ entity }: Pick<Said, 'entity'>): { target?: string; borrows?: string; path: string } => {
  const target = annotation(entity, annotationNames.target);
  const borrows = annotation(entity, annotationNames.entity);
  return {
    ...(target !== undefined && { target }),
    ...(borrows !== undefined && { borrows }),
    path: (annotation(entity, annotationNames.path) ?? '').replace(/[?#].*$/s, '').replace(/^\/+|\/+$/g, ''),
  };
};

/** The canonical ref of what an annotation names: kind and namespace may be left out. */
function refFrom(text: string, own: Entity): string | undefined {
  const found = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(text);
  if (!found) return undefined;
  const [, kind = own.kind, namespace = own.metadata.namespace ?? 'default', name] = found;
  return stringifyEntityRef({ kind, namespace, name: name! });
}

/** Follows an entity that names another one to that one's documents. */
async function follow<Own extends Said>(
  ref: string,
  read: (ref: string) => Promise<Own | undefined>,
): Promise<Own & Place> {
  const own = await read(ref);
  if (!own) throw techdocsErrors.entityUnknown({ ref });
  const { borrows, target, path } = documentsOf(own);
  if (borrows === undefined) {
    if (target === undefined) throw techdocsErrors.noDocuments({ ref });
    return { ...own, target, startPath: path };
  }
  const other = refFrom(borrows, own.entity) ?? borrows;
  const lender = await read(other);
  if (!lender) throw techdocsErrors.entityUnknown({ ref: other });
  const lent = documentsOf(lender);
  if (lent.target === undefined)
    throw lent.borrows === undefined
      ? techdocsErrors.noDocuments({ ref: other })
      : techdocsErrors.circle({ ref, other });
  return { ...lender, target: lent.target, borrowedBy: ref, startPath: path };
}

/**
 * Finds the documents of an entity; one that names another entity has that one's.
 *
 * @throws AppError when there is no such entity, or it has no documents
 */
export const findDocuments = (catalog: CatalogReading, ref: string): Promise<Documented> =>
  follow(ref, async (each) => {
    const [described] = await catalog.describe([each]);
    return described && docsEntity(described);
  });

/**
 * Finds the documents of an entity without whose they are, which takes one statement: somebody waits for each page.
 *
 * @throws AppError when there is no such entity, or it has no documents
 */
export const locateDocuments = (catalog: CatalogReading, ref: string): Promise<Located> =>
  follow(ref, async (each) => {
    const body = await catalog.bodyOf(each);
    return body === undefined ? undefined : said(each, body);
  });
