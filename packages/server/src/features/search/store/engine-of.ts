import type { Database } from '../../../core/db/index.ts';
import type { SearchEngine } from './engine.ts';
import { createPostgresEngine } from './postgres.ts';
import { createSqliteEngine } from './sqlite.ts';

/** The engine of the database. */
export const engineOf = (db: Database): SearchEngine =>
  db.dialect === 'sqlite' ? createSqliteEngine(db) : createPostgresEngine(db);
