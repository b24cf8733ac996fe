import type { JsonValue } from '@callboard/model';
import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import type { Jq, SupervisorTiming } from '../../core/plugins/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import type { PluginsConfig } from './config.ts';
import type { Store } from './store.ts';

export type PluginsCore = {
  db: Database;
  events: Events;
  jobs: Jobs;
  outbound: Outbound;
  http: HttpServer;
  log: Logger;
};

/** Time limits that tests shorten. */
export type PluginsTiming = {
  timing?: Partial<SupervisorTiming>;
  heart?: { startMs?: number; heartbeatMs?: number; heartMs?: number };
  callMs?: Partial<Record<'views' | 'routes' | 'actions' | 'sources' | 'checks' | 'searchSources', number>>;
  /** First wait before background work that ended is begun again */
  taskBackoffMs?: number;
};

/** What every part of the feature works with. */
export type PluginsContext = PluginsTiming & {
  db: Database;
  store: Store;
  outbound: Outbound;
  log: Logger;
  config: PluginsConfig;
  catalog: CatalogReading;
  jq: Jq;
  /** Where packages are unpacked */
  directory: string;
  /** A plugin says that data of one of its contributions are others now. */
  changed(plugin: string, contribution: string, urls: string[]): void;
  /** What plugins other than this one know to run now. */
  deployments(asker: string, signal: AbortSignal): Promise<unknown[]>;
  /** A part of the portal's configuration by its name: `integrations.github` */
  setting(name: string): JsonValue | undefined;
  /** Records that a plugin was taken out of service. */
  quarantine(id: string, version: string, reason: string): void;
};
