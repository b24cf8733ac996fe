import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConfigFlags, type LoadedConfig, loadConfig } from './core/config/index.ts';
import { openDatabase } from './core/db/index.ts';
import { createEvents } from './core/events/index.ts';
import { createHttp, isLoopback, serveWebApp, startListening, stopListening } from './core/http/index.ts';
import { createJobs } from './core/jobs/index.ts';
import { createLogger, type Logger } from './core/log/index.ts';
import { collectGarbageLater } from './core/memory/index.ts';
import { createOutbound } from './core/outbound/index.ts';
import { everything } from './core/predicate/index.ts';
import { createAdmin } from './features/admin/index.ts';
import { apisConfig, apisSection, createApis } from './features/apis/index.ts';
import {
  auditRoutes,
  createAuditDelivery,
  configuredPolicy,
  createAccess,
  createAudit,
  createPolicyKeeper,
  guardRoutes,
  policySection,
  registerPolicies,
  createSignIn,
  signInConfig,
  signInSection,
} from './features/access/index.ts';
import {
  catalogConfig,
  catalogSection,
  type CatalogConfig,
  type CatalogSummary,
  createCatalog,
} from './features/catalog/index.ts';
import {
  createPlugins,
  firstPartyPlugins,
  hostFiles,
  pluginsConfig,
  pluginsSection,
} from './features/plugins/index.ts';
import { createPreferences } from './features/preferences/index.ts';
import { createScaffolder, scaffolderConfig, scaffolderSection, withFiles } from './features/scaffolder/index.ts';
import { createSearch, entitySource, operationSource } from './features/search/index.ts';
import { createTechdocs, techdocsConfig, techdocsSection } from './features/techdocs/index.ts';
import { locationFromArgument } from './start-targets.ts';

/** The sections of the configuration that features own. */
export const configSections = [
  { owner: 'access', schema: policySection },
  { owner: 'access', schema: signInSection },
  { owner: 'catalog', schema: catalogSection },
  { owner: 'apis', schema: apisSection },
  { owner: 'plugins', schema: pluginsSection },
  { owner: 'scaffolder', schema: scaffolderSection },
  { owner: 'techdocs', schema: techdocsSection },
] as const;

export type PortalOptions = {
  configFile?: string;
  flags: ConfigFlags;
  env: NodeJS.ProcessEnv;
  /** where log lines go instead of standard error */
  log?: Logger;
};

/** A portal that listens. */
export type Portal = {
  url: string;
  /** A link that works once: whoever opens it becomes the first administrator. Absent when there is one, or nobody signs in. */
  firstAdministrator?: string;
  config: LoadedConfig;
  dataDirectory: string;
  /** What is read: the configured locations, or the example company. */
  locations: { type: string; target: string }[];
  summary(): Promise<CatalogSummary>;
  /** Resolves when everything has been read once since the start. */
  firstReading(): Promise<void>;
  stop(): Promise<void>;
};

const root = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The portal's version, one for all packages. */
export async function portalVersion(): Promise<string> {
  return JSON.parse(await readFile(root('../package.json'), 'utf8')).version;
}

/** The folders beside this package in a checkout; `undefined` where only the package is installed. */
const checkoutFolder = (path: string) => {
  const folder = root(join('../../..', path));
  return existsSync(folder) ? folder : undefined;
};

/** What is read: the command line's targets, else the configuration's locations, else the example company. */
function locationsOf(loaded: LoadedConfig, catalog: CatalogConfig): CatalogConfig['locations'] {
  if (loaded.targets.length > 0) return loaded.targets.map(locationFromArgument);
  if (catalog.locations.length > 0 || !loaded.example) return catalog.locations;
  const example = checkoutFolder('examples/company');
  return example ? [{ type: 'file', target: example }] : [];
}

/**
 * Starts the portal: configuration, database, rooms, features, and then it listens. Sources are read while it already answers.
 *
 * @throws ConfigError or AppError when it cannot start; nothing is left open then
 */
export async function startPortal(options: PortalOptions): Promise<Portal> {
  const loaded = loadConfig({
    file: options.configFile,
    flags: options.flags,
    env: options.env,
    sections: configSections,
  });
  const config = loaded.values;
  const log = options.log ?? (await createLogger(config.log));
  const policy = createPolicyKeeper(configuredPolicy(config.access, { ...config.access, placeOf: loaded.placeOf }));
  const whoConfig = signInConfig(config.access, loaded.placeOf);
  const { host } = config.server;
  const access = createAccess({ host, open: config.access.open, signIn: whoConfig.configured, policy });
  const dataDirectory = config.data.directory;
  const closing: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };

  try {
    const db = await openDatabase(
      config.database.url ? { url: config.database.url, log } : { directory: dataDirectory, log },
    );
    closing.push(() => db.close());
    await policy.prepare(db, log);
    const audit = createAudit();
    await audit.prepare(db, log);
    closing.push(() => audit.stop());
    closing.push(async () => policy.stop());
    const events = createEvents({ db, log });
    const jobs = createJobs({ db, log });
    const outbound = createOutbound({ config, log });
    closing.push(() => outbound.close());
    const docs = techdocsConfig(config.techdocs);
    const shown = { frames: docs.frameHosts, images: docs.imageHosts };
    const http = await createHttp({ config, log, version: await portalVersion(), shown });
    closing.push(() => stopListening(http));
    guardRoutes(http, access);
    auditRoutes(http, audit, access.principalOf);
    const signIn = createSignIn({
      core: { db, http, log, outbound },
      config: whoConfig,
      baseUrl: config.app.baseUrl,
      isLocal: isLoopback(host),
      stranger: access.stranger,
      may: (principal, permission) => access.decide(principal, permission) === 'allow',
      policy,
    });
    await signIn.prepare();
    access.usePrincipals(signIn.principalOf);
    const delivery = createAuditDelivery({ db, jobs, outbound, log }, audit, config.access.auditSyslog);
    await delivery.start();
    registerPolicies(http, { access, policy, audit, delivery, db, wayIn: signIn.wayIn });
    http.addReadinessCheck('database', async () => {
      await db.reader().selectFrom('core_migration').select('name').limit(1).execute();
    });

    const settings = catalogConfig(config.catalog, config.integrations);
    const locations = locationsOf(loaded, settings);
    const catalog = createCatalog(
      { db, events, jobs, outbound, http, log },
      { access },
      { config: { ...settings, locations }, directory: loaded.directory, dataDirectory },
    );
    closing.push(() => catalog.stop());
    await catalog.prepare();
    const { groupsOf, matching, usersByEmail } = catalog.reading;
    access.useDirectory(catalog.reading);
    signIn.useDirectory({ groupsOf, usersByEmail, existing: (refs) => matching(refs, everything) });
    const plugins = createPlugins(
      { db, events, jobs, outbound, http, log },
      { access, catalog: catalog.reading },
      {
        config: pluginsConfig(config.plugins),
        directory: loaded.directory,
        dataDirectory,
        firstParty: await firstPartyPlugins(root('../../../plugins')),
        baseUrl: config.app.baseUrl,
        settingOf: loaded.settingOf,
      },
    );
    closing.push(() => plugins.stop());
    await plugins.prepare();
    access.usePermissions(() =>
      plugins.contributions('permissions').map(({ plugin, contribution }) => ({ plugin, ...contribution })),
    );
    const hostOf = hostFiles(plugins.codeHosts);
    catalog.useHosts(hostOf);
    const baseUrl = URL.canParse(config.app.baseUrl ?? '') ? [new URL(config.app.baseUrl!).host] : [];
    const scaffolder = createScaffolder(
      { db, events, jobs, outbound, http, log },
      { access, catalog: catalog.reading, made: catalog.made },
      {
        config: scaffolderConfig(config.scaffolder, { directory: loaded.directory, dataDirectory }),
        dataDirectory,
        ownHosts: [...baseUrl, `${config.server.host}:${config.server.port}`],
        actions: () => plugins.roles.actions().map(withFiles),
        hostOf,
      },
    );
    closing.push(() => scaffolder.stop());
    await scaffolder.prepare();
    const provide = async () => {
      const { sources, kinds } = plugins.roles;
      for (const { from, faults } of await catalog.provide({ sources: sources(), kinds: kinds() }))
        plugins.report(from, `A kind of it is refused: ${faults.map((fault) => fault.message).join('; ')}`);
    };
    await provide();
    plugins.onChange(() => {
      provide().catch((error: unknown) => log.error({ error }, 'the catalog could not take over what plugins provide'));
    });
    plugins.onFilesChange((urls) => {
      catalog
        .refreshAddresses(urls)
        .catch((error: unknown) => log.warn({ error, urls }, 'sources could not be asked for'));
    });
    plugins.onSourceChange((target) => {
      catalog
        .refreshProvided(target)
        .catch((error: unknown) => log.warn({ error, target }, 'a source could not be asked for'));
    });
    const search = createSearch({ db, events, jobs, http, log }, { access, catalog: catalog.reading });
    closing.push(() => search.stop());
    search.register(entitySource(catalog.reading));
    search.register(operationSource(catalog.reading, search.analyser, log));
    const techdocs = await createTechdocs(
      { db, events, jobs, http, outbound, log },
      { access, catalog: catalog.reading, files: catalog.files, problems: catalog.problems },
      { config: docs, directory: loaded.directory },
    );
    closing.push(() => techdocs.stop());
    await techdocs.prepare();
    search.register(techdocs.searchSource);
    search.register(plugins.searchSource);
    await search.prepare();
    await search.start();
    const apis = createApis({ http, outbound }, { access, catalog: catalog.texts }, apisConfig(config.apis));
    closing.push(() => apis.stop());
    signIn.useProviders({
      known: () =>
        plugins.contributions('signIn').map(({ plugin, contribution: { id, form } }) => ({ plugin, name: id, form })),
      call: plugins.call,
    });
    await createPreferences({ db, http }, { access }).prepare();
    createAdmin({ db, events, jobs, outbound, http }, { config: loaded, version: await portalVersion() });
    jobs.define<null>({
      name: 'access.prune-audit',
      cron: '29 3 * * *',
      run: async () => void (await audit.prune(config.access.auditDays)),
    });
    jobs.define<null>({ name: 'access.prune', cron: '41 * * * *', run: () => signIn.prune() });
    jobs.define<null>({ name: 'core.prune-events', cron: '17 3 * * *', run: () => events.prune() });

    await serveWebApp(http, root('../../web/dist'));
    const listening = await startListening(http, config.server);
    await jobs.start();
    closing.push(() => jobs.stop());
    await catalog.start();
    http.setReady(true);
    plugins.start();
    collectGarbageLater();
    const firstAdministrator = await signIn.firstAdministrator();
    return {
      url: listening.url,
      ...(firstAdministrator && {
        firstAdministrator: `${(config.app.baseUrl ?? listening.url).replace(/\/$/, '')}${firstAdministrator}`,
      }),
      config: loaded,
      dataDirectory,
      locations: locations.map(({ type, target }) => ({ type, target })),
      summary: () => catalog.summary(),
      firstReading: () => catalog.firstReading(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
