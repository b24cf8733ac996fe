import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { nameOf, namespaceOf } from '../entity.ts';
import { annotationsQuery, proposedEntities, schemasQuery } from './api.ts';
import type { Completions } from './CodeEditor.tsx';
import { placeAt, proposalsAt, referenceAt } from './complete.ts';

/** What may stand where the cursor is: words of the schemas, and entities of the catalog where a field names them. */
export function useCompletion() {
  const client = useQueryClient();
  return useCallback(
    async (text: string, line: number, column: number, signal: AbortSignal): Promise<Completions | undefined> => {
      const { kinds } = await client.ensureQueryData(schemasQuery);
      const place = placeAt(text, line, column);
      const reference = referenceAt(kinds, place);
      if (reference) {
        const name = place.written.replace(/^.*[:/]/, '');
        const entities = await proposedEntities(reference.kinds, name, signal);
        return {
          written: place.written.length,
          options: entities.map((entity) => {
            const short =
              namespaceOf(entity) === 'default'
                ? entity.metadata.name
                : `${namespaceOf(entity)}/${entity.metadata.name}`;
            const isPlain = !reference.isKindNeeded && entity.kind === (reference.kinds[0] ?? '');
            const label = isPlain ? short : `${entity.kind.toLowerCase()}:${short}`;
            return { label, detail: nameOf(entity) === entity.metadata.name ? entity.kind : nameOf(entity) };
          }),
        };
      }
      const isAnnotation = place.path.join('/') === 'metadata/annotations';
      const annotations = isAnnotation ? await client.ensureQueryData(annotationsQuery) : [];
      const proposals = proposalsAt(kinds, place, annotations);
      return {
        written: place.written.length,
        options: proposals.map(({ word, info, isKey, isNeeded }) => ({
          label: word,
          ...(isKey && { apply: `${word}: ` }),
          ...(isNeeded && { detail: 'needed', boost: 10 }),
          ...(info !== undefined && { info }),
        })),
      };
    },
    [client],
  );
}
