import type { Entity } from '@callboard/model';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { startTransition, useEffect, useState } from 'react';
import { request } from '../../core/api/index.ts';

const gatherFor = 5;
const atMost = 200;

type Waiting = { resolve: (entity: Entity | null) => void; reject: (error: unknown) => void };
let waiting = new Map<string, Waiting[]>();

const ask = async (batch: [string, Waiting[]][]) => {
  try {
    const { items } = await request<{ items: (Entity | null)[] }>('/api/catalog/entities/by-refs', {
      method: 'POST',
      body: {
        entityRefs: batch.map(([ref]) => ref),
        fields: [
          'apiVersion',
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.title',
          'spec.profile',
          'spec.type',
        ],
      },
    });
    batch.forEach(([, each], index) => each.forEach(({ resolve }) => resolve(items[index] ?? null)));
  } catch (error) {
    for (const [, each] of batch) each.forEach(({ reject }) => reject(error));
  }
};

const flush = () => {
  const all = [...waiting];
  waiting = new Map();
  for (let start = 0; start < all.length; start += atMost) void ask(all.slice(start, start + atMost));
};

/** Names of many entities are asked for in one call, whoever on the page needs them. */
const brief = (entityRef: string): Promise<Entity | null> =>
  new Promise((resolve, reject) => {
    if (waiting.size === 0) setTimeout(flush, gatherFor);
    waiting.set(entityRef, [...(waiting.get(entityRef) ?? []), { resolve, reject }]);
  });

const briefQuery = (entityRef: string) =>
  queryOptions({ queryKey: ['catalog', 'brief', entityRef], queryFn: () => brief(entityRef), staleTime: 60_000 });

/** What a link to an entity shows; null when there is no such entity. */
export const useBrief = (entityRef: string) => useQuery(briefQuery(entityRef));

export type Briefs = ReadonlyMap<string, Entity | null>;

const noBriefs: Briefs = new Map();

/**
 * What the links of a whole list show, with one subscription instead of one for each link.
 *
 * @param refs - canonical references, the same array as long as the list is the same
 */
export function useBriefs(refs: readonly string[]): Briefs {
  const client = useQueryClient();
  const [briefs, setBriefs] = useState(noBriefs);
  useEffect(() => {
    let left = false;
    const read = async () => {
      // What cannot be read keeps its reference as its name.
      await Promise.allSettled(refs.map((ref) => client.fetchQuery(briefQuery(ref))));
      if (left) return;
      const found = (ref: string) => client.getQueryData<Entity | null>(['catalog', 'brief', ref]);
      // Titles in the place of references: nothing that somebody waits for.
      startTransition(() =>
        setBriefs((before) => {
          const news = refs.filter((ref) => found(ref) !== undefined && found(ref) !== before.get(ref));
          return news.length === 0 ? before : new Map([...before, ...news.map((ref) => [ref, found(ref)!] as const)]);
        }),
      );
    };
    if (refs.length > 0) void read();
    return () => {
      left = true;
    };
  }, [client, refs]);
  return briefs;
}
