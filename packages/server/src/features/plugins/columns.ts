import type { Entity } from '@callboard/model';
import type { PluginColumnCell } from '@callboard/model/http';
import { conditionHolds } from '@callboard/model/plugins';
import type { CatalogReading } from '../catalog/index.ts';
import type { Runtime } from './runtime.ts';

type Kept = { at: number; cell: PluginColumnCell | undefined };
const freshMs = 30_000;
const mostKept = 50_000;

/** Cells of the columns that plugins add to the catalog list. They are kept for a short while, as people page back and forth. */
export function createColumns(parts: { runtime: Runtime; catalog: CatalogReading }) {
  const { runtime, catalog } = parts;
  const kept = new Map<string, Kept>();

  const keep = (key: string, cell: PluginColumnCell | undefined) => {
    kept.delete(key);
    kept.set(key, { at: Date.now(), cell });
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  };

  async function ask(plugin: string, id: string, entities: Entity[], keyOf: (ref: string) => string, refs: string[]) {
    if (refs.length === 0) return;
    const { cells } = (await runtime.call(plugin, `columns/${id}`, { entities })) as {
      cells: Record<string, PluginColumnCell>;
    };
    for (const ref of refs) keep(keyOf(ref), cells[ref]);
  }

  return {
    /**
     * What columns say of some entities. A column that cannot be asked has its last cells, and says why.
     *
     * @param wanted - columns as `plugin:column`; all when absent
     */
    async show(refs: string[], wanted?: readonly string[]) {
      const described = await catalog.describe(refs);
      const entities = new Map(described.map(({ ref, body }) => [ref, JSON.parse(body) as Entity]));
      return Promise.all(
        runtime
          .all()
          .filter((plugin) => plugin.state === 'enabled')
          .flatMap((plugin) => (plugin.manifest.contributes?.columns ?? []).map((column) => ({ plugin, column })))
          .filter(({ plugin, column }) => wanted?.includes(`${plugin.id}:${column.id}`) ?? true)
          .map(async ({ plugin, column }) => {
            const { version } = plugin.manifest;
            const keyOf = (ref: string) => `${plugin.id} ${version} ${column.id} ${ref}`;
            const meant = [...entities.keys()].filter((ref) => conditionHolds(column.when, entities.get(ref) as never));
            const asked = meant.filter((ref) => !((kept.get(keyOf(ref))?.at ?? 0) > Date.now() - freshMs));
            let problem: string | undefined;
            try {
              await ask(
                plugin.id,
                column.id,
                asked.map((ref) => entities.get(ref)!),
                keyOf,
                asked,
              );
            } catch (error) {
              problem = (error as Error).message;
            }
            const cells = meant.flatMap((ref) => {
              const cell = kept.get(keyOf(ref))?.cell;
              return cell ? [[ref, cell] as const] : [];
            });
            const at = Math.min(Date.now(), ...meant.map((ref) => kept.get(keyOf(ref))?.at ?? Date.now()));
            return {
              plugin: plugin.id,
              id: column.id,
              title: column.title,
              at: new Date(at).toISOString(),
              cells: Object.fromEntries(cells),
              ...(problem !== undefined && { problem }),
            };
          }),
      );
    },
    forget(plugin: string, id: string): void {
      for (const [key] of kept) if (key.startsWith(`${plugin} `) && key.split(' ')[2] === id) kept.delete(key);
    },
  };
}
