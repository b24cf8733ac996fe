import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@callboard/model';
import type { PluginFault, PluginGrants } from '@callboard/model/http';
import { contractVersion } from '@callboard/plugin-api';
import {
  askDeclared,
  compatibilityFaults,
  createServices,
  createSupervisor,
  readPackage,
  startChild,
  startHere,
  startInstance,
  type Supervisor,
  targetsOf,
} from '../../core/plugins/index.ts';
import type { PluginsContext } from './context.ts';
import { featureErrors } from './errors.ts';
import { unpackTo } from './files.ts';
import type { Manifest, StoredPlugin } from './store.ts';

/** A plugin that came with the portal. */
export type FirstParty = {
  folder: string;
  manifest: Manifest;
  /** Off until an administrator turns it on */
  isOff?: boolean;
  load?: (entry: string) => Promise<{ default?: unknown }>;
};

export type ActiveState = StoredPlugin['state'] | 'incompatible';

/** A plugin as this replica knows and runs it. */
export type ActivePlugin = {
  id: string;
  manifest: Manifest;
  state: ActiveState;
  reason?: string;
  stored?: StoredPlugin;
  firstParty?: FirstParty;
  grants: PluginGrants;
  configuration: JsonObject;
  faults: PluginFault[];
  /** What it is made from: when this differs, it is made anew */
  signature: string;
  supervisor: Supervisor;
  /** Answers a declared view or source, without any code of the plugin */
  declared(target: string, input: unknown, signal?: AbortSignal): Promise<unknown> | undefined;
  /** The folder of its package, unpacked at the first need */
  folder(): Promise<string>;
};

const megabyte = 1024 * 1024;

export type ActiveParts = {
  manifest: Manifest;
  stored?: StoredPlugin;
  firstParty?: FirstParty;
  grants: PluginGrants;
  configuration: JsonObject;
  signature: string;
};

/** Contributions of which a plugin may say that their data are others now. */
const toldRoles = ['views', 'searchSources', 'sources', 'columns', 'checks', 'codeHosts'] as const;
const isTold = (role: string): role is (typeof toldRoles)[number] => (toldRoles as readonly string[]).includes(role);

/** Granted parts of the portal's configuration, by their name. */
const settingsOf = (context: PluginsContext, grants: PluginGrants): JsonObject =>
  Object.fromEntries((grants.settings ?? []).map((name) => [name, context.setting(name) ?? null]));

/** Why a plugin waits whose secrets were closed with another key. */
export const unreadable: PluginFault = {
  path: '/configuration',
  message: 'The secrets of its configuration cannot be read with the key of this replica',
  fix: 'Give all replicas the same `plugins.secretsKey`, or write the secrets again in Admin → Plugins.',
};

/** Makes a plugin ready to be called; nothing runs yet. */
export function activate(context: PluginsContext, parts: ActiveParts): ActivePlugin {
  const { manifest, stored, firstParty, grants, configuration } = parts;
  const { id, version } = manifest;
  const faults = [...compatibilityFaults(manifest), ...(stored?.isUnreadable ? [unreadable] : [])];
  const state: ActiveState =
    faults.length > 0 ? 'incompatible' : (stored?.state ?? (firstParty?.isOff ? 'disabled' : 'enabled'));
  let unpacked: Promise<string> | undefined;
  const folder = () => {
    if (firstParty) return Promise.resolve(firstParty.folder);
    unpacked ??= context.store
      .tarball(stored!.sha256!)
      .then((tarball) => unpackTo(context.directory, readPackage(tarball)))
      .catch((error: unknown) => {
        unpacked = undefined;
        throw error;
      });
    return unpacked;
  };

  const services = createServices({
    plugin: id,
    version,
    grants: () => grants,
    outbound: context.outbound,
    store: context.store.valuesOf(id),
    secret: (name) => context.config.secrets[id]?.[name],
    changed(contribution, urls) {
      const [role = '', name] = contribution.split('/');
      if (!isTold(role)) return false;
      if (!(manifest.contributes?.[role] as { id: string }[] | undefined)?.some((each) => each.id === name))
        return false;
      context.changed(id, contribution, urls);
      return true;
    },
    catalog: {
      get: async (refs) => (await context.catalog.describe(refs)).map(({ body }) => JSON.parse(body)),
      refs: context.catalog.refs,
      deployments: (signal) => context.deployments(id, signal),
    },
  });

  const supervisor = createSupervisor({
    plugin: id,
    version,
    timing: { idleMs: context.config.idleSeconds * 1000, ...context.timing },
    quarantine: (reason) => context.quarantine(id, version, reason),
    async start({ ended, log }) {
      if (manifest.server === undefined)
        throw featureErrors.contributionNotFound({ plugin: id, version, what: 'server part' });
      const home = await folder();
      const entryFile = join(home, manifest.server);
      const files = grants.files && !firstParty ? join(context.directory, id, `files-${version}`) : undefined;
      if (files) await mkdir(files, { recursive: true });
      return startInstance(
        (listener) =>
          firstParty
            ? startHere({ entryFile, load: firstParty.load }, listener)
            : startChild({ folder: home, entryFile, files, memoryMb: context.config.memoryMb }, listener),
        {
          plugin: id,
          version,
          contract: contractVersion,
          entryName: manifest.server,
          configuration,
          settings: settingsOf(context, grants),
          directory: files,
          services,
          targets: targetsOf(manifest),
          // Beside the objects there are buffers and Node itself.
          memoryBytes: (context.config.memoryMb * 2 + 64) * megabyte,
          timing: context.heart,
          log(level, text) {
            log(level, text);
            context.log[level === 'warning' ? 'warn' : level]({ plugin: id, version }, text);
          },
          ended(reason, crashed) {
            ended(reason, crashed);
            if (crashed) context.log.warn({ plugin: id, version, reason }, 'a plugin ended');
          },
        },
      );
    },
  });
  return {
    id,
    manifest,
    state,
    reason:
      faults[0]?.message ??
      stored?.reason ??
      (state === 'disabled' && !stored ? 'it came with the portal and waits to be enabled' : undefined),
    stored,
    firstParty,
    grants,
    configuration,
    faults,
    signature: parts.signature,
    supervisor,
    folder,
    declared(target, input, signal = new AbortController().signal) {
      const [role, name] = target.split('/');
      const entries =
        role === 'views' ? manifest.contributes?.views : role === 'sources' ? manifest.contributes?.sources : [];
      const from = entries?.find((entry) => entry.id === name)?.from;
      if (!from) return undefined;
      return askDeclared({ services, jq: context.jq, manifest, configuration, target }, from, input, signal).catch(
        (error: unknown) => {
          supervisor.log('warning', (error as Error).message);
          throw error;
        },
      );
    },
  };
}

/** Whether a plugin that came with the portal waits to be enabled. People may sign in by it meanwhile: the configuration says by which. */
export const isUntouched = ({ state, stored, firstParty }: ActivePlugin): boolean =>
  state === 'disabled' && firstParty !== undefined && stored === undefined;

/** Throws with the reason when a plugin may not be called now. */
export function assertEnabled(plugin: ActivePlugin, role?: string): void {
  if (plugin.state === 'enabled' || (role === 'signIn' && isUntouched(plugin))) return;
  const reason = plugin.reason ? `: ${plugin.reason}` : '';
  throw featureErrors.notEnabled({ plugin: plugin.id, version: plugin.manifest.version, state: plugin.state, reason });
}
