import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entity } from '@callboard/model';
import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import { createJq } from '../../core/plugins/index.ts';
import { createSeal, keyFrom, type Seal } from '../../core/seal/index.ts';
import type { Access } from '../access/index.ts';
import { type CatalogReading, type FindHost, ignoreMarker, type MadeLocations } from '../catalog/index.ts';
import type { Action, ActionServices, CatalogServices } from './actions/action.ts';
import { createActions } from './actions/registry.ts';
import type { ScaffolderConfig } from './config.ts';
import { scaffolderErrors } from './errors.ts';
import { resolveBelow } from './files/workspace.ts';
import { sourceOf } from './files/source-of.ts';
import { defineJobs } from './jobs.ts';
import { createRenderers } from './language/renderers.ts';
import { runTables } from './migrations/0001-runs.ts';
import { runWrites } from './migrations/0002-writes.ts';
import { createFieldOptions } from './options.ts';
import { registerAutocomplete } from './routes/autocomplete.ts';
import { registerTasks } from './routes/tasks.ts';
import { registerTemplates } from './routes/templates.ts';
import { registerTryOut } from './routes/try-out.ts';
import { createFollowers, watchCancellations } from './runs/follow.ts';
import type { Allowed } from './runs/state.ts';
import type { RunTools, Timing } from './runs/tools.ts';
import { createWorkspaces } from './runs/workspaces.ts';
import { createRunReader } from './store/read.ts';
import { createRunWriter } from './store/write.ts';
import { createTemplates } from './templates.ts';

export type Scaffolder = {
  /** Makes the tables; call it before the portal listens. */
  prepare(): Promise<void>;
  stop(): Promise<void>;
};

const timing: Timing = { retryMs: 1000, retries: 3, flushMs: 50 };
const commit = /^[0-9a-f]{40,64}$/;
const isRemote = (repository: string) => /^[a-z+]+:\/\//i.test(repository) || /^[^/\s]+@[^:/\s]+:/.test(repository);

/** What the catalog does for the actions of a run, for somebody who may see and do so much. */
function catalogFor(
  { catalog, made }: { catalog: CatalogReading; made: MadeLocations },
  allowed: Allowed,
  config: ScaffolderConfig,
): CatalogServices {
  const refuse = (target: string, reason: string) => scaffolderErrors.registrationNotAllowed({ target, reason });
  const assertTarget = (target: string) => {
    if (!allowed.mayRegister) throw refuse(target, 'whoever began the run may not register anything');
    const [, repository] = /^git:(.+?)\/blob\/[^/]+\/.+$/s.exec(target) ?? [];
    if (repository !== undefined) {
      // Of this machine only what publish:git made.
      if (!isRemote(repository)) resolveBelow(config.repositories, repository, 'the folder of repositories');
    } else if (!/^https?:\/\//.test(target))
      throw refuse(target, 'it is neither a http or https address nor a repository');
  };
  return {
    async entities(refs) {
      const visible = allowed.scope === undefined ? refs : await catalog.matching(refs, allowed.scope);
      const found = await catalog.describe(visible);
      const byRef = new Map(
        found.map(({ ref, body, relations }) => [
          ref,
          { ...(JSON.parse(body) as Entity), relations: relations.map(({ type, targetRef }) => ({ type, targetRef })) },
        ]),
      );
      return refs.map((ref) => byRef.get(ref));
    },
    async register(target, { optional, signal }) {
      assertTarget(target);
      try {
        return await made.register(target, { signal });
      } catch (error) {
        if (!optional || signal.aborted) throw error;
        return [];
      }
    },
    async unregister(target) {
      assertTarget(target);
      return made.unregister(target, 'scaffolder');
    },
  };
}

/**
 * Puts durable runs and their HTTP API together and registers the routes.
 *
 * @param options.dataDirectory - workspaces of runs lie below it
 * @param options.isShared - several replicas may use the database: files of runs are kept in it, too
 * @param options.ownHosts - hosts of this portal, with their ports: no template calls them
 * @param options.actions - more actions, of plugins; asked every time
 * @param options.timing - shorter waits, for tests
 */
export function createScaffolder(
  core: { db: Database; events: Events; jobs: Jobs; outbound: Outbound; http: HttpServer; log: Logger },
  features: {
    access: Pick<Access, 'principalOf' | 'scope' | 'decide' | 'assertMay' | 'seenAmong'>;
    catalog: CatalogReading;
    made: MadeLocations;
  },
  options: {
    config: ScaffolderConfig;
    dataDirectory: string;
    ownHosts: string[];
    actions?: () => readonly Action[];
    /** Code hosts that are read through their API */
    hostOf?: FindHost;
    timing?: Partial<Timing>;
  },
): Scaffolder {
  const { db, events, jobs, outbound, log } = core;
  const { config, ownHosts } = options;
  const folder = join(options.dataDirectory, 'scaffolder');
  const reader = createRunReader(db);
  const renderers = createRenderers();
  const jq = createJq();
  let seal: Seal | undefined;
  const opened = (): Seal => {
    if (!seal) throw new Error('the scaffolder is not prepared');
    return seal;
  };
  const services = (allowed: Allowed): ActionServices => ({
    renderers,
    outbound,
    hostOf: options.hostOf,
    catalog: catalogFor(features, allowed, config),
    repositories: config.repositories,
    author: config.author,
    ownHosts,
  });
  const runs: RunTools = {
    reader,
    writer: createRunWriter(db, events),
    seal: {
      close: (text, runId) => opened().close(text, runId),
      open(text, runId) {
        try {
          return opened().open(text, runId);
        } catch (cause) {
          throw scaffolderErrors.secretsUnreadable({ run: runId }, { cause });
        }
      },
    },
    actions: createActions(options.actions),
    renderers,
    workspaces: createWorkspaces({
      directory: join(folder, 'workspaces'),
      isShared: db.dialect === 'postgres',
      reader,
    }),
    environment: {
      parameters: config.environment.parameters as NonNullable<RunTools['environment']['parameters']>,
      secrets: config.environment.secrets,
    },
    limits: { runMs: config.runMs, stepMs: config.stepMs },
    timing: { ...timing, ...options.timing },
    services,
    source: (location, version, signal) =>
      sourceOf(location, {
        outbound,
        hostOf: options.hostOf,
        signal,
        ...(version !== null && commit.test(version) && { commit: version }),
        async cloneOf(repository) {
          const clone = isRemote(repository) ? features.made.cloneOf(repository) : repository;
          return existsSync(clone) ? clone : undefined;
        },
      }),
    running: new Map(),
  };
  const followers = createFollowers(db, reader);
  const stopWatching = watchCancellations(db, runs);
  defineJobs(jobs, { tools: runs, log, ...config });
  const templates = createTemplates(features.catalog);
  const fieldOptions = createFieldOptions({ catalog: features.catalog, renderers, outbound, jq, ownHosts });
  core.http.register(async (scope) => {
    const http = scope as unknown as HttpServer;
    const tools = {
      http,
      runs,
      jobs,
      templates,
      options: fieldOptions,
      followers,
      access: features.access,
      repositories: config.repositories,
    };
    registerTemplates(tools);
    registerTasks(tools);
    registerTryOut(tools);
    registerAutocomplete(tools);
  });

  return {
    async prepare() {
      await db.migrate([runTables, runWrites]);
      // Where the catalog reads the folder that the portal's data lie in, it must not take what runs make for descriptors.
      await mkdir(options.dataDirectory, { recursive: true });
      await writeFile(join(options.dataDirectory, ignoreMarker), '');
      seal = createSeal(config.secretsKey ?? (await keyFrom(join(folder, 'secrets.key'))), 'scaffolder');
    },
    async stop() {
      stopWatching();
      followers.close();
      await renderers.close();
      await jq.close();
    },
  };
}
