import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '@callboard/model';
import type {
  InstallPluginBody,
  PluginGrants,
  StagedPlugin,
  StagePluginBody,
  TestPluginResponse,
} from '@callboard/model/http';
import {
  allOf,
  compatibilityFaults,
  type createPackageFinder,
  narrow,
  newAsks,
  readPackage,
  schemaFaults,
} from '../../core/plugins/index.ts';
import { type ActivePlugin, unreadable } from './active.ts';
import { AppError } from '../../core/errors/index.ts';
import { featureErrors } from './errors.ts';
import { divide, restoreSecrets } from './hidden-values.ts';
import { markOf, placesOf } from './present.ts';
import type { Runtime } from './runtime.ts';
import type { Manifest, Store } from './store.ts';

export type Manager = ReturnType<typeof createManager>;

function assertConfiguration(manifest: Manifest, configuration: JsonObject): void {
  if (!manifest.configuration) return;
  // What was found may be a secret, and one that whoever reads this has never seen.
  const faults = schemaFaults(manifest.configuration, configuration, 'Correct the configuration.').map((fault) => ({
    ...fault,
    message: fault.message.replace(/, found .*$/s, ''),
  }));
  if (faults.length > 0)
    throw featureErrors.configurationInvalid(
      { id: manifest.id, count: faults.length, first: faults[0]!.message },
      { details: { faults } },
    );
}

/** Refuses grants beyond what is asked for, so that nobody believes to have given something. */
function assertGrants(manifest: Manifest, grants: PluginGrants): void {
  const most = allOf(manifest.asks);
  const foreign = [
    ...(grants.hosts ?? []).filter((host) => !most.hosts!.includes(host)).map((host) => `the host ${host}`),
    ...(grants.secrets ?? []).filter((name) => !most.secrets!.includes(name)).map((name) => `the secret ${name}`),
    ...(grants.catalog ?? []).filter((right) => !most.catalog!.includes(right)).map((right) => `catalog ${right}`),
    ...(grants.settings ?? []).filter((name) => !most.settings!.includes(name)).map((name) => `the setting ${name}`),
    ...(grants.store && !most.store ? ['the store'] : []),
    ...(grants.files && !most.files ? ['files'] : []),
  ];
  if (foreign.length > 0) throw featureErrors.grantsTooWide({ id: manifest.id, what: foreign.join(', ') });
}

/** Everything that changes plugins. A change is in the database first; every replica follows from there, this one at once. */
export function createManager(parts: {
  store: Store;
  runtime: Runtime;
  finder: ReturnType<typeof createPackageFinder>;
  settings: Record<string, JsonObject>;
}) {
  const { store, runtime, finder } = parts;
  const fresh = (plugin: ActivePlugin) =>
    plugin.firstParty ? { version: plugin.manifest.version, grants: allOf(plugin.manifest.asks) } : undefined;
  const change = async (
    plugin: ActivePlugin,
    verb: string,
    values: Parameters<Store['change']>[2],
    actor: string,
  ): Promise<void> => {
    await store.change(plugin.id, verb, values, { actor, now: Date.now(), fresh: fresh(plugin) });
    await runtime.reload();
  };
  const assertThirdParty = (plugin: ActivePlugin, what: string) => {
    if (plugin.firstParty) throw featureErrors.firstParty({ id: plugin.id, what });
  };

  /** A configuration from a form, with the secrets that it leaves as they are. */
  function meant(plugin: ActivePlugin, configuration: unknown, schema = plugin.manifest.configuration): JsonObject {
    const given = isJsonObject(configuration) ? configuration : {};
    const places = { ...placesOf(plugin), schema };
    const values = restoreSecrets(places, given, plugin.configuration, markOf(plugin));
    if (!values) throw featureErrors.configurationChanged({ id: plugin.id });
    return values;
  }
  /** What the file says already stays the file's business. */
  const beyondFile = (id: string, values: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(values).filter(([key, value]) => !isDeepStrictEqual(value, parts.settings[id]?.[key])),
    );

  async function stage(tarball: Uint8Array, origin: string): Promise<StagedPlugin> {
    const found = readPackage(tarball);
    const { manifest, sha256, size } = found;
    await store.stage({ sha256, manifest, size, origin }, tarball, Date.now());
    const installed = runtime.all().find((plugin) => plugin.id === manifest.id);
    return {
      sha256,
      size,
      origin,
      manifest,
      asks: manifest.asks ?? {},
      contributes: manifest.contributes ?? {},
      faults: found.faults,
      warnings: found.warnings,
      installed: installed?.manifest.version,
      newAsks: newAsks(manifest.asks, installed?.manifest.asks),
    };
  }

  return {
    stage,
    async stageFrom({ package: name, url }: StagePluginBody): Promise<StagedPlugin> {
      if ((name === undefined) === (url === undefined)) throw featureErrors.sourceMissing();
      const found = name === undefined ? await finder.byUrl(url!) : await finder.byName(name);
      return stage(found.tarball, found.origin);
    },

    async install(body: InstallPluginBody, actor: string): Promise<string> {
      const found = await store.packageOf(body.sha256);
      if (!found) throw featureErrors.notStaged({ sha256: body.sha256 });
      const { manifest } = found;
      const before = runtime.all().find((plugin) => plugin.id === manifest.id);
      if (before) assertThirdParty(before, 'replaced by another package');
      const [fault] = compatibilityFaults(manifest);
      if (fault) throw featureErrors.incompatible({ message: fault.message, fix: fault.fix });
      const same = (await store.versions(manifest.id)).find(({ version }) => version === manifest.version);
      if (same && same.sha256 !== found.sha256)
        throw featureErrors.versionTaken({ id: manifest.id, version: manifest.version });
      if (body.grants) assertGrants(manifest, body.grants);
      // Without a word an update gets what its predecessor had; a new plugin gets what it asks for.
      const grants = narrow(body.grants ?? before?.stored?.grants ?? allOf(manifest.asks), manifest.asks);
      const given = body.configuration as JsonObject | undefined;
      const { id, configuration: schema } = manifest;
      if (given === undefined && before?.stored?.isUnreadable) {
        const { message, fix } = unreadable;
        throw featureErrors.incompatible({ message, fix });
      }
      const configuration =
        given === undefined
          ? (before?.stored?.configuration ?? {})
          : before
            ? beyondFile(id, meant(before, given, schema))
            : given;
      assertConfiguration(manifest, { ...parts.settings[id], ...configuration });
      const values = divide({ schema, paths: before?.stored?.secretPaths }, configuration);
      const state = body.enable === false ? 'disabled' : 'enabled';
      await store.install(found, { state, grants, values, actor, now: Date.now() });
      await runtime.reload();
      return manifest.id;
    },

    async enable(id: string, actor: string): Promise<void> {
      const plugin = runtime.get(id);
      const [fault] = plugin.faults;
      if (fault) throw featureErrors.incompatible({ message: fault.message, fix: fault.fix });
      await change(plugin, 'enabled', { state: 'enabled', reason: null }, actor);
    },
    disable: (id: string, actor: string) =>
      change(runtime.get(id), 'disabled', { state: 'disabled', reason: null }, actor),

    async useVersion(id: string, version: string, actor: string): Promise<void> {
      const plugin = runtime.get(id);
      assertThirdParty(plugin, 'set to another version');
      const kept = (await store.versions(id)).find((entry) => entry.version === version);
      const found = kept && (await store.packageOf(kept.sha256));
      if (!found) throw featureErrors.versionNotFound({ id, version });
      const [fault] = compatibilityFaults(found.manifest);
      if (fault) throw featureErrors.incompatible({ message: fault.message, fix: fault.fix });
      const { stored } = plugin;
      const values = stored && {
        values: divide({ schema: found.manifest.configuration, paths: stored.secretPaths }, stored.configuration),
      };
      const isOpen = stored?.isUnreadable ? {} : values;
      await change(plugin, 'changed', { version, state: 'enabled', reason: null, ...isOpen }, actor);
    },

    async grant(id: string, grants: PluginGrants, actor: string): Promise<void> {
      const plugin = runtime.get(id);
      assertGrants(plugin.manifest, grants);
      await change(plugin, 'changed', { grants: narrow(grants, plugin.manifest.asks) }, actor);
    },

    async configure(id: string, configuration: unknown, actor: string): Promise<void> {
      const plugin = runtime.get(id);
      const values = meant(plugin, configuration);
      assertConfiguration(plugin.manifest, { ...parts.settings[id], ...values });
      await change(plugin, 'changed', { values: divide(placesOf(plugin), beyondFile(id, values)) }, actor);
    },

    /** Tests what a plugin is connected to, as it would be with a configuration that is not saved yet. */
    async test(id: string, configuration: unknown, options: { user: string; signal: AbortSignal }) {
      const plugin = runtime.get(id);
      const values = configuration === undefined ? plugin.configuration : meant(plugin, configuration);
      assertConfiguration(plugin.manifest, { ...parts.settings[id], ...values });
      const tests = plugin.manifest.contributes?.connections ?? [];
      const { version } = plugin.manifest;
      if (tests.length === 0)
        throw featureErrors.contributionNotFound({ plugin: id, version, what: 'test of its connections' });
      const input = { configuration: { ...parts.settings[id], ...values } };
      const found = await Promise.all(
        tests.map(async (test) => {
          try {
            return ((await runtime.call(id, `connections/${test.id}`, input, options)) as TestPluginResponse).items;
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
            return [{ title: test.title, state: 'bad' as const, message: error.message, fix: error.fix }];
          }
        }),
      );
      return { items: found.flat() };
    },

    async remove(id: string, actor: string): Promise<void> {
      assertThirdParty(runtime.get(id), 'removed');
      await store.remove(id, actor);
      await runtime.reload();
    },
  };
}
