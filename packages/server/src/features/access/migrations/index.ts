import type { Migration } from '../../../core/db/index.ts';
import { signInTables } from './0001-sign-in.ts';

/** Every step of the tables of this feature, in the order in which they were made. */
export const accessMigrations: readonly Migration[] = [signInTables];
