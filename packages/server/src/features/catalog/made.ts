import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringifyEntityRef } from '@callboard/model';
import type { CatalogContext } from './context.ts';
import { locationErrors } from './errors.ts';
import { deleteLocation } from './locations.ts';
import type { Preview } from './preview.ts';
import type { Refresher } from './refresher.ts';
import { newSourceRow } from './sources/configured.ts';
import { insertSource, sourceById, sourceByKey } from './store/sources.ts';
import type { CatalogTables, SourceRow } from './store/tables.ts';

/** What was made for somebody, and is to be in the catalog from then on. */
export type MadeLocations = {
  /**
   * Registers a descriptor and waits until it has been read. Unlike what people register, it may lie in a repository of this machine:
   * whoever calls this vouches for the address.
   *
   * @param target - `https://…`, or `git:<repository>/blob/<branch>/<path>`
   * @throws AppError when there is nothing to register, or the catalog is read-only
   */
  register(target: string, options: { signal: AbortSignal }): Promise<{ ref: string; kind: string; name: string }[]>;
  /** Forgets what `register` added. Whether it was there. */
  unregister(target: string, actor: string): Promise<boolean>;
  /** The folder of the clone that the catalog keeps of a repository. */
  cloneOf(repository: string): string;
};

const longestWaitMs = 15_000;
const lookEveryMs = 20;

type Place = { key: string; type: string; target: string; options: string };

function placeOf(target: string): Place {
  const [, repository, branch, path] = /^git:(.+?)\/blob\/([^/]+)\/(.+)$/s.exec(target) ?? [];
  if (repository === undefined) return { key: `location:url:${target}`, type: 'url', target, options: '{}' };
  // A glob in the path means itself: it is the name of one file.
  const pattern = path!.replace(/[*?[\]{}()!+@\\]/g, '\\$&');
  return { key: `location:${target}`, type: 'git', target: repository, options: JSON.stringify({ branch, pattern }) };
}

/** Lets other features add what they have made. */
export function createMadeLocations(tools: {
  context: CatalogContext;
  refresher: Refresher;
  preview: Preview;
  cloneOf(repository: string): string;
}): MadeLocations {
  const { context, refresher, preview } = tools;
  const reader = () => context.db.reader<CatalogTables>();

  async function settled(id: number, since: number, signal: AbortSignal): Promise<void> {
    for (const end = Date.now() + longestWaitMs; Date.now() < end;) {
      const row = await sourceById(reader(), id);
      if (!row || (row.last_attempt_at ?? -1) >= since) return;
      await sleep(lookEveryMs, undefined, { signal });
    }
  }

  return {
    cloneOf: tools.cloneOf,
    async register(target, { signal }) {
      if (context.config.readonly) throw locationErrors.readonly();
      const place = placeOf(target);
      const { entities, problems } = await preview(place);
      const first = problems.find((problem) => problem.severity === 'error');
      if (entities.length === 0)
        throw locationErrors.nothingToRegister(
          {
            target,
            problem: first?.message ?? 'There is no entity in it.',
            fix: first?.fix ?? 'Add a descriptor, or correct its path.',
          },
          { details: { problems } },
        );
      const since = context.now();
      const known = await sourceByKey(reader(), place.key);
      const fields = { ...place, origin: 'location' as const, location_id: randomUUID() };
      const row =
        known ??
        (await context.db.transaction<CatalogTables, SourceRow>((tx) =>
          insertSource(context.db, tx, (id) => newSourceRow(id, fields, context.now())),
        ));
      await (known ? refresher.request(row.id) : refresher.added(row));
      await settled(row.id, since, signal);
      return entities.map((entity) => ({
        ref: stringifyEntityRef(entity),
        kind: entity.kind,
        name: entity.metadata.name,
      }));
    },
    async unregister(target, actor) {
      const row = await sourceByKey(reader(), placeOf(target).key);
      if (!row?.location_id) return false;
      await deleteLocation(tools, row.location_id, actor);
      return true;
    },
  };
}
