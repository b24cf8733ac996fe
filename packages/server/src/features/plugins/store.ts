import type { JsonObject, JsonValue } from '@callboard/model';
import type { PluginGrants } from '@callboard/model/http';
import type { PluginManifest } from '@callboard/model/plugins';
import type { Database, Executor } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import { type PluginStore, storeLimits } from '../../core/plugins/index.ts';
import type { Seal } from '../../core/seal/index.ts';
import { type Divided, unite } from './hidden-values.ts';

type Tables = {
  plugins_plugin: {
    id: string;
    version: string;
    state: string;
    reason: string | null;
    grants: string;
    configuration: string;
    /** Secrets of the configuration by their place, closed; null when there are none */
    secrets: string | null;
    installed_at: number;
    updated_at: number;
  };
  plugins_version: { plugin_id: string; version: string; sha256: string; origin: string; installed_at: number };
  plugins_package: { sha256: string; manifest: string; size: number; origin: string; staged_at: number };
  plugins_chunk: { sha256: string; position: number; data: string };
  plugins_value: { plugin_id: string; key: string; value: string; updated_at: number };
};

export type StoredState = 'enabled' | 'disabled' | 'quarantined';
export type Manifest = PluginManifest & { version: string };

/** A plugin as the database has it; a first-party one has no package there. */
export type StoredPlugin = {
  id: string;
  version: string;
  state: StoredState;
  reason?: string;
  grants: PluginGrants;
  configuration: JsonObject;
  /** JSON pointers of what is kept as a secret in the configuration */
  secretPaths: string[];
  /** Its secrets were closed with another key than this replica has */
  isUnreadable: boolean;
  installedAt: number;
  updatedAt: number;
  sha256?: string;
  manifest?: Manifest;
};
export type StoredVersion = { version: string; sha256: string; size: number; origin: string; installedAt: number };
export type StoredPackage = { sha256: string; manifest: Manifest; size: number; origin: string };

/** Wakes every replica when something about plugins has changed. */
export const changed = 'plugins/changed';
const chunkBytes = 768 * 1024;
const stagedForMs = 86_400_000;

/** All SQL of this feature. */
export function createStore(db: Database, events: Events, seal: Seal) {
  const reader = () => db.reader<Tables>();
  const closed = (id: string, { open, secrets }: Divided) => ({
    configuration: JSON.stringify(open),
    secrets: Object.keys(secrets).length > 0 ? seal.close(JSON.stringify(secrets), id) : null,
  });
  const opened = (row: { id: string; configuration: string; secrets: string | null }) => {
    const open = JSON.parse(row.configuration) as JsonObject;
    let secrets: Divided['secrets'] = {};
    try {
      if (row.secrets !== null) secrets = JSON.parse(seal.open(row.secrets, row.id)) as Divided['secrets'];
    } catch {
      return { configuration: open, secretPaths: [], isUnreadable: true };
    }
    return { configuration: unite({ open, secrets }), secretPaths: Object.keys(secrets), isUnreadable: false };
  };
  const tell = async (tx: Executor, verb: string, id: string, actor: string | undefined, data: JsonObject) => {
    await events.append(tx, [{ type: `plugins.plugin.${verb}`, subject: `plugin:${id}`, data, actor }]);
    db.notify(tx, changed);
  };

  /** Stores a value unless there are too many keys; with `onlyNew`, unless there is one under the key. */
  function put(plugin: string, key: string, value: JsonValue): Promise<'stored' | 'full'>;
  function put(plugin: string, key: string, value: JsonValue, onlyNew: true): Promise<'stored' | 'full' | 'there'>;
  function put(plugin: string, key: string, value: JsonValue, onlyNew = false) {
    return db.transaction<Tables, 'stored' | 'full' | 'there'>(async (tx) => {
      const stored = { value: JSON.stringify(value), updated_at: Date.now() };
      const others = await tx
        .selectFrom('plugins_value')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('plugin_id', '=', plugin)
        .where('key', '!=', key)
        .executeTakeFirstOrThrow();
      if (Number(others.count) >= storeLimits.keys) return 'full';
      const done = await tx
        .insertInto('plugins_value')
        .values({ plugin_id: plugin, key, ...stored })
        .onConflict((conflict) =>
          onlyNew
            ? conflict.columns(['plugin_id', 'key']).doNothing()
            : conflict.columns(['plugin_id', 'key']).doUpdateSet(stored),
        )
        .returning('key')
        .executeTakeFirst();
      return done === undefined ? 'there' : 'stored';
    });
  }

  return {
    async plugins(): Promise<StoredPlugin[]> {
      const rows = await reader()
        .selectFrom('plugins_plugin as p')
        .leftJoin('plugins_version as v', (join) =>
          join.onRef('v.plugin_id', '=', 'p.id').onRef('v.version', '=', 'p.version'),
        )
        .leftJoin('plugins_package as k', 'k.sha256', 'v.sha256')
        .selectAll('p')
        .select(['k.sha256', 'k.manifest'])
        .orderBy('p.id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        version: row.version,
        state: row.state as StoredState,
        reason: row.reason ?? undefined,
        grants: JSON.parse(row.grants),
        ...opened(row),
        installedAt: Number(row.installed_at),
        updatedAt: Number(row.updated_at),
        sha256: row.sha256 ?? undefined,
        manifest: row.manifest === null ? undefined : JSON.parse(row.manifest),
      }));
    },

    async versions(id: string): Promise<StoredVersion[]> {
      const rows = await reader()
        .selectFrom('plugins_version as v')
        .innerJoin('plugins_package as k', 'k.sha256', 'v.sha256')
        .select(['v.version', 'v.sha256', 'k.size', 'v.origin', 'v.installed_at'])
        .where('v.plugin_id', '=', id)
        .orderBy('v.installed_at', 'desc')
        .execute();
      return rows.map((row) => ({ ...row, size: Number(row.size), installedAt: Number(row.installed_at) }));
    },

    async packageOf(sha256: string): Promise<StoredPackage | undefined> {
      const row = await reader()
        .selectFrom('plugins_package')
        .selectAll()
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      return row && { sha256, manifest: JSON.parse(row.manifest), size: Number(row.size), origin: row.origin };
    },

    async tarball(sha256: string): Promise<Buffer> {
      const rows = await reader()
        .selectFrom('plugins_chunk')
        .select('data')
        .where('sha256', '=', sha256)
        .orderBy('position')
        .execute();
      return Buffer.concat(rows.map((row) => Buffer.from(row.data, 'base64')));
    },

    /** Keeps a package that was looked at; what was never installed goes after a day. */
    async stage(found: StoredPackage, tarball: Uint8Array, now: number): Promise<void> {
      const bytes = Buffer.from(tarball.buffer, tarball.byteOffset, tarball.byteLength);
      await db.transaction<Tables>(async (tx) => {
        const old = await tx
          .selectFrom('plugins_package as k')
          .leftJoin('plugins_version as v', 'v.sha256', 'k.sha256')
          .select('k.sha256')
          .where('v.sha256', 'is', null)
          .where('k.staged_at', '<', now - stagedForMs)
          .execute();
        for (const { sha256 } of old) {
          await tx.deleteFrom('plugins_chunk').where('sha256', '=', sha256).execute();
          await tx.deleteFrom('plugins_package').where('sha256', '=', sha256).execute();
        }
        const made = await tx
          .insertInto('plugins_package')
          .values({
            sha256: found.sha256,
            manifest: JSON.stringify(found.manifest),
            size: found.size,
            origin: found.origin,
            staged_at: now,
          })
          .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ staged_at: now, origin: found.origin }))
          .execute()
          .then(() =>
            tx.selectFrom('plugins_chunk').select('position').where('sha256', '=', found.sha256).limit(1).execute(),
          );
        if (made.length > 0) return;
        for (let position = 0; position * chunkBytes < bytes.length; position += 1) {
          const data = bytes.subarray(position * chunkBytes, (position + 1) * chunkBytes).toString('base64');
          await tx.insertInto('plugins_chunk').values({ sha256: found.sha256, position, data }).execute();
        }
      });
    },

    /** Puts a staged package in use, keeping the versions before it. */
    install: (
      found: StoredPackage,
      row: { state: StoredState; grants: PluginGrants; values: Divided; actor?: string; now: number },
    ) =>
      db.transaction<Tables>(async (tx) => {
        const { id, version } = found.manifest;
        const now = row.now;
        const values = {
          version,
          state: row.state,
          reason: null,
          grants: JSON.stringify(row.grants),
          ...closed(id, row.values),
          updated_at: now,
        };
        await tx
          .insertInto('plugins_version')
          .values({ plugin_id: id, version, sha256: found.sha256, origin: found.origin, installed_at: now })
          .onConflict((conflict) => conflict.columns(['plugin_id', 'version']).doNothing())
          .execute();
        await tx
          .insertInto('plugins_plugin')
          .values({ id, installed_at: now, ...values })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
          .execute();
        await tell(tx, 'installed', id, row.actor, { version, sha256: found.sha256 });
      }),

    /** Changes a plugin in use; the row of a first-party plugin is made by its first change. */
    change: (
      id: string,
      verb: string,
      change: Partial<Pick<StoredPlugin, 'version' | 'state' | 'grants'>> & {
        reason?: string | null;
        values?: Divided;
      },
      parts: { actor?: string; now: number; fresh?: { version: string; grants: PluginGrants } },
    ) =>
      db.transaction<Tables>(async (tx) => {
        const { grants, values: given, ...rest } = change;
        const values = {
          ...rest,
          ...(grants && { grants: JSON.stringify(grants) }),
          ...(given && closed(id, given)),
          updated_at: parts.now,
        };
        if (parts.fresh)
          await tx
            .insertInto('plugins_plugin')
            .values({
              id,
              version: parts.fresh.version,
              state: 'enabled',
              reason: null,
              grants: JSON.stringify(parts.fresh.grants),
              configuration: '{}',
              installed_at: parts.now,
              updated_at: parts.now,
            })
            .onConflict((conflict) => conflict.column('id').doNothing())
            .execute();
        await tx.updateTable('plugins_plugin').set(values).where('id', '=', id).execute();
        await tell(tx, verb, id, parts.actor, change.version === undefined ? {} : { version: change.version });
      }),

    /** Closes secrets that stand open, as they did before there was a key. Nothing else changes, so nobody is told. */
    closeOld: (id: string, before: JsonObject, values: Divided) =>
      db.transaction<Tables>(async (tx) => {
        await tx
          .updateTable('plugins_plugin')
          .set(closed(id, values))
          .where('id', '=', id)
          // Somebody may be quicker.
          .where('configuration', '=', JSON.stringify(before))
          .where('secrets', 'is', null)
          .execute();
      }),

    /** Forgets a plugin, its versions, packages and values. */
    remove: (id: string, actor: string | undefined) =>
      db.transaction<Tables>(async (tx) => {
        const versions = await tx.selectFrom('plugins_version').select('sha256').where('plugin_id', '=', id).execute();
        for (const table of ['plugins_version', 'plugins_value'] as const)
          await tx.deleteFrom(table).where('plugin_id', '=', id).execute();
        await tx.deleteFrom('plugins_plugin').where('id', '=', id).execute();
        for (const { sha256 } of versions) {
          await tx.deleteFrom('plugins_chunk').where('sha256', '=', sha256).execute();
          await tx.deleteFrom('plugins_package').where('sha256', '=', sha256).execute();
        }
        await tell(tx, 'removed', id, actor, {});
      }),

    /** The values of one plugin; there is no way from here to another's. */
    valuesOf: (plugin: string): PluginStore => ({
      async get(key) {
        const row = await reader()
          .selectFrom('plugins_value')
          .select('value')
          .where('plugin_id', '=', plugin)
          .where('key', '=', key)
          .executeTakeFirst();
        return row === undefined ? null : (JSON.parse(row.value) as JsonValue);
      },
      set: (key, value) => put(plugin, key, value),
      add: async (key, value) => put(plugin, key, value, true),
      delete: (key) =>
        db.transaction<Tables, void>(async (tx) => {
          await tx.deleteFrom('plugins_value').where('plugin_id', '=', plugin).where('key', '=', key).execute();
        }),
      async list(prefix) {
        const rows = await reader()
          .selectFrom('plugins_value')
          .select('key')
          .where('plugin_id', '=', plugin)
          .where('key', '>=', prefix)
          .orderBy('key')
          .limit(storeLimits.keys)
          .execute();
        return rows.map((row) => row.key).filter((key) => key.startsWith(prefix));
      },
      async entries(prefix, after, limit) {
        const rows = await reader()
          .selectFrom('plugins_value')
          .select(['key', 'value'])
          .where('plugin_id', '=', plugin)
          .where('key', '>=', prefix)
          .where('key', '>', after)
          .orderBy('key')
          .limit(limit)
          .execute();
        return rows
          .filter(({ key }) => key.startsWith(prefix))
          .map(({ key, value }) => ({ key, value: JSON.parse(value) as JsonValue }));
      },
    }),
  };
}

export type Store = ReturnType<typeof createStore>;
