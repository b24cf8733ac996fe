import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** Secrets of a configuration, closed, beside the rest of it. */
export const pluginSecrets: Migration = {
  name: 'plugins/0003-secrets',
  async up(tx) {
    await sql.raw('alter table plugins_plugin add column secrets text').execute(tx);
  },
};
