import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Contributions } from '@callboard/model/plugins';
import type { ActionResult, Notification, SourcePage } from '@callboard/plugin-api';
import { type CallFiles, mayCall, pluginErrors } from '../../core/plugins/index.ts';
import { type ActivePlugin, isUntouched } from './active.ts';
import type { Runtime } from './runtime.ts';

/** Entities of a plugin, in the form that the catalog takes. */
export type PluginSource = {
  target: string;
  everySeconds: number;
  mark: string;
  read(cursor: string | undefined, signal: AbortSignal): Promise<SourcePage>;
};

/** A step of templates that a plugin does, in the form that the scaffolder takes. */
export type PluginAction = {
  id: string;
  description: string;
  schema: { input: JsonObject; output?: JsonObject };
  supportsDryRun: boolean;
  /** Whether it gets the files of the run */
  workspace?: 'read' | 'write';
  /** outside effects, in words */
  plan?(input: JsonObject): string[];
  run(context: {
    input: JsonObject;
    signal: AbortSignal;
    isDryRun: boolean;
    user?: { ref?: string };
    /** The files of the run, as far as the plugin may have them */
    files?: CallFiles;
    log(message: string): void;
    output(name: string, value: JsonValue): void;
    /** Runs `work` once for a key, also over a restart; what it gave is kept. */
    checkpoint<T extends JsonValue>(key: string, work: () => Promise<T>): Promise<T>;
  }): Promise<void>;
};

type Contribution<Role extends keyof Contributions> = NonNullable<Contributions[Role]>[number];

/** Files of a run, pushed to granted hosts only. */
const held = ({ id, manifest, grants }: ActivePlugin, files: CallFiles): CallFiles => ({
  ...files,
  async push(options) {
    const remote = String(options['remote']);
    if (URL.canParse(remote) && !mayCall(grants, new URL(remote)))
      throw pluginErrors.notGranted({
        plugin: id,
        version: manifest.version,
        what: `the host ${new URL(remote).host}`,
      });
    return files.push(options);
  },
});

/** What plugins add, role by role, for the features that use it. Nothing is kept here: a plugin that goes is gone from the next answer. */
export function createRoles(runtime: Runtime) {
  const each = <Role extends keyof Contributions>(role: Role, plugins: readonly ActivePlugin[]) =>
    plugins.flatMap((plugin) =>
      (plugin.manifest.contributes?.[role] ?? []).map((contribution) => ({
        plugin,
        contribution: contribution as Contribution<Role>,
      })),
    );
  const touched = () => runtime.all().filter((plugin) => !isUntouched(plugin));
  const enabled = () => runtime.all().filter((plugin) => plugin.state === 'enabled');
  const who = ({ id, manifest }: ActivePlugin) => ({ plugin: id, version: manifest.version });

  return {
    /** Of every plugin that is installed, whatever its state: what is off for a while keeps its entities. What waits to be enabled has none. */
    sources: (): PluginSource[] =>
      each('sources', touched()).map(({ plugin, contribution: { id, everySeconds = 300 } }) => ({
        target: `${plugin.id}/${id}`,
        everySeconds,
        mark: plugin.signature,
        async read(cursor, signal) {
          if (!plugin.grants.catalog?.includes('write'))
            throw pluginErrors.notGranted({ ...who(plugin), what: 'the catalog to add entities' });
          const input = cursor === undefined ? {} : { cursor };
          return (await runtime.call(plugin.id, `sources/${id}`, input, { signal })) as SourcePage;
        },
      })),

    /** Likewise, as entities of a kind would be refused otherwise. */
    kinds: (): { from: string; kind: unknown }[] =>
      each(
        'kinds',
        runtime.all().filter(({ firstParty, stored }) => stored || !firstParty?.isOff),
      ).map(({ plugin, contribution }) => ({ from: plugin.id, kind: contribution })),

    actions: (): PluginAction[] =>
      each('actions', enabled()).map(({ plugin, contribution }) => {
        const { id, title, description, input, output, dryRun = false, workspace } = contribution;
        return {
          id,
          description: description ?? title,
          schema: {
            input: (input ?? { type: 'object' }) as JsonObject,
            ...(output && { output: output as JsonObject }),
          },
          supportsDryRun: dryRun,
          ...(workspace && { workspace }),
          ...(!dryRun && { plan: () => [`${title}, by the plugin ${plugin.manifest.title}`] }),
          async run(context) {
            // The same key after a restart, so that the plugin finds what it made before.
            const key = await context.checkpoint('plugin.key', async () => randomUUID());
            const answer = (await runtime.call(
              plugin.id,
              `actions/${id}`,
              { input: context.input, key, dryRun: context.isDryRun },
              { user: context.user?.ref, signal: context.signal, files: context.files && held(plugin, context.files) },
            )) as ActionResult;
            for (const effect of answer.effects ?? []) context.log(effect);
            for (const [name, value] of Object.entries(answer.output)) context.output(name, value);
          },
        };
      }),

    /** Brings a message to somebody by every notifier there is; what each of them says. */
    notify: (message: Notification): Promise<{ plugin: string; delivered: boolean; reason?: string }[]> =>
      Promise.all(
        each('notifiers', enabled()).map(async ({ plugin, contribution: { id } }) => {
          try {
            const said = await runtime.call(plugin.id, `notifiers/${id}`, message);
            return { plugin: plugin.id, ...(said as { delivered: boolean; reason?: string }) };
          } catch (error) {
            return { plugin: plugin.id, delivered: false, reason: (error as Error).message };
          }
        }),
      ),
  };
}

export type Roles = ReturnType<typeof createRoles>;
