import type { JsonObject } from '@callboard/model';
import { allOf, assertAnswer, type CallFiles, narrow } from '../../core/plugins/index.ts';
import { activate, type ActivePlugin, assertEnabled, type FirstParty, isUntouched } from './active.ts';
import type { PluginsContext } from './context.ts';
import { featureErrors } from './errors.ts';
import { changed, type StoredPlugin } from './store.ts';

const timeouts = {
  views: 10_000,
  routes: 30_000,
  actions: 600_000,
  sources: 60_000,
  checks: 10_000,
  codeHosts: 60_000,
  searchSources: 60_000,
  connections: 30_000,
  columns: 5_000,
  deployments: 30_000,
  tasks: 600_000,
} as Record<string, number>;

/** Who asks, with what, and for how long. */
export type CallHow = {
  user?: string;
  permissions?: string[];
  signal?: AbortSignal;
  files?: CallFiles;
  /** Those of the refs whose entities this person may see */
  visible?: (refs: string[]) => Promise<string[]>;
  /** Takes the values of an answer that comes bit by bit */
  onItem?: (value: unknown) => Promise<void>;
  /** It may last as long as somebody wants it */
  isLong?: boolean;
};

/** The plugins of this replica, in step with the database. */
export type Runtime = {
  all(): ActivePlugin[];
  /** @throws AppError PLUGIN_NOT_FOUND */
  get(id: string): ActivePlugin;
  /** Calls a handler of an enabled plugin: `views/runs`. Its answer has the shape that the contract says. */
  call(id: string, target: string, input: unknown, options?: CallHow): Promise<unknown>;
  /** Reads what the database has, now. */
  reload(): Promise<void>;
  /** Told after the plugins of this replica have become others. */
  onChange(listener: () => void): void;
  start(): void;
  stop(): void;
};

/** Makes the runtime; `reload` fills it. */
export function createRuntime(context: PluginsContext, firstParty: FirstParty[]): Runtime {
  const plugins = new Map<string, ActivePlugin>();
  const listeners: (() => void)[] = [];
  let silence = () => {};
  let reloading: Promise<void> | undefined;
  let again = false;

  const configurationOf = (id: string, stored: StoredPlugin | undefined): JsonObject => ({
    ...context.config.settings[id],
    ...stored?.configuration,
  });

  async function read(): Promise<void> {
    const rows = await context.store.plugins();
    const byId = new Map(rows.map((row) => [row.id, row]));
    const wanted = [
      ...firstParty.map((own) => ({ own, stored: byId.get(own.manifest.id), manifest: own.manifest })),
      ...rows
        .filter((row) => row.manifest && !firstParty.some((own) => own.manifest.id === row.id))
        .map((stored) => ({ own: undefined, stored, manifest: stored.manifest! })),
    ];
    let isChanged = false;
    for (const id of plugins.keys())
      if (!wanted.some(({ manifest }) => manifest.id === id)) {
        plugins.get(id)!.supervisor.stop('it was removed');
        plugins.delete(id);
        isChanged = true;
      }
    for (const { own, stored, manifest } of wanted) {
      const grants = stored ? narrow(stored.grants, manifest.asks) : allOf(manifest.asks);
      const configuration = configurationOf(manifest.id, stored);
      const signature = JSON.stringify([
        manifest.version,
        stored?.sha256,
        stored?.state,
        stored?.updatedAt,
        grants,
        configuration,
      ]);
      const before = plugins.get(manifest.id);
      if (before?.signature === signature) continue;
      before?.supervisor.stop('it was changed');
      const made = activate(context, { manifest, stored, firstParty: own, grants, configuration, signature });
      // What happened before stays readable: it may be why somebody changed it.
      for (const line of before?.supervisor.messages().toReversed() ?? []) made.supervisor.messages().unshift(line);
      if (made.state !== 'enabled' && !isUntouched(made)) made.supervisor.stop(made.reason ?? `it is ${made.state}`);
      plugins.set(manifest.id, made);
      isChanged = true;
    }
    if (isChanged) for (const listener of listeners) listener();
  }

  const reload = async (): Promise<void> => {
    if (reloading) {
      again = true;
      await reloading;
      return;
    }
    reloading = (async () => {
      do {
        again = false;
        await read();
      } while (again);
    })().finally(() => (reloading = undefined));
    await reloading;
  };

  const get = (id: string) => {
    const plugin = plugins.get(id);
    if (!plugin) throw featureErrors.notFound({ id });
    return plugin;
  };

  return {
    all: () => [...plugins.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    get,
    async call(id, target, input, { user, permissions, signal, files, visible, onItem, isLong } = {}) {
      const plugin = get(id);
      const role = target.split('/')[0]!;
      assertEnabled(plugin, role);
      const tell = (text: string) => plugin.supervisor.log('error', text);
      const declared = await plugin.declared(target, input, signal);
      if (declared !== undefined) {
        const value = role === 'sources' && Array.isArray(declared) ? { entities: declared } : declared;
        assertAnswer(plugin.manifest, target, value, tell);
        return value;
      }
      const timeoutMs = context.callMs?.[role as 'views'] ?? timeouts[role] ?? 10_000;
      const asker = { ...(user !== undefined && { user }), ...(permissions && { permissions }) };
      const limit = isLong ? {} : { timeoutMs };
      const how = { input, context: asker, signal, files, visible, onItem, isLong, ...limit };
      const value = await plugin.supervisor.call(target, how);
      if (onItem) return value;
      assertAnswer(plugin.manifest, target, value, tell);
      return value;
    },
    reload,
    onChange: (listener) => void listeners.push(listener),
    start() {
      silence = context.db.listen(changed, () => {
        void reload().catch((error: unknown) => context.log.error({ error }, 'the plugins could not be read'));
      });
    },
    stop() {
      silence();
      for (const plugin of plugins.values()) plugin.supervisor.stop('the portal stops');
    },
  };
}
