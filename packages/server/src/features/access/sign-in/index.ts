/**
 * Who is here: ways to sign in, sessions, tokens, and the people that are known. What they may do is decided elsewhere; sign-in only says who
 * a request comes from, before its route runs.
 */
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../../core/db/index.ts';
import type { HttpServer } from '../../../core/http/index.ts';
import type { Logger } from '../../../core/log/index.ts';
import type { Outbound } from '../../../core/outbound/index.ts';
import { accessErrors } from '../errors.ts';
import { accessMigrations } from '../migrations/index.ts';
import type { PolicyKeeper } from '../policy/policy.ts';
import type { Principal } from '../principal.ts';
import { createWayIn, type WayIn } from '../way-in.ts';
import { createAddresses } from './addresses.ts';
import type { SignInConfig } from './config.ts';
import type { Directory, Providers, SignInContext } from './context.ts';
import { createCookies } from './cookies.ts';
import { createExternal } from './external.ts';
import { createIdentityTokens } from './identity-tokens.ts';
import { createJourneys, type Way } from './journeys.ts';
import { createLimits } from './limits.ts';
import { groupsOf } from './people.ts';
import { createPrincipals, guest } from './principals.ts';
import { createRecogniser, type Recognised } from './recognise.ts';
import { registerEnter } from './routes/enter.ts';
import { registerKeys } from './routes/keys.ts';
import { registerManage } from './routes/manage.ts';
import { registerOwn } from './routes/own.ts';
import { createPassingStore } from './store/passing.ts';
import { createSessionStore } from './store/sessions.ts';
import { createTokenStore } from './store/tokens.ts';
import { createUserStore } from './store/users.ts';
import { createTokenActions } from './token-actions.ts';
import { createUserActions } from './users.ts';

export type SignIn = {
  /** Who a request comes from. @throws AppError of the name AuthenticationError when nobody can be told */
  principalOf(request: FastifyRequest): Principal;
  /** Brings the tables up to date; call it before the portal listens. */
  prepare(): Promise<void>;
  useDirectory(directory: Directory): void;
  /** Gives the plugins, and holds the configured providers to them. @throws AppError ACCESS_PLUGIN_MISSING */
  useProviders(providers: Providers): void;
  /** The path of a link by which the first administrator is made; undefined when there is one, or nobody signs in. */
  firstAdministrator(): Promise<string | undefined>;
  /** Sees to it that somebody is left who may change the policy. */
  wayIn: WayIn;
  /** Drops sessions and links that are over. */
  prune(): Promise<void>;
};

export type SignInOptions = {
  core: { db: Database; http: HttpServer; log: Logger; outbound: Outbound };
  config: SignInConfig;
  /** `app.baseUrl` */
  baseUrl?: string;
  /** The portal listens on this machine only */
  isLocal: boolean;
  /** Whoever shows nothing, where nobody has to sign in */
  stranger: Principal | undefined;
  may(principal: Principal, permission: string): boolean;
  /** Who may do what */
  policy: Pick<PolicyKeeper, 'current'>;
  now?: () => number;
  /** How often streams are looked at; tests shorten it */
  streamCheckMs?: number;
};

/** The stores and actions about users and tokens, for the portal and for the command line. */
export function createUserTools(
  db: Database,
  {
    now = Date.now,
    policy,
    strangers,
    directory,
    ...settings
  }: Pick<SignInContext, 'config' | 'may' | 'directory'> & {
    policy: Pick<PolicyKeeper, 'current'>;
    strangers: readonly Principal[];
    now?: () => number;
  },
) {
  const users = createUserStore(db);
  const sessions = createSessionStore(db);
  const tokens = createTokenStore(db);
  const passing = createPassingStore(db);
  const limits = createLimits(passing, now);
  const wayIn = createWayIn({
    users,
    config: settings.config,
    policy,
    strangers,
    groupsOf: async (ref, claims) => (await groupsOf(directory(), ref, claims)).map((group) => group.ref),
  });
  const actions = createUserActions({ users, sessions, passing, limits, wayIn, now });
  const tokenActions = createTokenActions({ ...settings, tokens, now });
  return { users, sessions, tokens, passing, limits, now, wayIn, actions, tokenActions };
}

/** A one-time code stands behind the #: browsers do not send that part, so that it comes into no log. */
export const linkPath = (purpose: 'setup' | 'password', code: string): string => `/sign-in/${purpose}#${code}`;

/**
 * Puts sign-in together: recognises every request to the API and registers its routes.
 *
 * @throws AppError ACCESS_BASE_URL_MISSING when providers could not send people back
 */
export function createSignIn(options: SignInOptions): SignIn {
  const { core, config } = options;
  const baseUrl = options.baseUrl?.replace(/\/$/, '');
  if (config.providers.length > 0 && baseUrl === undefined && !options.isLocal) throw accessErrors.baseUrlMissing();
  let directory: Directory = {
    groupsOf: async () => [],
    existing: async () => [],
    usersByEmail: async () => [],
  };
  let providers: Providers = { known: () => [], call: () => Promise.reject(new Error('plugins are not there yet')) };
  const ways: Way[] = [];
  const { actions, tokenActions, wayIn, ...stores } = createUserTools(core.db, {
    config,
    policy: options.policy,
    strangers: [...(options.stranger ? [options.stranger] : []), ...(config.guest ? [guest] : [])],
    directory: () => directory,
    may: options.may,
    now: options.now,
  });
  const context: SignInContext = {
    ...stores,
    config,
    baseUrl,
    cookies: createCookies({ secure: baseUrl?.startsWith('https:') ?? false }),
    addresses: createAddresses(config.trustedProxies),
    outbound: core.outbound,
    log: core.log,
    directory: () => directory,
    providers: () => providers,
    may: options.may,
  };
  const principals = createPrincipals(context);
  const identityTokens = createIdentityTokens(context);
  const journeys = createJourneys(context, ways);
  const recognise = createRecogniser({
    context,
    principals,
    external: createExternal(context),
    identityTokens,
    stranger: options.stranger,
  });

  const recognised = new WeakMap<FastifyRequest, Recognised>();
  core.http.addHook('onRequest', async (request) => {
    if (request.routeOptions.config?.permission === undefined) return;
    const found = await recognise(request);
    recognised.set(request, found);
    const isStream = request.headers.accept?.includes('text/event-stream') ?? false;
    if (isStream && found.principal && found.principal.via.type !== 'local') watch(request);
  });
  /** A stream outlives the request that began it: it ends with the session or token that it began with. */
  function watch(request: FastifyRequest): void {
    const timer = setInterval(() => {
      recognise(request, { note: false }).then(
        ({ principal }) => principal ?? request.raw.destroy(),
        () => request.raw.destroy(),
      );
    }, options.streamCheckMs ?? 15_000);
    timer.unref();
    request.raw.socket.once('close', () => clearInterval(timer));
  }
  const principalOf = (request: FastifyRequest): Principal => {
    const { principal, refusal } = recognised.get(request) ?? {};
    if (principal) return principal;
    throw refusal ?? accessErrors.signInRequired({ signIn: `${baseUrl ?? ''}/sign-in` });
  };

  const originOf = (request: FastifyRequest) => baseUrl ?? `http://${request.headers.host}`;
  const linkOf = (code: string, request: FastifyRequest) => `${originOf(request)}${linkPath('password', code)}`;
  const isSignedIn = (request: object) => {
    const principal = recognised.get(request as FastifyRequest)?.principal;
    return principal !== undefined && principal.via.type !== 'local';
  };
  core.http.register(async (scope) => {
    const http = scope as unknown as HttpServer;
    registerEnter(http, { context, actions, journeys, isSignedIn });
    registerOwn(http, { context, actions, tokenActions, identityTokens, limits: stores.limits, principalOf });
    registerManage(http, { context, actions, tokenActions, limits: stores.limits, principalOf, linkOf });
    registerKeys(http, { identityTokens, principalOf, originOf });
  });

  return {
    principalOf,
    wayIn,
    prepare: async () => void (await core.db.migrate(accessMigrations)),
    useDirectory(given) {
      directory = given;
    },
    useProviders(given) {
      providers = given;
      ways.length = 0;
      for (const provider of config.providers) {
        const found = given.known().find(({ plugin }) => plugin === provider.plugin);
        if (!found) {
          const known = given.known().map(({ plugin }) => plugin);
          throw accessErrors.pluginMissing({ plugin: provider.plugin, known: known.join(', ') || 'none' });
        }
        ways.push({ provider, name: found.name, kind: found.form });
      }
    },
    async firstAdministrator() {
      if (!config.configured || !config.local) return undefined;
      const link = await actions.firstAdministrator();
      return link && linkPath('setup', link.code);
    },
    async prune() {
      const now = context.now();
      await context.sessions.prune(now, now - config.idleMs);
      await context.passing.prune(now);
    },
  };
}
