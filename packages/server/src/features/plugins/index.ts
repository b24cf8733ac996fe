/**
 * Plugins that are installed: their packages, versions, grants, configuration and values in the database, their life on every replica, and
 * the addresses by which people manage and use them. How a plugin is run is core/plugins' business.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { JsonValue } from '@callboard/model';
import { createJq, createPackageFinder, manifestOf } from '../../core/plugins/index.ts';
import { createSeal, keyFrom, type Seal } from '../../core/seal/index.ts';
import type { Access } from '../access/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { type FirstParty, isUntouched } from './active.ts';
import type { PluginsConfig } from './config.ts';
import type { PluginsContext, PluginsCore, PluginsTiming } from './context.ts';
import { divide } from './hidden-values.ts';
import { type CodeHosts, createCodeHosts } from './code-hosts.ts';
import { createChecks } from './checks.ts';
import { createColumns } from './columns.ts';
import { collectDeployments } from './deployments.ts';
import { createDocuments } from './documents.ts';
import { createManager } from './manage.ts';
import { pluginsTables } from './migrations/0001-plugins.ts';
import { pluginDocuments } from './migrations/0002-documents.ts';
import { pluginSecrets } from './migrations/0003-secrets.ts';
import { createNotifying } from './notify.ts';
import { createRoles, type Roles } from './roles.ts';
import { registerManagement } from './routes.ts';
import { createRuntime } from './runtime.ts';
import { createStore, type Manifest } from './store.ts';
import { createDocumentStore } from './store/documents.ts';
import { registerCodeHosts } from './code-host-routes.ts';
import { createTasks } from './tasks.ts';
import { createTelling } from './tell.ts';
import { registerProxy } from './proxy-routes.ts';
import { registerUse } from './use-routes.ts';
import { createViews } from './views.ts';
import type { HttpServer } from '../../core/http/index.ts';

export { pluginsConfig, pluginsSection, type PluginsConfig } from './config.ts';
export type { FirstParty } from './active.ts';
export type { CodeHosts, FoundCodeHost } from './code-hosts.ts';
export { hostFiles } from './code-hosts.ts';
export type { PluginAction, PluginSource } from './roles.ts';

export type Plugins = {
  /** Brings the tables up to date and reads what is installed; call it before the portal listens. */
  prepare(): Promise<void>;
  /** Begins the work of plugins in the background; call it when the portal listens. */
  start(): void;
  stop(): Promise<void>;
  /** The hosts of code that plugins serve. */
  codeHosts: CodeHosts;
  /** Told when a plugin says that files changed: how their addresses begin. */
  onFilesChange(listener: (urls: string[]) => void): void;
  /** What plugins add to other features, role by role. */
  roles: Roles;
  /** What search is to find of them. */
  searchSource: ReturnType<typeof createDocuments>['searchSource'];
  /** Tells a plugin's author what another feature found wrong with it. */
  report(plugin: string, text: string): void;
  /** Told after plugins came, went or changed. */
  onChange(listener: () => void): void;
  /** Told when a plugin says that its source has other entities now: `acme/services`. */
  onSourceChange(listener: (target: string) => void): void;
  /** What enabled plugins contribute in one role, for the features that use it. */
  contributions<Role extends keyof NonNullable<Manifest['contributes']>>(
    role: Role,
  ): {
    plugin: string;
    version: string;
    contribution: NonNullable<NonNullable<Manifest['contributes']>[Role]>[number];
  }[];
  /** Calls a handler of a plugin: `actions/acme:ticket`. What comes back has the shape that the contract says. */
  call(
    plugin: string,
    target: string,
    input: unknown,
    options?: { user?: string; signal?: AbortSignal },
  ): Promise<unknown>;
};

/**
 * Reads the plugins that came with the portal, one folder each. Their manifests are checked by a test instead of at every start, which would
 * be a tenth longer.
 */
export async function firstPartyPlugins(folder: string): Promise<FirstParty[]> {
  const names = await readdir(folder).catch(() => []);
  const found: FirstParty[] = [];
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const packageJson = JSON.parse(text);
    const manifest = manifestOf({ packageJson });
    if (manifest === undefined) continue;
    found.push({
      folder: join(folder, name),
      manifest: manifest as Manifest,
      isOff: packageJson.callboardIsOff === true,
    });
  }
  return found;
}

/**
 * Puts the feature together and registers its routes.
 *
 * @param options.firstParty - plugins that came with the portal; they run in its process
 * @param options.dataDirectory - packages are unpacked below it
 * @param options.timing - shorter time limits, for tests
 */
export function createPlugins(
  core: PluginsCore,
  features: { access: Access; catalog: CatalogReading },
  options: {
    config: PluginsConfig;
    directory: string;
    dataDirectory: string;
    firstParty: FirstParty[];
    /** Where the portal is for people */
    baseUrl?: string | undefined;
    /** What the portal's configuration says beside its own keys, for what plugins may read of it */
    settingOf?: (name: string) => JsonValue | undefined;
    timing?: PluginsTiming;
  },
): Plugins {
  const { config } = options;
  const directory = resolve(options.dataDirectory, 'plugins');
  let seal: Seal | undefined;
  const keyed = (): Seal => {
    if (!seal) throw new Error('the plugins are not prepared');
    return seal;
  };
  const store = createStore(core.db, core.events, {
    close: (text, owner) => keyed().close(text, owner),
    open: (text, owner) => keyed().open(text, owner),
  });
  const sourceListeners: ((target: string) => void)[] = [];
  const filesListeners: ((urls: string[]) => void)[] = [];
  const context: PluginsContext = {
    ...options.timing,
    db: core.db,
    store,
    outbound: core.outbound,
    log: core.log,
    config,
    catalog: features.catalog,
    jq: createJq(),
    directory,
    deployments: (asker, signal) => collectDeployments(runtime, asker, signal),
    setting: (name) => options.settingOf?.(name),
    changed(plugin, contribution, urls) {
      const [role = '', name = ''] = contribution.split('/');
      if (role === 'searchSources') documents.refresh(`${plugin}/${name}`);
      else if (role === 'views' || role === 'columns' || role === 'checks') telling.tell(plugin, contribution);
      else if (role === 'codeHosts') for (const listener of filesListeners) listener(urls);
      else for (const listener of sourceListeners) listener(`${plugin}/${name}`);
    },
    quarantine(id, version, reason) {
      const own = options.firstParty.find(({ manifest }) => manifest.id === id);
      const fresh = own && { version, grants: {} };
      void store
        .change(id, 'quarantined', { state: 'quarantined', reason }, { now: Date.now(), fresh })
        .catch((error: unknown) => core.log.error({ plugin: id, error }, 'a quarantine could not be recorded'));
    },
  };
  /** What the configuration file names is wanted, though nobody has enabled it. */
  const isNamed = ({ id, asks }: Manifest): boolean =>
    config.settings[id] !== undefined ||
    [id, `integrations.${id}`].some((name) => asks?.settings?.includes(name) && options.settingOf?.(name) != null);
  const runtime = createRuntime(
    context,
    options.firstParty.map((own) => ({ ...own, isOff: own.isOff && !isNamed(own.manifest) })),
  );
  const manager = createManager({
    store,
    runtime,
    settings: config.settings,
    finder: createPackageFinder({
      outbound: core.outbound,
      registry: config.registry,
      token: config.registryToken,
      folder: config.folder === undefined ? undefined : resolve(options.directory, config.folder),
    }),
  });
  /** Secrets that were stored before there was a key. */
  async function closeOldSecrets(): Promise<void> {
    for (const { id, configuration, manifest, secretPaths, isUnreadable } of await store.plugins()) {
      const found = manifest ?? options.firstParty.find((own) => own.manifest.id === id)?.manifest;
      const values = divide({ schema: found?.configuration }, configuration);
      const isOld = secretPaths.length === 0 && Object.keys(values.secrets).length > 0;
      if (isOld && !isUnreadable) await store.closeOld(id, configuration, values);
    }
  }
  const roles = createRoles(runtime);
  const documents = createDocuments({
    runtime,
    store: createDocumentStore(core.db, core.events),
    jobs: core.jobs,
    log: core.log,
  });
  runtime.onChange(() => documents.refresh());
  const codeHosts = createCodeHosts(runtime);
  const checks = createChecks(runtime);
  const columns = createColumns({ runtime, checks, catalog: features.catalog });
  const tasks = createTasks({ runtime, jobs: core.jobs, log: core.log, backoffMs: context.taskBackoffMs });
  const notifying = createNotifying({ ...core, runtime, roles, baseUrl: options.baseUrl });
  const views = createViews({ runtime, catalog: features.catalog });
  const telling = createTelling({
    ...core,
    forget(plugin, contribution) {
      const [role, name = ''] = contribution.split('/');
      if (role === 'views') views.forget(plugin, name);
      else if (role === 'checks') checks.forget(plugin, name);
      else columns.forget(plugin, name);
    },
  });
  core.http.register(async (scope) => {
    const http = scope as unknown as HttpServer;
    registerManagement(http, { context, runtime, manager, access: features.access });
  });
  core.http.register(async (scope) => {
    const tools = { runtime, views, checks, columns, access: features.access, catalog: features.catalog };
    registerUse(scope as unknown as HttpServer, tools);
    registerCodeHosts(scope as unknown as HttpServer, { ...tools, codeHosts });
  });
  core.http.register(async (scope) =>
    registerProxy(scope as unknown as HttpServer, { runtime, access: features.access }),
  );

  return {
    async prepare() {
      await core.db.migrate([pluginsTables, pluginDocuments, pluginSecrets]);
      seal = createSeal(config.secretsKey ?? (await keyFrom(join(directory, 'secrets.key'))), 'plugins');
      await closeOldSecrets();
      await runtime.reload();
      runtime.start();
      await telling.start();
    },
    start() {
      tasks.start();
      notifying.start();
    },
    async stop() {
      tasks.stop();
      telling.stop();
      await notifying.stop();
      runtime.stop();
      await context.jq.close();
    },
    roles,
    codeHosts,
    searchSource: documents.searchSource,
    report: (plugin, text) => runtime.get(plugin).supervisor.log('error', text),
    onChange: runtime.onChange,
    onFilesChange: (listener) => void filesListeners.push(listener),
    onSourceChange: (listener) => void sourceListeners.push(listener),
    contributions: (role) =>
      runtime
        .all()
        .filter((plugin) => plugin.state === 'enabled' || (role === 'signIn' && isUntouched(plugin)))
        .flatMap((plugin) =>
          (plugin.manifest.contributes?.[role] ?? []).map((contribution) => ({
            plugin: plugin.id,
            version: plugin.manifest.version,
            contribution: contribution as never,
          })),
        ),
    call: runtime.call,
  };
}
