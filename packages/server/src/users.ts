/** Users and tokens on the database itself, for the command line: it works while nobody can sign in, too. */
import type { TokenItem, UserItem } from '@callboard/model/http';
import { loadConfig, type LoadOptions } from './core/config/index.ts';
import { openDatabase } from './core/db/index.ts';
import { createEvents } from './core/events/index.ts';
import { createLogger } from './core/log/index.ts';
import { everything } from './core/predicate/index.ts';
import {
  configuredPolicy,
  createPolicyKeeper,
  createUserTools,
  linkPath,
  shownToken,
  shownUser,
  signInConfig,
} from './features/access/index.ts';
import { catalogConfig, openCatalogReading } from './features/catalog/index.ts';
import { configSections } from './main.ts';

/** What the command line does; every function throws an AppError with its next step. */
export type UserDesk = {
  users(): Promise<UserItem[]>;
  /** @returns the link by which they choose a password */
  add(user: { name: string; title?: string; email?: string; administrator: boolean }): Promise<string>;
  /** Lifts locks. @returns a link for a new password */
  reset(name: string): Promise<string>;
  /** @param change.disabled - switches the account off or on */
  change(name: string, change: { disabled?: boolean; administrator?: boolean }): Promise<void>;
  remove(name: string): Promise<void>;
  tokens(): Promise<TokenItem[]>;
  /** @returns the token, shown this once */
  addToken(token: { subject: string; title: string; days?: number; grants: string[] }): Promise<string>;
  revokeToken(id: string): Promise<boolean>;
  close(): Promise<void>;
};

/** Opens the database that the configuration names: the data folder, while no portal runs on it, or PostgreSQL at any time. */
export async function openUserDesk(options: Omit<LoadOptions<typeof configSections>, 'sections'>): Promise<UserDesk> {
  const loaded = loadConfig({ ...options, sections: configSections });
  const config = loaded.values;
  const log = await createLogger({ level: 'silent', format: 'json' });
  const { url } = config.database;
  const db = await openDatabase(url ? { url, log } : { directory: config.data.directory, log });
  const policy = createPolicyKeeper(configuredPolicy(config.access, { ...config.access, placeOf: loaded.placeOf }));
  const close = async () => {
    policy.stop();
    await db.close();
  };
  const directory = await (async () => {
    await policy.prepare(db, log);
    const { groupsOf, usersByEmail, matching } = await openCatalogReading(
      { db, events: createEvents({ db, log }) },
      catalogConfig(config.catalog, config.integrations),
    );
    return { groupsOf, usersByEmail, existing: (refs: readonly string[]) => matching(refs, everything) };
  })().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const tools = createUserTools(db, {
    config: signInConfig(config.access, loaded.placeOf),
    may: () => true,
    policy,
    strangers: [],
    directory: () => directory,
  });
  const origin =
    config.app.baseUrl?.replace(/\/$/, '') ??
    `http://${/^(0\.0\.0\.0|::|127\..*)$/.test(config.server.host) ? 'localhost' : config.server.host}:${config.server.port}`;
  const linkOf = ({ code }: { code: string }) => `${origin}${linkPath('password', code)}`;
  const refOf = (name: string) =>
    (name.includes(':') ? name : `user:${name.includes('/') ? name : `default/${name}`}`).toLowerCase();
  return {
    async users() {
      const locked = await tools.limits.lockedNames();
      return (await tools.users.all()).map((user) => shownUser(user, locked));
    },
    add: async (user) => linkOf(await tools.actions.add(user)),
    reset: async (name) => linkOf(await tools.actions.reset(refOf(name))),
    change: async (name, change) => void (await tools.actions.change(refOf(name), change)),
    remove: (name) => tools.actions.remove(refOf(name)),
    tokens: async () => (await tools.tokens.list()).map(shownToken),
    async addToken(token) {
      const maker = {
        ref: 'external:command-line',
        title: 'Command line',
        kind: 'local-administrator' as const,
        groups: [],
        claims: [],
        via: { type: 'local' as const },
      };
      return (await tools.tokenActions.service(maker, token)).token;
    },
    revokeToken: (id) => tools.tokens.revoke(id),
    close,
  };
}
