import type { Entity } from '@callboard/model';
import type { PluginViewResponse } from '@callboard/model/http';
import { AppError } from '../../core/errors/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { assertEnabled, type ActivePlugin } from './active.ts';
import { featureErrors } from './errors.ts';
import type { Runtime } from './runtime.ts';

type Kept = { view: Record<string, unknown>; at: number; version: string; isOld?: boolean; since?: number };
const most = 2000;
/** A page gets what is known when the plugin takes longer; what is not known yet may take its time. */
const patienceMs = 250;

/** The refusal for an entity that is not there, or not for the asker. */
export const entityHidden = (ref: string) => featureErrors.entityNotFound({ ref });

/** The entity of a view, when one is asked for. */
export async function entityOf(catalog: CatalogReading, ref: string | undefined): Promise<Entity | undefined> {
  if (ref === undefined) return undefined;
  const [found] = await catalog.describe([ref.toLowerCase()]);
  if (!found) throw entityHidden(ref);
  return JSON.parse(found.body) as Entity;
}

/** Answers of views: kept as long as they count as fresh, asked for once however many wait, and shown with their age when nothing newer comes. */
export function createViews(parts: { runtime: Runtime; catalog: CatalogReading }) {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<Kept>>();

  async function ask(plugin: ActivePlugin, id: string, ref: string | undefined): Promise<Kept> {
    const entity = await entityOf(parts.catalog, ref);
    const view = await parts.runtime.call(plugin.id, `views/${id}`, entity ? { entity } : {});
    return { view: view as Kept['view'], at: Date.now(), version: plugin.manifest.version };
  }

  function keep(key: string, entry: Kept): Kept {
    kept.delete(key);
    kept.set(key, entry);
    if (kept.size > most) kept.delete(kept.keys().next().value!);
    return entry;
  }

  const show = async (
    pluginId: string,
    id: string,
    options: { entity?: string; fresh?: boolean },
  ): Promise<PluginViewResponse> => {
    const plugin = parts.runtime.get(pluginId);
    const { version } = plugin.manifest;
    const declared = plugin.manifest.contributes?.views?.find((view) => view.id === id);
    if (!declared) throw featureErrors.contributionNotFound({ plugin: pluginId, version, what: `view '${id}'` });
    assertEnabled(plugin);
    const key = JSON.stringify([pluginId, id, options.entity?.toLowerCase() ?? '']);
    const found = kept.get(key);
    const before = found?.version === version ? found : undefined;
    const answer = (entry: Kept, problem?: AppError): PluginViewResponse => ({
      view: entry.view,
      at: new Date(entry.at).toISOString(),
      ageMs: Math.max(0, Date.now() - entry.at),
      stale: problem !== undefined,
      ...(problem && {
        problem: {
          code: problem.code,
          message: problem.message,
          fix: problem.fix,
          since: new Date((entry.since ??= Date.now())).toISOString(),
        },
      }),
    });
    const freshMs = (declared.cacheSeconds ?? 60) * 1000;
    if (before && !before.isOld && !options.fresh && Date.now() - before.at < freshMs) return answer(before);
    let running = asking.get(key);
    if (!running) {
      running = ask(plugin, id, options.entity)
        .then((entry) => keep(key, entry))
        .finally(() => asking.delete(key));
      // Nobody may be left to hear of a failure.
      running.catch(() => undefined);
      asking.set(key, running);
    }
    try {
      const entry = before && !options.fresh ? await inTime(running, patienceMs) : await running;
      return entry ? answer(entry) : answer(before!, featureErrors.viewSlow({ plugin: pluginId, version }));
    } catch (error) {
      if (before && error instanceof AppError) return answer(before, error);
      throw error;
    }
  };
  return {
    show,
    /** What is kept of a view counts as old from now on. It is still there if nothing newer comes. */
    forget(plugin: string, id: string): void {
      const start = JSON.stringify([plugin, id]).slice(0, -1);
      for (const [key, entry] of kept) if (key.startsWith(`${start},`)) entry.isOld = true;
    },
  };
}

/** What comes within a time; undefined when it takes longer. */
async function inTime<Value>(coming: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), milliseconds);
  try {
    return await Promise.race([coming, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
