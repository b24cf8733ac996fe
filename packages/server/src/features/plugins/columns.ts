import type { Entity } from '@callboard/model';
import type { PluginColumnCell } from '@callboard/model/http';
import { conditionHolds, type ContributionCondition } from '@callboard/model/plugins';
import type { CatalogReading } from '../catalog/index.ts';
import type { ActivePlugin } from './active.ts';
import { cellOf, type Checks } from './checks.ts';
import type { Runtime } from './runtime.ts';

type Kept = { at: number; cell: PluginColumnCell | undefined };
type Entities = Map<string, Entity>;
type Cells = { cells: Record<string, PluginColumnCell>; at: number; problem?: string };
type Column = {
  plugin: ActivePlugin;
  id: string;
  title: string;
  when?: ContributionCondition | undefined;
  ask(meant: Entities): Promise<Cells>;
};
const freshMs = 30_000;
const mostKept = 50_000;
/** What a list waits for checks, which are asked entity by entity. */
const checksMs = 5_000;

/**
 * Cells of the columns that plugins add to the catalog list, their checks among them. They are kept for a short while, as people page back and
 * forth.
 */
export function createColumns(parts: { runtime: Runtime; checks: Checks; catalog: CatalogReading }) {
  const { runtime, checks, catalog } = parts;
  const kept = new Map<string, Kept>();

  const keep = (key: string, cell: PluginColumnCell | undefined) => {
    kept.delete(key);
    kept.set(key, { at: Date.now(), cell });
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  };

  /** Asks for those that are not fresh, all at once; where that fails, the last cells stand. */
  async function askColumn(plugin: ActivePlugin, id: string, meant: Entities): Promise<Cells> {
    const keyOf = (ref: string) => `${plugin.id} ${plugin.manifest.version} ${id} ${ref}`;
    const refs = [...meant.keys()];
    const asked = refs.filter((ref) => !((kept.get(keyOf(ref))?.at ?? 0) > Date.now() - freshMs));
    let problem: string | undefined;
    try {
      if (asked.length > 0) {
        const entities = asked.map((ref) => meant.get(ref)!);
        const answer = await runtime.call(plugin.id, `columns/${id}`, { entities });
        for (const ref of asked) keep(keyOf(ref), (answer as Cells).cells[ref]);
      }
    } catch (error) {
      problem = (error as Error).message;
    }
    const cells = refs.flatMap((ref) => {
      const cell = kept.get(keyOf(ref))?.cell;
      return cell ? [[ref, cell] as const] : [];
    });
    const at = Math.min(Date.now(), ...refs.map((ref) => kept.get(keyOf(ref))?.at ?? Date.now()));
    return { cells: Object.fromEntries(cells), at, ...(problem !== undefined && { problem }) };
  }

  type Check = Parameters<Checks['forMany']>[1];
  async function askCheck(plugin: ActivePlugin, check: Check, meant: Entities): Promise<Cells> {
    const results = await checks.forMany(plugin, check, meant, AbortSignal.timeout(checksMs));
    const missing = meant.size - results.size;
    return {
      cells: Object.fromEntries([...results].map(([ref, result]) => [ref, cellOf(result)])),
      at: Math.min(Date.now(), ...[...results.values()].map(({ at }) => at)),
      ...(missing > 0 && { problem: `It has not yet looked at ${missing} of these entities` }),
    };
  }

  const columnsOf = (plugin: ActivePlugin): Column[] => {
    const { columns = [], checks: declared = [] } = plugin.manifest.contributes ?? {};
    return [
      ...columns.map((column) => ({
        ...column,
        plugin,
        ask: (meant: Entities) => askColumn(plugin, column.id, meant),
      })),
      ...declared
        .filter(({ id }) => !columns.some((column) => column.id === id))
        .map((check) => ({ ...check, plugin, ask: (meant: Entities) => askCheck(plugin, check, meant) })),
    ];
  };

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
          .flatMap(columnsOf)
          .filter(({ plugin, id }) => wanted?.includes(`${plugin.id}:${id}`) ?? true)
          .map(async ({ plugin, id, title, when, ask }) => {
            const meant = new Map([...entities].filter(([, entity]) => conditionHolds(when, entity as never)));
            const { cells, at, problem } = await ask(meant);
            return {
              plugin: plugin.id,
              id,
              title,
              at: new Date(at).toISOString(),
              cells,
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
