import type { Problem } from '@callboard/model';
import type { PreparedEntity } from './entity.ts';
import type { LocationTarget } from './location-targets.ts';
import { type OutlinedDocument, outlineOf } from './outline.ts';
import { describeDocuments } from './outcome.ts';
import { readText } from './file-text.ts';
import { defaultLimits, documentHash, type PrepareInput } from './settings.ts';

export type { PreparedEntity, PreparedRelation } from './entity.ts';
export type { CodeHost } from './hosts.ts';
export type { LocationTarget } from './location-targets.ts';
export type { CatalogRule } from './rules.ts';
export type { PrepareInput, PrepareLimits, PrepareSettings } from './settings.ts';

/** What a descriptor file says, ready to be compared with the catalog. */
export type PreparedDocument = {
  location: string;
  /** changes with the text, with what it depends on and with the settings */
  hash: string;
  entities: PreparedEntity[];
  problems: Problem[];
  targets: LocationTarget[];
  /** what placeholders were read from */
  dependencies: string[];
  /** documents that were passed over because they are part of a template */
  skipped?: { reason: string };
  /** where every value stands, when asked for */
  outline?: OutlinedDocument[];
};

const skeletonReason =
  "It is part of a template's skeleton: it still has the template's own syntax, such as ${{ values.name }}.";

/**
 * Makes of a descriptor file the entities it describes, ready to be compared with the catalog. Whatever is wrong becomes a problem with
 * its place.
 *
 * @throws AppError when the settings have mistakes, RefError when a location ref cannot be read
 */
export async function prepare(input: PrepareInput): Promise<PreparedDocument> {
  const { documents, problems, dependencies, contents } = await describeDocuments(input);
  const hash = documentHash(input, dependencies, (target) => {
    const content = contents.get(target);
    return content && 'bytes' in content ? content.bytes : undefined;
  });
  return {
    location: input.location,
    hash,
    entities: documents.flatMap(({ entity }) => entity ?? []),
    problems: [...problems, ...documents.flatMap((document) => document.problems)],
    targets: documents.flatMap(({ targets }) => targets),
    dependencies,
    ...(input.outline && {
      outline: outlineOf(
        readText(input, { ...defaultLimits, ...input.settings.limits }).text ?? '',
        documents.map(({ line, entity }) => ({ line, ...(entity && { entityRef: entity.ref }) })),
      ),
    }),
    ...(documents.some(({ skipped }) => skipped) ? { skipped: { reason: skeletonReason } } : {}),
  };
}
