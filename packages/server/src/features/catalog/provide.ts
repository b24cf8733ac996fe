import type { Fault } from '@callboard/model';
import type { CatalogContext } from './context.ts';
import type { LiveKinds } from './kinds-live.ts';
import { removeSource } from './ingest/remove.ts';
import type { Refresher } from './refresher.ts';
import { syncProvidedSources } from './sources/provided.ts';
import type { ProvidedSource } from './sources/types.ts';
import { forgetDocuments } from './store/forget.ts';
import { allSources } from './store/sources.ts';
import type { CatalogTables } from './store/tables.ts';

/** What others than the configuration add to the catalog. */
export type Provided = {
  sources: ProvidedSource[];
  /** kinds as under `catalog.kinds`, not checked yet; `from` says whose they are */
  kinds: { from: string; kind: unknown }[];
};

/**
 * Takes over what is provided now, in place of what was provided before.
 *
 * @returns kinds that were refused, with what is wrong with them
 */
export async function provide(
  tools: {
    context: CatalogContext;
    refresher: Refresher;
    kinds: LiveKinds;
    kindsChanged: () => void;
    isStarted: boolean;
  },
  { sources, kinds }: Provided,
): Promise<{ from: string; faults: Fault[] }[]> {
  const { context, refresher } = tools;
  const before = new Map(context.provided);
  context.provided.clear();
  for (const source of sources) context.provided.set(source.target, source);
  const { changed, refused } = tools.kinds.use(kinds);
  if (changed) tools.kindsChanged();
  const { added, kept, gone } = await syncProvidedSources(context, sources);
  const heirs = new Set<number>();
  for (const row of gone) {
    refresher.removed(row.id);
    for (const id of await removeSource(context, row, `source:plugin:${row.target}`)) heirs.add(id);
  }
  if (tools.isStarted) {
    for (const row of added) await refresher.added(row);
    for (const row of kept)
      if (before.get(row.target)?.mark !== context.provided.get(row.target)?.mark) await refresher.request(row.id);
    for (const id of heirs) await refresher.request(id);
    if (changed)
      // What was refused or taken by the kinds before may be otherwise now.
      for (const row of await allSources(context.db.reader<CatalogTables>())) {
        await context.db.transaction<CatalogTables, void>((tx) => forgetDocuments(tx, { sourceId: row.id }));
        await refresher.request(row.id);
      }
  }
  return refused;
}
