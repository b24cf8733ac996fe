import type { Logger } from '../../../core/log/index.ts';
import type { Outbound } from '../../../core/outbound/index.ts';
import type { Principal } from '../principal.ts';
import type { Addresses } from './addresses.ts';
import type { SignInConfig } from './config.ts';
import type { Cookies } from './cookies.ts';
import type { Limits } from './limits.ts';
import type { PassingStore } from './store/passing.ts';
import type { SessionStore } from './store/sessions.ts';
import type { TokenStore } from './store/tokens.ts';
import type { UserStore } from './store/users.ts';

/** What sign-in asks of the catalog, which stands on it. */
export type Directory = {
  /** The groups of a person or group, and the groups that these belong to. */
  groupsOf(ref: string): Promise<string[]>;
  /** Those of the refs whose entities exist. */
  existing(refs: readonly string[]): Promise<string[]>;
  /** Refs of the User entities with this address in their profile. */
  usersByEmail(email: string): Promise<string[]>;
};

/** What plugins with the role signIn do. */
export type Providers = {
  /** Ids of the plugins that have a way to sign in, each with the name of that way. */
  known(): { plugin: string; name: string; form: 'redirect' | 'password' }[];
  call(plugin: string, target: string, input: unknown): Promise<unknown>;
};

/** What every part of sign-in works with. */
export type SignInContext = {
  config: SignInConfig;
  /** Address of the portal; undefined when nothing is configured */
  baseUrl?: string;
  users: UserStore;
  sessions: SessionStore;
  tokens: TokenStore;
  passing: PassingStore;
  limits: Limits;
  cookies: Cookies;
  addresses: Addresses;
  outbound: Outbound;
  log: Logger;
  directory(): Directory;
  providers(): Providers;
  /** Whether somebody has a permission now */
  may(principal: Principal, permission: string): boolean;
  now(): number;
};
