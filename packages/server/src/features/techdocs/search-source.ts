import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FileTree } from '../../core/files/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { docsEntity, type Documented, documentsOf, hasDocuments } from './entities.ts';
import { type Documents, siteUpdated } from './documents.ts';
import { type ForeignSection, foreignSections, indexFile } from './foreign-sections.ts';
import { entityAddress } from './present.ts';
import type { Published } from './published.ts';

const encode = (path: string) => path.split('/').map(encodeURIComponent).join('/');
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const longestSection = 20_000;
const mostPageBytes = 2 * 1024 * 1024;
const mostBuiltPages = 5_000;
/** What builders make beside the pages that somebody has written. */
const notPages = /(?:^|\/)(?:404|search|genindex|py-modindex|_modules\/.*|_sources\/.*)(?:\.html?|$)/i;
const mostBytes = 64 * 1024 * 1024;

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

/** A section with what its page and site are called. */
type Part = ForeignSection & { page: string; isPage: boolean; key: string; facts: string[]; tags: string[] };

function toDocument({ ref, entity, owner, title: entityTitle }: Documented, part: Part): SectionDocument {
  const { metadata, spec } = entity;
  const { path, id, title, page, isPage, tags } = part;
  const address = `/docs/${entityAddress(ref)}${path === '' ? '' : `/${encode(path)}`}`;
  const [type, lifecycle] = [text(spec?.['type']), text(spec?.['lifecycle'])];
  return {
    key: part.key,
    title: isPage ? page : `${title} · ${page}`,
    ...(owner && { owner: owner.ref, ownerName: owner.name }),
    tags,
    facts: [entityTitle, metadata.name, ...part.facts],
    text: part.text.slice(0, longestSection),
    location: id === undefined || isPage ? address : `${address}#${encodeURIComponent(id)}`,
    values: {
      kind: [entity.kind],
      type: [type].filter(Boolean),
      lifecycle: [lifecycle].filter(Boolean),
      owner: owner ? [owner.ref] : [],
      namespace: [metadata.namespace ?? 'default'],
      name: [metadata.name],
      ref: [ref],
      tag: tags,
    },
    weight: isPage ? 0.9 : 0.8,
    fields: {
      kind: entity.kind,
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
      entityRef: ref,
      entityTitle,
      path,
      page,
      owner: owner?.ref ?? '',
      lifecycle,
      componentType: type,
    },
    resourceRef: ref,
  };
}

/** What somebody else has built, as search takes it. */
function foreignParts(ref: string, sections: readonly ForeignSection[], siteTitle: string): Part[] {
  const pages = new Map(sections.flatMap(({ path, id, title }) => (id === undefined ? [[path, title] as const] : [])));
  return sections.map((section) => ({
    ...section,
    page: pages.get(section.path) ?? section.title,
    isPage: section.id === undefined,
    key: `${ref}#${section.path}#${section.id ?? ''}`,
    facts: [siteTitle],
    tags: [],
  }));
}

/** The sections of a site that lies built in a folder: from the index of MkDocs, else from its pages. */
async function builtSections(tree: FileTree, folder: string): Promise<ForeignSection[]> {
  const index = await tree.read(posix.join(folder, indexFile), { mostBytes }).catch(() => undefined);
  if (index) return foreignSections(index);
  // The parser is needed for few sites only.
  const { sectionsOfBuilt } = await import('./built-sections.ts');
  const start = folder === '' ? '' : `${folder}/`;
  const files = (await tree.list(folder)).files.filter(
    ({ path, size }) => /\.html?$/i.test(path) && size <= mostPageBytes && !notPages.test(path),
  );
  const found: ForeignSection[] = [];
  for (const { path } of files.slice(0, mostBuiltPages)) {
    const bytes = await tree.read(path, { mostBytes: mostPageBytes }).catch(() => undefined);
    const own = path.slice(start.length).replace(/(?:^|\/)index\.html?$/i, '');
    if (bytes) found.push(...sectionsOfBuilt(new TextDecoder().decode(bytes), own));
    // One page takes milliseconds; others are to have their turn.
    await setImmediate();
  }
  return found;
}

/** Documents of the sections of all sites, for search; type and shape as Backstage's clients know them. */
export function docsSource(
  catalog: CatalogReading,
  { documents, published, log }: { documents: Documents; published: Published | undefined; log: Logger },
) {
  async function partsOf(documented: Documented): Promise<Part[]> {
    const { ref } = documented;
    const kept = await published?.metadata(ref);
    if (published && kept) {
      const bytes = await published.read(ref, indexFile);
      return bytes ? foreignParts(ref, foreignSections(bytes), kept.title ?? documented.title) : [];
    }
    const { pages, open } = await documents.check(documented);
    const { site, tree } = open;
    if (site.staticFolder !== undefined)
      return foreignParts(ref, await builtSections(tree, site.staticFolder), site.title);
    const found: Part[] = [];
    for (const [page, rendered] of pages) {
      const title = page.navTitle ?? rendered.title ?? (await documents.titleOf(open, page));
      for (const [index, section] of rendered.sections.entries())
        found.push({
          path: page.path,
          ...(section.id !== undefined && { id: section.id }),
          title: section.title,
          text: section.text,
          page: title,
          isPage: index === 0 || section.title === title,
          key: `${ref}#${page.path}#${section.id ?? ''}${section.id === undefined ? String(index) : ''}`,
          facts: [site.title, ...page.breadcrumb],
          tags: rendered.tags,
        });
    }
    return found;
  }
  async function sections(ref: string): Promise<SectionDocument[]> {
    const documented = await documents.find(ref);
    const found = (await partsOf(documented)).map((part) => toDocument(documented, part));
    return [...new Map(found.map((document) => [document.key, document])).values()];
  }
  return {
    type: 'techdocs',
    version: 3,
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
          await documents.failed(described.ref, error);
        }
      }
      return result;
    },
    subjects: (after: string | undefined, limit: number) => catalog.refs(after, limit, hasDocuments),
  };
}
