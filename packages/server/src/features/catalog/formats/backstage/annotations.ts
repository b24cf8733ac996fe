import { isJsonObject, type JsonObject, type LocationRef, stringifyLocationRef } from '@callboard/model';
import { type CodeHost, hostTypeOf } from './hosts.ts';
import { editUrlOf, pageOfClonedFile, resolveTarget } from './urls.ts';

const prefix = 'backstage.io/';

/** Names of the annotations that the catalog adds. */
export const annotationNames = {
  location: `${prefix}managed-by-location`,
  originLocation: `${prefix}managed-by-origin-location`,
  viewUrl: `${prefix}view-url`,
  editUrl: `${prefix}edit-url`,
  sourceLocation: `${prefix}source-location`,
};

/** What the catalog says about where the entities of one document stand. */
export type PlaceAnnotations = {
  /** always the catalog's own word */
  fixed: Record<string, string>;
  /** given way to what the descriptor says itself */
  defaults: Record<string, string>;
};

const hasCommit = /\b[0-9a-f]{40,}\b/;

const hasScript = (text: string) =>
  // Browsers skip everything up to the space before a scheme.
  /^[^!-\u{10FFFF}]*javascript:/iu.test(text.replace(/[\r\n\t]/g, ''));

/** Annotations of every entity in a document, once per document. */
export function placeAnnotations(location: LocationRef, origin: string, hosts: CodeHost[]): PlaceAnnotations {
  const fixed = {
    [annotationNames.location]: stringifyLocationRef(location),
    [annotationNames.originLocation]: origin,
  };
  const page = location.type === 'git' ? pageOfClonedFile(location.target, hosts) : location.target;
  if ((location.type !== 'url' && location.type !== 'git') || page === undefined) return { fixed, defaults: {} };
  const defaults: Record<string, string> = { [annotationNames.viewUrl]: page };
  if (!hostTypeOf(page, hosts)) return { fixed, defaults };
  // A page of one commit cannot be edited.
  const edit = hasCommit.test(page) ? undefined : editUrlOf(page, hosts);
  if (edit !== undefined) defaults[annotationNames.editUrl] = edit;
  defaults[annotationNames.sourceLocation] = `url:${resolveTarget('./', page, hosts)}`;
  return { fixed, defaults };
}

/** An address shown in place of one that would run a script. */
const rejectedAddress = 'https://backstage.io/annotation-rejected-for-security-reasons';

/** The document with the catalog's annotations; anything that is not a map of annotations stays, to be reported. */
export function annotate(document: JsonObject, place: PlaceAnnotations): JsonObject {
  if (!isJsonObject(document.metadata)) return document;
  const own = document.metadata.annotations ?? {};
  if (!isJsonObject(own)) return document;
  const annotations: JsonObject = { ...place.defaults, ...own, ...place.fixed };
  for (const name of [annotationNames.viewUrl, annotationNames.editUrl]) {
    const address = annotations[name];
    if (typeof address === 'string' && hasScript(address)) annotations[name] = rejectedAddress;
  }
  return { ...document, metadata: { ...document.metadata, annotations } };
}
