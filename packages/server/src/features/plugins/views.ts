import type { Entity } from '@callboard/model';
import type { PluginViewResponse } from '@callboard/model/http';
import { AppError } from '../../core/errors/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { assertEnabled, type ActivePlugin } from './active.ts';
import { featureErrors } from './errors.ts';
import type { Runtime } from './runtime.ts';

type Kept = { view: Record<string, unknown>; at: number; version: string };
const most = 2000;

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
      ...(problem && { problem: { code: problem.code, message: problem.message, fix: problem.fix } }),
    });
    const freshMs = (declared.cacheSeconds ?? 60) * 1000;
    if (before && !options.fresh && Date.now() - before.at < freshMs) return answer(before);
    let running = asking.get(key);
    if (!running) {
      running = ask(plugin, id, options.entity).finally(() => asking.delete(key));
      asking.set(key, running);
    }
    try {
      const entry = await running;
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size > most) kept.delete(kept.keys().next().value!);
      return answer(entry);
    } catch (error) {
      if (before && error instanceof AppError) return answer(before, error);
      throw error;
    }
  };
  return {
    show,
    /** What is kept of a view counts as old from now on. */
    forget(plugin: string, id: string): void {
      const start = JSON.stringify([plugin, id]).slice(0, -1);
      for (const key of kept.keys()) if (key.startsWith(`${start},`)) kept.delete(key);
    },
  };
}
