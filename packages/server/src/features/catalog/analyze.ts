import type { AnalyzeLocationResponse, LocationInput } from '@callboard/model/http';
import type { CatalogContext } from './context.ts';
import type { Preview } from './preview.ts';
import { allSources } from './store/sources.ts';
import type { CatalogTables } from './store/tables.ts';

/** A name for the thing behind an address: its last telling part, in the letters that names may have. */
function nameFrom(target: string): string {
  const parts = target
    .replace(/[?#].*$/, '')
    .replace(/\.git$/, '')
    .split(/[/:]/)
    .filter((part) => part && !/\.ya?ml$/.test(part));
  const last = (parts.at(-1) ?? '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return last.slice(0, 63) || 'my-component';
}

const suggested = (name: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name },
  spec: { type: 'other', lifecycle: 'unknown' },
});

/**
 * Tells what a location has: the descriptors that are there, or else a draft of one to begin with.
 *
 * @throws AppError when the location cannot be read
 */
export async function analyzeLocation(
  context: CatalogContext,
  preview: Preview,
  input: LocationInput,
): Promise<AnalyzeLocationResponse> {
  const { documents } = await preview(input);
  const registered = new Set(
    (await allSources(context.db.reader<CatalogTables>())).map((row) => `${row.type}:${row.target}`),
  );
  const isRegistered = registered.has(`${input.type}:${input.target}`);
  const existingEntityFiles = documents.flatMap((document) =>
    document.entities.map((entity) => ({
      entity,
      isRegistered: isRegistered || registered.has(document.location),
      location: { type: input.type, target: document.location.replace(/^(url|git|file):/, '') },
    })),
  );
  if (existingEntityFiles.length > 0) return { existingEntityFiles, generateEntities: [] };
  const name = nameFrom(input.target);
  return {
    existingEntityFiles: [],
    generateEntities: [
      {
        entity: suggested(name),
        fields: [
          {
            field: 'metadata.name',
            state: 'analysisSuggestedValue',
            value: name,
            description: 'Taken from the address.',
          },
          {
            field: 'spec.type',
            state: 'needsUserInput',
            value: null,
            description: 'What it is: service, website, library …',
          },
          {
            field: 'spec.lifecycle',
            state: 'needsUserInput',
            value: null,
            description: 'Where it is in its life: experimental, production, deprecated …',
          },
          {
            field: 'spec.owner',
            state: 'needsUserInput',
            value: null,
            description: 'The group or user that is responsible.',
          },
        ],
      },
    ],
  };
}
