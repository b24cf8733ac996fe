import { analyzeLocation } from './analyze.ts';
import type { CatalogActions, CatalogContext } from './context.ts';
import { createDescriptors } from './descriptor/index.ts';
import { locationErrors, previewErrors, sourceErrors } from './errors.ts';
import type { PrepareWorkers } from './formats/backstage/prepare-workers.ts';
import { deleteDropped, refreshMissingTargets } from './ingest/finish.ts';
import { checkInput, deleteLocation, registerLocation, updateLocation } from './locations.ts';
import { createPreview } from './preview.ts';
import type { Refresher } from './refresher.ts';
import { forgetDocuments } from './store/forget.ts';
import { entityPlace } from './store/held.ts';
import { sourceById, updateSource } from './store/sources.ts';
import type { CatalogTables, SourceRow } from './store/tables.ts';

/** Everything that the routes may change, on top of the refresher. */
export function catalogActions(tools: {
  context: CatalogContext;
  refresher: Refresher;
  workers: PrepareWorkers;
}): CatalogActions {
  const { context, refresher, workers } = tools;
  const { db } = context;
  const preview = createPreview(context, workers);
  const locationTools = { context, refresher, preview };

  async function source(id: number): Promise<SourceRow> {
    const row = await sourceById(db.reader<CatalogTables>(), id);
    if (!row) throw sourceErrors.sourceUnknown({ id });
    return row;
  }

  return {
    descriptors: createDescriptors(tools),
    async registerLocation(input, options) {
      return registerLocation(locationTools, input, options);
    },
    updateLocation: (id, input, { disk }) => updateLocation(locationTools, id, input, disk),
    deleteLocation: (id, actor) => deleteLocation(locationTools, id, actor),
    analyzeLocation: async (input, disk) => analyzeLocation(context, preview, await checkInput(context, input, disk)),
    async validateEntity(entity, location) {
      const text = JSON.stringify(entity) ?? 'null';
      const prepared = await workers.prepare({
        location,
        originLocation: location,
        text,
        read: async (target) => {
          throw previewErrors.placeholderNotRead({ target });
        },
      });
      return prepared === 'unchanged' ? [] : prepared.problems.filter((problem) => problem.severity === 'error');
    },
    async refreshEntity(ref) {
      const entity = await entityPlace(db.reader<CatalogTables>(), 'ref', ref);
      if (!entity) throw previewErrors.entityRefNotFound({ ref });
      await db.transaction<CatalogTables, void>((tx) => forgetDocuments(tx, { ids: [entity.document_id] }));
      await refresher.request(entity.source_id);
    },
    async deleteEntity(uid, actor) {
      if (context.config.readonly) throw locationErrors.readonly();
      const entity = await entityPlace(db.reader<CatalogTables>(), 'uid', uid);
      if (!entity) throw locationErrors.entityUidNotFound({ uid });
      await deleteDropped(context, [entity], actor);
      await refreshMissingTargets(context, { documentIds: [], created: [], deleted: [entity.ref] });
      // What its document still describes comes back with the next reading.
      await db.transaction<CatalogTables, void>((tx) => forgetDocuments(tx, { ids: [entity.document_id] }));
    },
    async refreshSource(id) {
      await refresher.request((await source(id)).id);
    },
    async confirmSource(id) {
      const row = await source(id);
      if (row.held === null) throw sourceErrors.nothingHeld({ id });
      await db.transaction<CatalogTables, void>((tx) =>
        updateSource(tx, id, { held: JSON.stringify({ ...JSON.parse(row.held!), confirmed: true }) }),
      );
      await refresher.request(id);
    },
  };
}
