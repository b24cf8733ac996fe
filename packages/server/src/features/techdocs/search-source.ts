import type { Logger } from '../../core/log/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { docsEntity, documentsOf, hasDocuments } from './entities.ts';
import { type Documents, siteUpdated } from './documents.ts';
import { entityAddress } from './present.ts';

const encode = (path: string) => path.split('/').map(encodeURIComponent).join('/');
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const longestSection = 20_000;

/** What one section of a page is to be found by; the shape that search takes from its sources. */
export type SectionDocument = {
  key: string;
  title: string;
  owner?: string;
  ownerName?: string;
  tags: string[];
  facts: string[];
  text: string;
  location: string;
  values: Record<string, string[]>;
  weight: number;
  fields: Record<string, string>;
  resourceRef: string;
};

/** Documents of the sections of all sites, for search; type and shape as Backstage's clients know them. */
export function docsSource(catalog: CatalogReading, documents: Documents, log: Logger) {
  async function sections(ref: string): Promise<SectionDocument[]> {
    const documented = await documents.find(ref);
    const { pages, open } = await documents.check(documented);
    const { entity, owner, title: entityTitle } = documented;
    const { metadata, spec } = entity;
    const found: SectionDocument[] = [];
    for (const [page, rendered] of pages) {
      const pageTitle = page.navTitle ?? rendered.title ?? (await documents.titleOf(open, page));
      const address = `/docs/${entityAddress(ref)}${page.path === '' ? '' : `/${encode(page.path)}`}`;
      for (const [index, section] of rendered.sections.entries()) {
        const isPage = index === 0 || section.title === pageTitle;
        found.push({
          key: `${ref}#${page.path}#${section.id ?? ''}${section.id === undefined ? String(index) : ''}`,
          title: isPage ? pageTitle : `${section.title} · ${pageTitle}`,
          ...(owner && { owner: owner.ref, ownerName: owner.name }),
          tags: rendered.tags,
          facts: [entityTitle, metadata.name, open.site.title, ...page.breadcrumb],
          text: section.text.slice(0, longestSection),
          location: section.id === undefined || isPage ? address : `${address}#${encodeURIComponent(section.id)}`,
          values: {
            kind: [entity.kind],
            type: [text(spec?.['type'])].filter(Boolean),
            lifecycle: [text(spec?.['lifecycle'])].filter(Boolean),
            owner: owner ? [owner.ref] : [],
            namespace: [metadata.namespace ?? 'default'],
            name: [metadata.name],
            ref: [ref],
            tag: rendered.tags,
          },
          weight: isPage ? 0.9 : 0.8,
          fields: {
            kind: entity.kind,
            namespace: metadata.namespace ?? 'default',
            name: metadata.name,
            entityRef: ref,
            entityTitle,
            path: page.path,
            page: pageTitle,
            owner: owner?.ref ?? '',
            lifecycle: text(spec?.['lifecycle']),
            componentType: text(spec?.['type']),
          },
          resourceRef: ref,
        });
      }
    }
    return [...new Map(found.map((document) => [document.key, document])).values()];
  }
  return {
    type: 'techdocs',
    version: 1,
    events: [...['created', 'updated', 'moved', 'deleted'].map((verb) => `catalog.entity.${verb}`), siteUpdated],
    async toDocuments(refs: readonly string[]) {
      const result = new Map<string, SectionDocument[]>();
      // Most have none: reading everything that is said of them would cost as much as reading the whole catalog again.
      for (const described of await catalog.describe(await catalog.matching(refs, hasDocuments))) {
        const said = documentsOf(docsEntity(described));
        if (said.target === undefined || said.borrows !== undefined) continue;
        try {
          result.set(described.ref, await sections(described.ref));
        } catch (error) {
          log.warn({ error, entity: described.ref }, 'the documents of an entity cannot be searched');
        }
      }
      return result;
    },
    subjects: (after: string | undefined, limit: number) => catalog.refs(after, limit, hasDocuments),
  };
}
