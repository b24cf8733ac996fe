import type { Problem } from '@callboard/model';
import type {
  AnalyzeLocationResponse,
  CreateLocationResponse,
  LocationInput,
  RegisteredLocation,
} from '@callboard/model/http';
import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import type { CatalogConfig } from './config.ts';
import type { Descriptors } from './descriptor/types.ts';
import type { KindRegistry } from './kinds.ts';
import type { DiskReach, FindHost, ProvidedSource } from './sources/types.ts';
import type { SourceRow } from './store/tables.ts';

/** What every part of the catalog works with. */
export type CatalogContext = {
  db: Database;
  events: Events;
  jobs: Jobs;
  outbound: Outbound;
  log: Logger;
  config: CatalogConfig;
  kinds: KindRegistry;
  /** where relative targets of configured locations start: the folder of the configuration file */
  directory: string;
  /** where the catalog may keep files of its own, such as clones */
  dataDirectory: string;
  /** sources that are not descriptors, by target */
  provided: Map<string, ProvidedSource>;
  /** states of sources that a full disk kept from being stored, by the source's id */
  unstored: Map<number, Partial<SourceRow>>;
  /** who saved a file here, by its location: known before the file is, as a watcher may be quicker than the event log */
  savers: Map<string, { actor: string; hash: string }>;
  /** Asks the code hosts that plugins serve; nobody is asked until somebody is given */
  hostOf: { find: FindHost };
  now: () => number;
};

/** What the routes may ask of the writing side of the catalog; the reading side they ask the store. */
export type CatalogActions = {
  /** Shows, checks and saves descriptor files. */
  descriptors: Descriptors;
  /** Registers what is to be read from now on; a dry run reads it, stores nothing and returns the entities. */
  registerLocation(
    input: LocationInput,
    options: { dryRun?: boolean; onConflict?: 'refresh' | 'reject'; actor: string; disk: DiskReach },
  ): Promise<CreateLocationResponse>;
  updateLocation(id: string, input: LocationInput, by: { actor: string; disk: DiskReach }): Promise<RegisteredLocation>;
  /** Forgets a registered location and the entities that only it brought. */
  deleteLocation(id: string, actor: string): Promise<void>;
  analyzeLocation(input: LocationInput, disk: DiskReach): Promise<AnalyzeLocationResponse>;
  /** Everything that is wrong with an entity that would stand at `location`; empty when it would be taken. */
  validateEntity(entity: unknown, location: string): Promise<Problem[]>;
  /** Reads the document of an entity again soon. */
  refreshEntity(ref: string): Promise<void>;
  /** Removes an entity; it comes back with the next reading if a descriptor still describes it. */
  deleteEntity(uid: string, actor: string): Promise<void>;
  refreshSource(id: number): Promise<void>;
  /** Lets a held source delete what it has lost. */
  confirmSource(id: number): Promise<void>;
};
