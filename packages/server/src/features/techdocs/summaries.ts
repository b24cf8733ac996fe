import type { DocsSummary } from '@callboard/model/http';
import type { Events } from '../../core/events/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { docsEntity, documentsOf, hasDocuments } from './entities.ts';
import type { Readability } from './readability.ts';
import type { Store } from './store.ts';

/** What other replicas have found out about sites is not an event: it is looked for again after this time. */
const lastsMs = 30_000;

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
const iso = (at: number) => new Date(at).toISOString();

/** Tells of all entities that have documents of their own. They are read again when anything has changed. */
export function createSummaries(
  {
    catalog,
    events,
    store,
    readability,
  }: {
    catalog: CatalogReading;
    events: Pick<Events, 'latest'>;
    store: Store;
    readability: Readability;
  },
  now: () => number,
): () => Promise<readonly DocsSummary[]> {
  async function read(): Promise<DocsSummary[]> {
    const known = await store.sites();
    const items: DocsSummary[] = [];
    for (let after: string | undefined; ;) {
      const refs = await catalog.refs(after, 1_000, hasDocuments);
      if (refs.length === 0) break;
      after = refs.at(-1);
      for (const described of await catalog.describe(refs)) {
        const own = docsEntity(described);
        const said = documentsOf(own);
        if (said.target === undefined || said.borrows !== undefined) continue;
        const { metadata, kind, spec } = own.entity;
        const record = known.get(own.ref);
        const [description, type, lifecycle] = [
          textOf(metadata.description),
          textOf(spec?.['type']),
          textOf(spec?.['lifecycle']),
        ];
        items.push({
          entityRef: own.ref,
          title: own.title,
          kind,
          ...(description !== undefined && { description }),
          ...(type !== undefined && { type }),
          ...(lifecycle !== undefined && { lifecycle }),
          ...(own.owner && { owner: own.owner }),
          tags: Array.isArray(metadata.tags) ? metadata.tags.filter((tag) => typeof tag === 'string') : [],
          problems: (record?.problems ?? 0) + Number(readability.isBad(own.ref)),
          ...(record && record.checkedAt > 0 && { pages: record.pages, checkedAt: iso(record.checkedAt) }),
          ...(record?.changedAt !== undefined && { changedAt: iso(record.changedAt) }),
        });
      }
    }
    const { compare } = new Intl.Collator();
    return items.sort((one, other) => compare(one.title, other.title));
  }

  let kept: { mark: string; at: number; items: Promise<DocsSummary[]> } | undefined;
  return async () => {
    const mark = `${await events.latest()} ${store.siteChanges()}`;
    if (kept?.mark === mark && now() - kept.at < lastsMs) return kept.items;
    const mine = { mark, at: now(), items: read() };
    kept = mine;
    mine.items.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return mine.items;
  };
}
