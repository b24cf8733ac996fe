import type { Host, RunningVersion } from '@callboard/plugin-api';
import { identifying } from './find.ts';
import type { Entity } from './model.ts';

/** So long what an entity says of itself counts; those that come are read at once. */
const freshMs = 300_000;
const pageSize = 500;

/** A component with what finding needs of it, and what was found when the clusters were as they are. */
type Known = { entity: Entity; readAt: number; found?: { as: number; versions: RunningVersion[] } };

const thinned = ({ apiVersion, kind, metadata: { name, namespace, annotations = {} } }: Entity): Entity => ({
  apiVersion,
  kind,
  metadata: {
    name,
    ...(namespace !== undefined && { namespace }),
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => identifying.has(key))),
  },
});

/** The components of the catalog, which are many and rarely change. */
export function createComponents(host: Host) {
  const known = new Map<string, Known>();
  return {
    /** A page of them, by their refs; `cursor` is missing at the last. */
    async page(after: string | undefined): Promise<{ components: Known[]; cursor?: string }> {
      const now = Date.now();
      const refs = await host.catalog.refs(after ?? 'component:', pageSize);
      const own = refs.filter((ref) => ref.startsWith('component:'));
      const due = own.filter((ref) => now - (known.get(ref)?.readAt ?? 0) >= freshMs);
      for (const entity of due.length > 0 ? await host.catalog.get(due) : []) {
        const { kind, metadata } = entity;
        const ref = `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();
        known.set(ref, { entity: thinned(entity), readAt: now });
      }
      // What is in the catalog is read again before it is so old.
      if (after === undefined) for (const [ref, { readAt }] of known) if (now - readAt > 3 * freshMs) known.delete(ref);
      const isLast = own.length < refs.length || refs.length < pageSize;
      return { components: own.flatMap((ref) => known.get(ref) ?? []), ...(!isLast && { cursor: refs.at(-1)! }) };
    },
  };
}
export type Components = ReturnType<typeof createComponents>;
