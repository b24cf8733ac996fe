import type { DocsSiteResponse } from '@callboard/model/http';
import type { Documented } from './entities.ts';
import { filesBase } from './present.ts';
import type { Published } from './published.ts';

/** What the reader gets of a site that another pipeline has published; undefined when it has published none. */
export async function publishedSite(
  published: Published,
  documented: Documented,
  frame: (ref: string) => Promise<string>,
): Promise<DocsSiteResponse | undefined> {
  const metadata = await published.metadata(documented.ref);
  if (!metadata) return undefined;
  return {
    entityRef: documented.ref,
    entityTitle: documented.title,
    ...(documented.borrowedBy !== undefined && { borrowedBy: documented.borrowedBy }),
    startPath: documented.startPath,
    title: metadata.title ?? documented.title,
    ...(metadata.description !== undefined && { description: metadata.description }),
    ...(documented.owner && { owner: documented.owner }),
    form: 'static',
    frameUrl: `${await frame(documented.ref)}index.html`,
    filesUrl: filesBase(documented.ref),
    navigation: [],
    pages: [],
    versions: [],
    isOld: false,
    notes: [],
    features: [],
    etag: metadata.etag,
  };
}
