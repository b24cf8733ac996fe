import type { Kysely } from 'kysely';
import type { RelationPair } from '@callboard/model';
import type { CatalogContext } from '../context.ts';
import type { KeyDictionary } from './keys.ts';
import { createKeyDictionary } from './keys.ts';
import { createMemory } from './memory/state.ts';
import type { Memory } from './memory/state.ts';
import type { CatalogTables, SourceRow } from './tables.ts';
import type { VersionCache } from './version-cache.ts';
import { createVersionCache } from './version-cache.ts';
import { usualWays } from './ways.ts';
import type { Ways } from './ways.ts';

/** What every reading function of the store works with. */
export type Reading = {
  db: CatalogContext['db'];
  reader: Kysely<CatalogTables>;
  kinds: CatalogContext['kinds'];
  pairs: readonly RelationPair[];
  keys: KeyDictionary;
  cache: VersionCache;
  /** what is counted often */
  memory: Memory;
  /** when to find entities by which way */
  ways: Ways;
  /** what a full disk kept from being stored: shown in place of the rows */
  unstored: ReadonlyMap<number, Partial<SourceRow>>;
  /** grows with every change of the catalog */
  version(): Promise<number>;
  /** the same as an expression */
  newest: CatalogContext['events']['newest'];
};

/** Opens the reading side of the store. */
export function createReading({
  db,
  events,
  kinds,
  unstored = new Map(),
}: Pick<CatalogContext, 'db' | 'events' | 'kinds'> & Partial<Pick<CatalogContext, 'unstored'>>): Reading {
  return {
    db,
    kinds,
    reader: db.reader<CatalogTables>(),
    get pairs() {
      return kinds.pairs;
    },
    keys: createKeyDictionary(db),
    ways: usualWays,
    unstored,
    cache: createVersionCache({ entries: 500, maxAgeMs: 60_000 }),
    memory: createMemory(events),
    version: () => events.latest(),
    newest: events.newest,
  };
}
