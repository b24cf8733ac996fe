import type { Migration } from '../../../core/db/index.ts';
import { searchTables } from './0001-search.ts';
import { searchTokens } from './0002-tokens.ts';
import { searchMarks } from './0003-marks.ts';
import { searchEntities } from './0004-entities.ts';
import { searchSeen } from './0005-seen.ts';
import { searchParts } from './0006-parts.ts';
import { searchNames } from './0007-names.ts';

/** Every step of the tables of this feature, in the order in which they were made. */
export const searchMigrations: readonly Migration[] = [
  searchTables,
  searchTokens,
  searchMarks,
  searchEntities,
  searchSeen,
  searchParts,
  searchNames,
];
