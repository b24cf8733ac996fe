import type { CatalogContext } from '../context.ts';
import { countEntities, updateSource } from '../store/sources.ts';
import type { CatalogTables, SourceRow } from '../store/tables.ts';

/** Losses of this time count as one: whoever removes much may take a while. */
const lossWindowMs = 10 * 60_000;

type Loss = { at: number; count: number };

/** What a source has lost of late. It stands in the database, so that neither a restart nor another replica forgets it. */
const recentLosses = (source: SourceRow, now: number): Loss[] =>
  source.losses === null
    ? []
    : (JSON.parse(source.losses) as Loss[]).filter((loss) => loss.at > now - lossWindowMs).slice(-1000);

/**
 * Whether more would go, with what went of late, than a slip of one change explains: someone has to look first.
 *
 * @param created - how many entities this reading has brought; they do not make the source larger than it was
 */
export async function isTooMuch(
  context: CatalogContext,
  source: SourceRow,
  { lost, created }: { lost: number; created: number },
): Promise<{ lost: number; total: number } | undefined> {
  if (lost === 0 || context.config.orphanStrategy === 'keep') return undefined;
  const { shrinkMinimum, shrinkShare } = context.config.limits;
  const before = recentLosses(source, context.now()).reduce((sum, loss) => sum + loss.count, 0);
  const all = lost + before;
  const total = (await countEntities(context.db.reader(), source.id)) - created + before;
  return all >= shrinkMinimum && all > shrinkShare * total ? { lost, total } : undefined;
}

/** Remembers a loss, before it happens: a crash in between may make the portal ask once too often, never once too little. */
export async function rememberLoss(context: CatalogContext, source: SourceRow, count: number): Promise<void> {
  if (count === 0) return;
  const now = context.now();
  const losses = JSON.stringify([...recentLosses(source, now), { at: now, count }]);
  await context.db.transaction<CatalogTables, void>((tx) => updateSource(tx, source.id, { losses }));
}
