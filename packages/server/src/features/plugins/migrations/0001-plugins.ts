import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/**
 * Plugins in use, the versions kept of each, packages (looked at or installed) with their bytes as base64 in pieces, and the plugins' own
 * values. JSON is text.
 */
export const pluginsTables: Migration = {
  name: 'plugins/0001-plugins',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    for (const statement of [
      `create table plugins_plugin (id ${text} primary key, version ${text} not null, state ${text} not null, reason text, grants text not null, configuration text not null, installed_at ${integer} not null, updated_at ${integer} not null)`,
      `create table plugins_version (plugin_id ${text} not null, version ${text} not null, sha256 ${text} not null, origin text not null, installed_at ${integer} not null, primary key (plugin_id, version))`,
      `create table plugins_package (sha256 ${text} primary key, manifest text not null, size ${integer} not null, origin text not null, staged_at ${integer} not null)`,
      `create table plugins_chunk (sha256 ${text} not null, position ${integer} not null, data text not null, primary key (sha256, position))`,
      `create table plugins_value (plugin_id ${text} not null, key ${text} not null, value text not null, updated_at ${integer} not null, primary key (plugin_id, key))`,
    ])
      await sql.raw(statement).execute(tx);
  },
};
