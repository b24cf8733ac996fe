import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { CreateLocationResponse, LocationInput, RegisteredLocation } from '@callboard/model/http';
import type { CatalogContext } from './context.ts';
import { diskTarget } from './sources/disk.ts';
import type { DiskReach } from './sources/types.ts';
import { locationErrors } from './errors.ts';
import { removeSource } from './ingest/remove.ts';
import type { Preview } from './preview.ts';
import type { Refresher } from './refresher.ts';
import { newSourceRow } from './sources/configured.ts';
import { allSources, insertSource, sourceByKey, sourceByLocationId, updateSource } from './store/sources.ts';
import type { CatalogTables, SourceRow } from './store/tables.ts';

/** Types that may be registered while the portal runs. */
const registrable = new Set(['url', 'git', 'file']);

const keyOf = (input: LocationInput) => `location:${input.type}:${input.target}`;

const shown = (row: SourceRow): RegisteredLocation => ({
  id: row.location_id ?? '',
  type: row.type,
  target: row.target,
  entityRef: row.entity_ref ?? '',
});

type Tools = { context: CatalogContext; refresher: Refresher; preview: Preview };

type CheckedInput = { type: string; target: string; options: string };

/**
 * What is to be read, as it is stored.
 *
 * @param disk - where on this machine's disk whoever asks may reach
 * @throws AppError when the type or the target is refused
 */
export async function checkInput(
  context: CatalogContext,
  input: LocationInput,
  disk: DiskReach,
): Promise<CheckedInput> {
  const type = input.type.trim();
  const target = input.target.trim();
  if (!registrable.has(type)) throw locationErrors.locationTypeRefused({ type, target });
  if (type === 'file') {
    const { target: path, belowConfigured } = await diskTarget(context, target, disk);
    return { type, target: path, options: belowConfigured ? '{"belowConfigured":true}' : '{}' };
  }
  if (type === 'git' && !/^(https?|ssh|git):\/\/|^[^/\s]+@[^:/\s]+:/.test(target))
    throw locationErrors.locationTargetInvalid({ target });
  if (type === 'url' && !URL.canParse(target)) throw locationErrors.locationTargetInvalid({ target });
  if (type === 'url' && !/^https?:$/.test(new URL(target).protocol))
    throw locationErrors.locationTargetInvalid({ target });
  return { type, target, options: '{}' };
}

/** A location that the configuration has already, or that was registered. */
async function existing(context: CatalogContext, input: LocationInput): Promise<SourceRow | undefined> {
  const reader = context.db.reader<CatalogTables>();
  return (
    (await sourceByKey(reader, keyOf(input))) ??
    (await allSources(reader)).find(
      (row) =>
        row.type === input.type &&
        (input.type === 'file' ? resolve(context.directory, row.target) : row.target) === input.target,
    )
  );
}

/**
 * Registers a location, or tries it out.
 *
 * @throws AppError when the catalog is read-only, the type or target is refused, or it is registered already
 */
export async function registerLocation(
  tools: Tools,
  given: LocationInput,
  options: { dryRun?: boolean; onConflict?: 'refresh' | 'reject'; disk: DiskReach },
): Promise<CreateLocationResponse> {
  const { context, refresher } = tools;
  if (context.config.readonly) throw locationErrors.readonly();
  const input = await checkInput(context, given, options.disk);
  const known = await existing(context, input);
  if (options.dryRun) {
    const { entities, problems } = await tools.preview(input);
    const first = problems.find((problem) => problem.severity === 'error');
    if (first && entities.length === 0)
      throw locationErrors.nothingToRegister(
        { target: input.target, problem: first.message, fix: first.fix },
        { details: { problems } },
      );
    const row =
      known ??
      newSourceRow(0, { key: keyOf(input), origin: 'location', ...input, location_id: randomUUID() }, context.now());
    return { location: shown(row), entities, exists: known !== undefined, problems };
  }
  if (known) {
    if ((options.onConflict ?? context.config.conflictStrategy) === 'reject')
      throw locationErrors.locationExists({ type: input.type, target: input.target });
    await refresher.request(known.id);
    return { location: shown(known), entities: [], exists: true };
  }
  const fields = { key: keyOf(input), origin: 'location', ...input, location_id: randomUUID() };
  const row = await context.db.transaction<CatalogTables, SourceRow>((tx) =>
    insertSource(context.db, tx, (id) => newSourceRow(id, fields, context.now())),
  );
  await refresher.added(row);
  return { location: shown(row), entities: [] };
}

async function registered(context: CatalogContext, id: string): Promise<SourceRow> {
  const row = await sourceByLocationId(context.db.reader<CatalogTables>(), id);
  if (!row) throw locationErrors.locationNotFound({ id });
  return row;
}

/** Points a registered location at something else; what the old target brought goes when the new one has been read. */
export async function updateLocation(
  tools: Tools,
  id: string,
  given: LocationInput,
  disk: DiskReach,
): Promise<RegisteredLocation> {
  const { context, refresher } = tools;
  if (context.config.readonly) throw locationErrors.readonly();
  const input = await checkInput(context, given, disk);
  const row = await registered(context, id);
  const known = await existing(context, input);
  if (known && known.id !== row.id) throw locationErrors.locationExists({ type: input.type, target: input.target });
  // Losing what the old target brought is what was asked for, so nothing of it is held back.
  const changed = {
    ...newSourceRow(row.id, { ...row, ...input, key: keyOf(input) }, row.created_at),
    held: JSON.stringify({ confirmed: true }),
  };
  await context.db.transaction<CatalogTables, void>((tx) => updateSource(tx, row.id, changed));
  refresher.removed(row.id);
  await refresher.added(changed);
  return shown(changed);
}

export async function deleteLocation(tools: Tools, id: string, actor: string): Promise<void> {
  if (tools.context.config.readonly) throw locationErrors.readonly();
  const row = await registered(tools.context, id);
  tools.refresher.removed(row.id);
  const heirs = await removeSource(tools.context, row, actor);
  for (const heir of heirs) await tools.refresher.request(heir);
}
