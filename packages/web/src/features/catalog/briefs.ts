import type { Entity } from '@callboard/model';
import { queryOptions, useQuery } from '@tanstack/react-query';
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

/** What a link to an entity shows; null when there is no such entity. */
export const useBrief = (entityRef: string) =>
  useQuery(
    queryOptions({ queryKey: ['catalog', 'brief', entityRef], queryFn: () => brief(entityRef), staleTime: 60_000 }),
  );
