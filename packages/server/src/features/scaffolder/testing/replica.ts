import { createLogger } from '../../../core/log/index.ts';
import { loadConfig } from '../../../core/config/index.ts';
import { openDatabase } from '../../../core/db/index.ts';
import { createEvents } from '../../../core/events/index.ts';
import { createHttp, startListening, stopListening } from '../../../core/http/index.ts';
import { createJobs } from '../../../core/jobs/index.ts';
import { createOutbound } from '../../../core/outbound/index.ts';
import type { DatabasePlace } from '../../../testing/databases.ts';
import { createAccess } from '../../access/index.ts';
import { catalogConfig, createCatalog } from '../../catalog/index.ts';
import type { Action } from '../actions/action.ts';
import { scaffolderConfig } from '../config.ts';
import type { Timing } from '../runs/tools.ts';
import { createScaffolder } from '../scaffolder.ts';

export type ReplicaOptions = {
  place: DatabasePlace;
  /** what the catalog reads */
  folder: string;
  dataDirectory: string;
  actions?: Action[];
  timing?: Partial<Timing>;
  concurrency?: number;
  stepMs?: number;
};

/** One process of a portal as `main.ts` composes it, without what runs do not need, and with actions of its own. */
export async function startReplica(options: ReplicaOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const { place, folder, dataDirectory } = options;
  const log = await createLogger({ level: 'silent', format: 'json' });
  const config = loadConfig({ flags: { port: 0, data: dataDirectory, example: false }, env: {}, sections: [] }).values;
  const db = await openDatabase(place.url ? { url: place.url, log } : { directory: place.directory, log });
  const events = createEvents({ db, log });
  const jobs = createJobs({ db, log });
  const outbound = createOutbound({ config, log });
  const http = await createHttp({ config, log, version: '0' });
  const access = createAccess({ host: '127.0.0.1', open: false });
  const catalog = createCatalog(
    { db, events, jobs, outbound, http, log },
    { access },
    {
      config: { ...catalogConfig(undefined, undefined), locations: [{ type: 'file', target: folder }] },
      directory: folder,
      dataDirectory,
    },
  );
  await catalog.prepare();
  const settings = scaffolderConfig(undefined, { directory: folder, dataDirectory });
  const scaffolder = createScaffolder(
    { db, events, jobs, outbound, http, log },
    { access, catalog: catalog.reading, made: catalog.made },
    {
      config: {
        ...settings,
        concurrency: options.concurrency ?? 10,
        stepMs: options.stepMs ?? settings.stepMs,
        secretsKey: 'a key that all replicas have',
      },
      dataDirectory,
      ownHosts: [],
      actions: () => options.actions ?? [],
      timing: { retryMs: 5, ...options.timing },
    },
  );
  await scaffolder.prepare();
  const { url } = await startListening(http, config.server);
  await jobs.start();
  await catalog.start();
  http.setReady(true);
  return {
    url,
    async stop() {
      await jobs.stop();
      await stopListening(http);
      await scaffolder.stop();
      await catalog.stop();
      await outbound.close();
      await db.close();
    },
  };
}
